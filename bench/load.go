package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// load keeps the connections busy for a while and returns how many requests were
// answered with 200. Any other answer is an error: it would be no measurement.
func load(ctx context.Context, w *workload, addr string, connections int, length time.Duration) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var done atomic.Int64
	err := together(connections, func(int) error { return client(ctx, w, addr, &done) })
	return done.Load(), err
}

// together does something so many times at once, and returns the first error that came.
func together(times int, do func(i int) error) error {
	var group sync.WaitGroup
	failures := make(chan error, times)
	for i := range times {
		group.Go(func() {
			if err := do(i); err != nil {
				failures <- err
			}
		})
	}
	group.Wait()
	close(failures)
	return <-failures
}

// client keeps one connection busy, and counts what is done.
func client(ctx context.Context, w *workload, addr string, done *atomic.Int64) error {
	return busy(ctx, addr, func(connection net.Conn, reader *bufio.Reader) error {
		err := ask(w, connection, reader, addr)
		if err == nil {
			done.Add(1)
		}
		return err
	})
}

// busy does something on one connection, again and again until the time is over.
func busy(ctx context.Context, addr string, once func(connection net.Conn, reader *bufio.Reader) error) error {
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for ctx.Err() == nil {
		if err := once(connection, reader); err != nil {
			return err
		}
	}
	return nil
}

// ask sends one request and reads the answer.
func ask(w *workload, connection net.Conn, reader *bufio.Reader, addr string) error {
	if _, err := connection.Write(w.request(nil, addr, "")); err != nil {
		return err
	}
	return answered(reader, addr)
}

// answered reads one answer.
func answered(reader *bufio.Reader, addr string) error {
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		return err
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", addr, response.Status)
	}
	return nil
}
