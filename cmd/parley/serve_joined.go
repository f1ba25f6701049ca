package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/parleykit/parley/cluster"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/metrics"
	"github.com/parleykit/parley/traffic/redaction"
)

// How long a replica may take to find its place, also where a NATS server was just lost, and
// to hand over what it has.
const (
	joining = 30 * time.Second
	leaving = 15 * time.Second
)

// joined is what makes a mock one of several replicas; nil: it is alone.
type joined struct {
	place   *cluster.Place
	replica *cluster.Replica
	options cluster.Options
	started atomic.Bool
	begun   chan struct{} // has one when the replica took up the default sandbox
	end     func()        // what it does by itself
}

// join takes the place of --cluster; nil without it.
func (f serveFlags) join(ctx context.Context, addr net.Addr, redact *redaction.Redactor, stderr io.Writer) (*joined, error) {
	if f.cluster == "" {
		return nil, nil
	}
	servers, err := f.natsServers(redact)
	if err != nil {
		return nil, err
	}
	j := &joined{begun: make(chan struct{}, 1), options: cluster.Options{ID: replicaID(), Failed: func(err error) { visible.Fprintf(stderr, "parley: --cluster: %v\n", redact.Text(err.Error())) }}}
	if j.options.URL, err = f.advertised(addr); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, joining)
	defer cancel()
	j.place, err = cluster.Connect(ctx, cluster.PlaceOptions{
		Servers: servers, Cluster: f.nameOfCluster(), Secret: f.controlToken, Seed: f.seed, ID: j.options.ID, Durability: ledger.Durability(f.durability), Age: f.clusterAge, Bytes: f.clusterBytes,
	})
	if err != nil {
		return nil, environment("--cluster: %s", redact.Text(err.Error()))
	}
	j.options.Bucket, j.options.Secret = j.place.Bucket, j.place.Secret
	return j, nil
}

// replicaID is unlike that of every other replica, and says where it runs.
func replicaID() string {
	host, _ := os.Hostname()
	return cmp.Or(host, "replica") + "-" + newToken()[:8]
}

// shares lets a mock that is not made yet be a replica's.
func (j *joined) shares(o *mockserver.Options) {
	if j == nil {
		return
	}
	o.Ledger, o.Shared = j.place.Ledger, true
	o.Ready = func() error {
		if !j.started.Load() {
			return errors.New("the replica is joining its cluster")
		}
		return j.replica.Ready()
	}
}

// counted shows how a replica fares among the metrics of its mock.
func (j *joined) counted(m *metrics.Metrics) {
	if j == nil {
		return
	}
	ledgerLag(m, j.place.Ledger.Waiting)
	owned := func() (now int, taken uint64) {
		if !j.started.Load() {
			return 0, 0
		}
		return j.replica.Owned()
	}
	m.Gauge("parley_replica_sandboxes", "Sandboxes that this replica owns.", func() float64 { now, _ := owned(); return float64(now) })
	m.Counter("parley_replica_taken_total", "Sandboxes that this replica took: new ones, and those that another one had.", func() float64 { _, taken := owned(); return float64(taken) })
}

// ledgerLag shows how far a ledger is behind.
func ledgerLag(m *metrics.Metrics, waiting func() int) {
	m.Gauge("parley_ledger_waiting_bytes", "Bytes of steps that are not durable yet, of all sandboxes.", func() float64 { return float64(waiting()) })
}

// over puts the replica before what serves the mock.
func (j *joined) over(mock *mockserver.Server, next http.Handler) http.Handler {
	if j == nil {
		return next
	}
	j.options.Next = next
	j.options.Mock = cluster.Mock{TakeUp: j.takeUp(mock), LetGo: mock.LetGo, Lost: mock.Lose, Has: mock.Has, Held: j.place.Ledger.Sandboxes}
	j.replica = cluster.New(j.options)
	return j.replica
}

// takeUp takes up a sandbox, and notes where it is the default one.
func (j *joined) takeUp(mock *mockserver.Server) func(context.Context, string, uint64, func() bool) error {
	return func(ctx context.Context, name string, fence uint64, valid func() bool) error {
		err := mock.TakeUp(ctx, name, fence, valid)
		if err == nil && name == mockserver.DefaultSandbox {
			select {
			case j.begun <- struct{}{}:
			default: // nobody has seen to the last time yet
			}
		}
		return err
	}
}

// took has one each time that the replica took up the default sandbox; never where a mock is
// alone.
func (j *joined) took() <-chan struct{} {
	if j == nil {
		return nil
	}
	return j.begun
}

// begin lets the others know of the replica, which is served already.
func (j *joined) begin(ctx context.Context, c *console, name string) error {
	if j == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, joining)
	defer cancel()
	if err := j.replica.Start(ctx); err != nil {
		return environment("--cluster: %s", c.redact.Text(err.Error()))
	}
	running, stop := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { j.replica.Run(running) })
	j.end = func() { stop(); done.Wait() }
	c.printf("replica %s of cluster %s, which the others reach at %s\n", j.options.ID, name, j.options.URL)
	j.started.Store(true)
	return nil
}

// leave hands over all that the replica has.
func (j *joined) leave() {
	if j == nil || j.end == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaving)
	defer cancel()
	if err := j.replica.Drain(ctx); err != nil {
		j.options.Failed(fmt.Errorf("not all was handed over, and the others wait for the end of its leases: %w", err))
	}
}

// close ends the replica and its connection.
func (j *joined) close() error {
	if j == nil {
		return nil
	}
	if j.end != nil {
		j.end()
		j.replica.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := j.place.Close(ctx); err != nil {
		return environment("--cluster: %w", err)
	}
	return nil
}
