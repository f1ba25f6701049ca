// Package natstest runs NATS servers with JetStream: in the process of a test, or as
// processes of their own, which can be killed.
package natstest

import (
	"fmt"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Servers are some that form a cluster, or one that is alone.
type Servers struct {
	t     testing.TB
	nodes []*server.Server
}

// Start starts one server, or several that form a cluster, and ends them with the test.
// Set changes the options of each; it may be nil.
func Start(t testing.TB, n int, set func(*server.Options)) *Servers {
	t.Helper()
	s := &Servers{t: t}
	var routes []int
	if n > 1 {
		var err error
		if routes, err = ports(n); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, ServerName: fmt.Sprintf("node-%d", i+1), JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
		if n > 1 {
			inCluster(o, routes[i], routes)
		}
		if set != nil {
			set(o)
		}
		node, err := server.NewServer(o)
		if err != nil {
			t.Fatal(err)
		}
		go node.Start()
		t.Cleanup(func() { node.Shutdown(); node.WaitForShutdown() })
		s.nodes = append(s.nodes, node)
	}
	s.ready()
	return s
}

// ready waits until all servers take connections and one leads.
func (s *Servers) ready() {
	s.t.Helper()
	deadline := time.Now().Add(3 * time.Minute) // on a machine that has other things to do
	for tick := time.Tick(5 * time.Millisecond); ; <-tick {
		up := !slices.ContainsFunc(s.nodes, func(n *server.Server) bool {
			return !n.ReadyForConnections(time.Second) || len(s.nodes) > 1 && len(n.JetStreamClusterPeers()) < len(s.nodes) && n.JetStreamIsLeader()
		})
		if up && (len(s.nodes) == 1 || slices.ContainsFunc(s.nodes, (*server.Server).JetStreamIsLeader)) {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("the NATS servers do not form a cluster")
		}
	}
}

// URLs are the addresses of all servers.
func (s *Servers) URLs() []string {
	var all []string
	for _, node := range s.nodes {
		all = append(all, node.ClientURL())
	}
	return all
}

// Stop stops one server, counted from 0.
func (s *Servers) Stop(i int) {
	s.nodes[i].Shutdown()
	s.nodes[i].WaitForShutdown()
}

// Leader is the place of the server that leads a stream, -1: none does.
func (s *Servers) Leader(stream string) int {
	return slices.IndexFunc(s.nodes, func(n *server.Server) bool { return n.JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, stream) })
}

// tried is the last port that ports tried, above firstPort.
var tried atomic.Int64

// ports are some that nobody listens on, and that nobody is given who asks for any: those
// are above 32768. A server that ends lets its ports go, and nobody else shall have them.
func ports(n int) (all []int, err error) {
	const firstPort, number = 10_000, 5_000
	for range number {
		port := int(firstPort + (int64(os.Getpid())*37+tried.Add(1))%number)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		if all = append(all, port); len(all) == n {
			return all, nil
		}
	}
	return nil, fmt.Errorf("of the ports from %d not %d are free", firstPort, n)
}
