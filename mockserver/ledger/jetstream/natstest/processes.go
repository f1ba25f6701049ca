package natstest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// asServer is in the environment of a process that is a server, with what a node needs.
const asServer = "PARLEY_NATS_NODE"

// node is a server in a process of its own.
type node struct {
	Name, Folder             string
	Client, Cluster, Monitor int // ports
	Routes                   []int
	URL                      string
	command                  *exec.Cmd
	leave                    io.Closer // the process ends when this is closed, also by the end of the one that began it
}

// Main is called first by a program that uses Run. In a process that is to be a server it
// serves, and does not return.
func Main() {
	text := os.Getenv(asServer)
	if text == "" {
		return
	}
	var n node
	err := json.Unmarshal([]byte(text), &n)
	if err == nil {
		err = n.serve()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the NATS server:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (n node) options() *server.Options {
	o := &server.Options{Host: "127.0.0.1", Port: n.Client, HTTPHost: "127.0.0.1", HTTPPort: n.Monitor, ServerName: n.Name, JetStream: true, StoreDir: n.Folder, NoSigs: true, NoLog: true}
	inCluster(o, n.Cluster, n.Routes)
	return o
}

func (n node) serve() error {
	s, err := server.NewServer(n.options())
	if err != nil {
		return err
	}
	go s.Start()
	io.Copy(io.Discard, os.Stdin)
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// Processes are servers in processes of their own, which can be lost without a word.
type Processes struct{ nodes []*node }

// Run starts one server, or several that form a cluster, each as another process of this
// program, which calls Main. Their data is in a folder.
func Run(ctx context.Context, n int, folder string) (*Processes, error) {
	free, err := ports(3 * n)
	if err != nil {
		return nil, err
	}
	p := &Processes{}
	for i := range n {
		one := &node{Name: fmt.Sprintf("node-%d", i+1), Folder: fmt.Sprintf("%s/node-%d", folder, i+1), Client: free[3*i], Cluster: free[3*i+1], Monitor: free[3*i+2]}
		one.URL = fmt.Sprintf("nats://127.0.0.1:%d", one.Client)
		p.nodes = append(p.nodes, one)
	}
	if n > 1 {
		for _, one := range p.nodes {
			for _, other := range p.nodes {
				one.Routes = append(one.Routes, other.Cluster)
			}
		}
	}
	for i := range p.nodes {
		if err := p.begin(i); err != nil {
			p.End()
			return nil, err
		}
	}
	for i := range p.nodes {
		if err := p.Ready(ctx, i); err != nil {
			p.End()
			return nil, err
		}
	}
	return p, nil
}

func (p *Processes) begin(i int) error {
	n := p.nodes[i]
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	n.command = exec.Command(self)
	n.command.Env = append(os.Environ(), asServer+"="+string(text))
	n.command.Stderr = os.Stderr
	if n.leave, err = n.command.StdinPipe(); err != nil {
		return err
	}
	return n.command.Start()
}

// Again starts a server that was killed, on the data that it had, and returns when it has
// caught up with the others.
func (p *Processes) Again(ctx context.Context, i int) error {
	if err := p.begin(i); err != nil {
		return err
	}
	return p.Ready(ctx, i)
}

// Ready waits until a server knows who leads, and has what the others have.
func (p *Processes) Ready(ctx context.Context, i int) error {
	for tick := time.Tick(5 * time.Millisecond); ; {
		answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/healthz", p.nodes[i].Monitor))
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-tick:
		case <-ctx.Done():
			return fmt.Errorf("%s does not become ready: %w", p.nodes[i].Name, ctx.Err())
		}
	}
}

// Kill ends a server without a word, counted from 0.
func (p *Processes) Kill(i int) {
	n := p.nodes[i]
	n.command.Process.Kill()
	n.command.Wait() // its error says that it was killed
	n.leave.Close()
	n.command = nil
}

// End ends all servers.
func (p *Processes) End() {
	for i, n := range p.nodes {
		if n.command != nil {
			p.Kill(i)
		}
	}
}

// URLs are the addresses of all servers.
func (p *Processes) URLs() []string {
	var all []string
	for _, n := range p.nodes {
		all = append(all, n.URL)
	}
	return all
}

// PIDs are the numbers of the processes that run.
func (p *Processes) PIDs() []int {
	var all []int
	for _, n := range p.nodes {
		if n.command != nil {
			all = append(all, n.command.Process.Pid)
		}
	}
	return all
}

// Leader is the place of the server that leads a stream, -1: none does.
func (p *Processes) Leader(stream string) int {
	for _, n := range p.nodes {
		answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/jsz?streams=true", n.Monitor))
		if err != nil {
			continue
		}
		var says server.JSInfo
		err = json.NewDecoder(answer.Body).Decode(&says)
		answer.Body.Close()
		if err != nil {
			continue
		}
		for _, account := range says.AccountDetails {
			for _, s := range account.Streams {
				if s.Name == stream && s.Cluster != nil && s.Cluster.Leader != "" {
					return slices.IndexFunc(p.nodes, func(n *node) bool { return n.Name == s.Cluster.Leader })
				}
			}
		}
	}
	return -1
}

// inCluster lets a server have routes to all ports: a first node without routes opens no
// port for the others.
func inCluster(o *server.Options, port int, routes []int) {
	if len(routes) == 0 {
		return
	}
	o.Cluster = server.ClusterOpts{Name: "parley", Host: "127.0.0.1", Port: port}
	for _, route := range routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", route)})
	}
}
