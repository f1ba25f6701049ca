package main

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// tried is the last port that freeAddress tried, above firstPort.
var tried atomic.Int64

// freeAddress is one of this machine that nobody listens on, and that nobody is given who
// asks for any: those are above 32768 or 49152. Who listens there and lets it go would
// share it with the servers and clients of other tests.
func freeAddress() (string, error) {
	const firstPort, ports = 15000, 15000
	for range ports {
		next := int64(os.Getpid())*37 + tried.Add(1)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+next%ports))
		if err == nil {
			defer listener.Close()
			return listener.Addr().String(), nil
		}
	}
	return "", fmt.Errorf("none of the ports from %d is free", firstPort)
}

func freePort(t *testing.T) string {
	t.Helper()
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}
