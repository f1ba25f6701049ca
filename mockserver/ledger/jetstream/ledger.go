// Package jetstream keeps a ledger in a stream of NATS JetStream, so that several
// processes may own sandboxes in turn: one stream per cluster, one subject per sandbox.
// A message says which number its subject's newest one must have, and carries the fence of
// its writer, so that a writer that was overtaken can write no more and learns why. What
// is larger than a message goes before it in parts, on a subject of its own.
//
// What is acknowledged is held by a majority of the stream's replicas, and on their disks
// at once only where the servers have sync_interval: always.
package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
)

// Options set up a ledger. Only Cluster has no default.
type Options struct {
	Cluster    string            // name of the cluster: 1 to 32 small letters, digits and hyphens
	Identity   string            // what tells clusters of one name apart, such as a digest of their secret
	Replicas   int               // servers that hold the stream: 1, 3 or 5; default 1
	MaxAge     time.Duration     // how long a message is held; 0: no bound. Longer than from one checkpoint to the next
	MaxBytes   int64             // of the whole stream; when it has them, it takes no more. 0: no bound
	MaxPieces  int64             // messages of one sandbox, of which the oldest go; 0: no bound
	Durability ledger.Durability // default Interval
	Every      time.Duration     // how long is gathered before it is sent, with Interval; default 100 ms
	Retry      time.Duration     // how long is waited after a failure; default 250 ms
	Waiting    int               // bytes of one sandbox that may wait to be acknowledged; default 16 MiB
}

// format is that of messages and of what the stream says of itself.
const format = "1"

// What the stream says of itself.
const (
	metaFormat   = "parley-format"
	metaIdentity = "parley-identity"
)

// Ledger is a ledger.Ledger in a stream.
type Ledger struct {
	options Options
	nc      *nats.Conn
	js      jetstream.JetStream
	stream  jetstream.Stream

	mu     sync.Mutex
	open   map[string]*log
	closed bool
}

// Open takes the stream of a cluster, which is made when it is not there. The connection
// stays the caller's. The error wraps ErrConfiguration, ErrFormat or ErrNoJetStream.
func Open(ctx context.Context, nc *nats.Conn, o Options) (*Ledger, error) {
	if err := CheckName(o.Cluster); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfiguration, err)
	}
	o.Replicas, o.Durability = cmp.Or(o.Replicas, 1), cmp.Or(o.Durability, ledger.Interval)
	o.Every, o.Retry = cmp.Or(o.Every, 100*time.Millisecond), cmp.Or(o.Retry, 250*time.Millisecond)
	o.Waiting = cmp.Or(o.Waiting, 16<<20)
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	l := &Ledger{options: o, nc: nc, js: js, open: map[string]*log{}}
	l.stream, err = takeStream(ctx, js, o)
	return l, err
}

// Sandboxes are the names of those that have a log, sorted.
func (l *Ledger) Sandboxes(ctx context.Context) ([]string, error) {
	if err := l.usable(); err != nil {
		return nil, err
	}
	info, err := l.stream.Info(ctx, jetstream.WithSubjectFilter(logSubject(l.options.Cluster, "*")))
	if err != nil {
		return nil, fmt.Errorf("the sandboxes of cluster %s: %w", l.options.Cluster, err)
	}
	var names []string
	for subject := range info.State.Subjects {
		if name, ok := sandboxOf(l.options.Cluster, subject); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Holds tells whether a sandbox has a log.
func (l *Ledger) Holds(ctx context.Context, sandbox string) (bool, error) {
	if err := l.usable(); err != nil {
		return false, err
	}
	_, err := again(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return l.stream.GetLastMsgForSubject(ctx, logSubject(l.options.Cluster, encode(sandbox)))
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("whether there is a sandbox %s: %w", sandbox, err)
	}
	return true, nil
}

// Open returns the log of a sandbox, and keeps everybody with a lower fence from writing it.
func (l *Ledger) Open(ctx context.Context, sandbox string, fence uint64) (ledger.Log, error) {
	l.mu.Lock()
	before := l.open[sandbox]
	l.mu.Unlock()
	if err := l.usable(); err != nil {
		return nil, err
	}
	if before != nil && before.running() && before.fence == fence {
		return nil, fmt.Errorf("the log of sandbox %s is open already", sandbox)
	}
	o, err := openLog(ctx, l, sandbox, fence)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		o.end(ledger.ErrClosed)
		return nil, ledger.ErrClosed
	}
	l.open[sandbox] = o
	return o, nil
}

// Waiting is how many bytes wait to be acknowledged, of all sandboxes together.
func (l *Ledger) Waiting() (bytes int) {
	l.mu.Lock()
	open := slices.Collect(maps.Values(l.open))
	l.mu.Unlock()
	for _, o := range open { // a log that ends takes both locks the other way round
		o.mu.Lock()
		bytes += o.bytes
		o.mu.Unlock()
	}
	return bytes
}

// Remove forgets a sandbox.
func (l *Ledger) Remove(ctx context.Context, sandbox string) error {
	if err := l.usable(); err != nil {
		return err
	}
	for _, subject := range []string{logSubject(l.options.Cluster, encode(sandbox)), partSubject(l.options.Cluster, encode(sandbox))} {
		if err := l.stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return fmt.Errorf("removing sandbox %s: %w", sandbox, err)
		}
	}
	return nil
}

// Close makes durable what was appended, and ends all logs. The connection stays open.
func (l *Ledger) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	open := l.open
	l.open = map[string]*log{}
	l.mu.Unlock()
	var all []error
	for _, o := range open {
		all = append(all, o.Close(ctx))
	}
	return errors.Join(all...)
}

func (l *Ledger) usable() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ledger.ErrClosed
	}
	return nil
}

// ended forgets a log that was closed.
func (l *Ledger) ended(o *log) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[o.sandbox] == o {
		delete(l.open, o.sandbox)
	}
}
