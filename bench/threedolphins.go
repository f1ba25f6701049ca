package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/mockserver/threedolphins"
)

// outgoing is a third party's reply to a customer, in the ticket of the samples.
var outgoing = &workload{
	name: "outgoing", title: "one Outgoing Event", aim: 1.7, vendor: "3dolphins", payload: "operations/outgoing",
	route:  "/dolphin/apiv1/integration/outgoing",
	target: "/dolphin/apiv1/integration/outgoing",
	text: `{"ticketNumber":"` + threedolphins.KnownTicket + `","channel":"whatsapp","messageType":"text",` +
		`"message":"Halo, ada yang bisa dibantu? %09d","mediaLink":"","customerName":"Contoh Pelanggan",` +
		`"owner":"` + threedolphins.KnownOwner + `","createdDate":"2021-04-28T15:39:37.945"}`,
}

// Where a ticket is read.
const (
	tokenPath   = "/dolphin/apiv1/graph/auth"
	ticketRoute = "/dolphin/apiv1/graph/tickets/{ticketNumber}"
	ticketPath  = "/dolphin/apiv1/graph/tickets/" + threedolphins.KnownTicket
)

// fixedTicket is the floor of a ticket read: so many bytes as the query says, made before.
func fixedTicket(w http.ResponseWriter, r *http.Request) {
	size, _ := strconv.Atoi(r.URL.RawQuery)
	w.Header().Set("Content-Type", "application/json")
	w.Write(blank()[:min(max(0, size), maxTicket)])
}

// maxTicket is more than a ticket has.
const maxTicket = 64 << 10

var blank = sync.OnceValue(func() []byte { return bytes.Repeat([]byte(" "), maxTicket) })

// sampleTicket is loaded when it is first needed: the floor starts without a contract.
var sampleTicket = sync.OnceValue(func() []byte {
	contract, err := outgoing.contract()
	if err != nil {
		panic(err) // Parley ships it
	}
	sample, _ := contract.Payloads["answers/ticket"].Sample("getTicket")
	return sample.Body
})

// ticketRead lets floor and mock take turns at the read of one ticket.
func ticketRead(ctx context.Context, binary, self string, length time.Duration, rounds int) error {
	floor, ours, stop, err := side(ctx, binary, self, outgoing.serve)
	if err != nil {
		return err
	}
	defer stop()
	token, err := tokenOf(ours.addr)
	if err != nil {
		return err
	}
	ask := func(p *process, query string) []byte {
		return fmt.Appendf(nil, "GET %s%s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", ticketPath, query, p.addr, token)
	}
	// Both answer with as many bytes: one that is a little longer takes net/http, which
	// buffers 4 KiB, two writes instead of one, a sixth of the time.
	_, size, err := reads(ctx, ours.addr, ask(ours, ""), http.StatusOK, 100*time.Millisecond)
	if err != nil {
		return err
	}
	requests := [][]byte{ask(floor, fmt.Sprintf("?%d", size)), ask(ours, "")}
	var rates, costs [2][]float64
	var sizes [2]int64
	for range rounds {
		for i, p := range []*process{floor, ours} {
			cpu, began := p.cpu(), time.Now()
			n, size, err := reads(ctx, p.addr, requests[i], http.StatusOK, length)
			if err != nil {
				return err
			}
			sizes[i] = size
			rates[i] = append(rates[i], float64(n)/time.Since(began).Seconds())
			costs[i] = append(costs[i], float64((p.cpu()-cpu).Microseconds())/float64(n))
		}
	}
	for i, name := range []string{"floor (gorilla/mux, fixed answer)", "parley serve (routed, authorised, shown, journalled)"} {
		fmt.Printf("  %7.0f requests/s  %5.1f µs CPU each  %5d bytes   %s\n", median(rates[i]), median(costs[i]), sizes[i], name)
	}
	fmt.Printf("  ratio %.2f of the floor's throughput; %.2f times its CPU (aim 1.60)\n", median(rates[1])/median(rates[0]), median(costs[1])/median(costs[0]))
	return nil
}

func tokenOf(addr string) (string, error) {
	response, err := http.Post("http://"+addr+tokenPath, "application/json", strings.NewReader(`{"username":"`+threedolphins.Username+`","password":"`+threedolphins.Password+`"}`))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct{ Token string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Token == "" {
		return "", fmt.Errorf("%s gives no token: %s, %w", addr, response.Status, err)
	}
	return answer.Token, nil
}

// reads keeps 8 connections busy with one request, and returns how many were
// answered with a status, and how long an answer's body is.
func reads(ctx context.Context, addr string, request []byte, status int, length time.Duration) (done, size int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	const connections = 8
	var count, bytes atomic.Int64
	err = together(connections, func(int) error {
		return busy(ctx, addr, func(connection net.Conn, reader *bufio.Reader) error {
			n, err := readOnce(connection, reader, request, status)
			if err == nil {
				bytes.Store(n)
				count.Add(1)
			}
			return err
		})
	})
	return count.Load(), bytes.Load(), err
}

// readOnce sends the request and returns the length of the answer's body.
func readOnce(connection net.Conn, reader *bufio.Reader, request []byte, status int) (int64, error) {
	if _, err := connection.Write(request); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, response.Body)
	if response.StatusCode != status {
		return n, fmt.Errorf("%s answered %s", connection.RemoteAddr(), response.Status)
	}
	return n, err
}
