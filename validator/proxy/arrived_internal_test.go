package proxy

import (
	"net"
	"testing"
)

// While only what has arrived is read, the server still watches whether the caller goes away.
func TestIncomingIsWatched(t *testing.T) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	caller, err := net.Dial("tcp", plain.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer caller.Close()
	accepted, err := Listener(plain).Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	c, ok := accepted.(*incoming)
	if !ok {
		t.Fatalf("the listener made a %T", accepted)
	}
	c.arrived.Store(true)
	if n, err := c.Read(make([]byte, 2)); n != 0 || err != nil {
		t.Errorf("read %d bytes that have not arrived: %v", n, err)
	}
	if _, err := caller.Write([]byte("ab")); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("watching read %d bytes: %v", n, err)
	}
	c.arrived.Store(false)
	if n, err := c.Read(make([]byte, 2)); n != 1 || err != nil {
		t.Errorf("afterwards %d bytes were read: %v", n, err)
	}
}
