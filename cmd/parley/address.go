package main

import (
	"fmt"
	"net"
	"strings"
)

func listen(addr string) (net.Listener, error) { return listenAs("--addr", addr) }

// listenAs listens on the address that a flag has given.
func listenAs(flag, addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, environment("cannot listen on %s: %w; choose another address with %s, for example %s=127.0.0.1:0", addr, err, flag, flag)
	}
	return listener, nil
}

func loopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// baseURL is how partners on this machine reach the listener. A listener on all
// addresses is named by the loopback one; --base-url says better.
func baseURL(chosen string, addr net.Addr) string {
	if chosen != "" {
		return strings.TrimRight(chosen, "/")
	}
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + addr.String()
}
