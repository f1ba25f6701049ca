package jetstream

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What keeps a ledger from being opened. The text says more.
var (
	// ErrUnreachable: no server answers.
	ErrUnreachable = errors.New("no NATS server can be reached")
	// ErrCredentials: the server takes no such user, password or token.
	ErrCredentials = errors.New("the NATS server refuses these credentials")
	// ErrNoJetStream: the server, or the account, has no JetStream.
	ErrNoJetStream = errors.New("the NATS server has no JetStream for this account")
	// ErrConfiguration: the cluster's stream is set up in another way than was asked for, or
	// is somebody else's.
	ErrConfiguration = errors.New("the cluster's stream is another one")
	// ErrFormat: what is written is of another version of Parley.
	ErrFormat = errors.New("the cluster's ledger has a format that this version of Parley does not know")
)

// codeOverlap is the server's number of an error: another stream has these subjects.
const codeOverlap jetstream.ErrorCode = 10065

// takeStream makes the stream of a cluster, or takes the one that is there when it is as
// it would be made.
func takeStream(ctx context.Context, js jetstream.JetStream, o Options) (jetstream.Stream, error) {
	want := jetstream.StreamConfig{
		Name:              streamName(o.Cluster),
		Description:       "what happened in the sandboxes of the Parley cluster " + o.Cluster,
		Subjects:          []string{logSubject(o.Cluster, "*"), partSubject(o.Cluster, "*")},
		Retention:         jetstream.LimitsPolicy,
		Discard:           jetstream.DiscardNew,
		Storage:           jetstream.FileStorage,
		Replicas:          o.Replicas,
		MaxAge:            o.MaxAge,
		MaxBytes:          unbounded(o.MaxBytes),
		MaxMsgsPerSubject: unbounded(o.MaxPieces),
		Metadata:          map[string]string{metaFormat: format, metaIdentity: o.Identity},
	}
	stream, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another replica was faster
			stream, err = js.Stream(ctx, want.Name)
		}
	}
	if err != nil {
		return nil, streamError(o, err)
	}
	return stream, same(o.Cluster, stream.CachedInfo().Config, want)
}

func unbounded(limit int64) int64 {
	if limit == 0 {
		return -1
	}
	return limit
}

func streamError(o Options, err error) error {
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		return fmt.Errorf("%w; start the server with -js: %w", ErrNoJetStream, err)
	case errors.As(err, &api) && api.ErrorCode == codeOverlap:
		return fmt.Errorf("%w: another stream than %s has the subjects of cluster %s; name the cluster differently: %w", ErrConfiguration, streamName(o.Cluster), o.Cluster, err)
	}
	return fmt.Errorf("stream %s, held by %d servers: %w", streamName(o.Cluster), o.Replicas, err)
}

// same refuses a stream that is not what was asked for.
func same(cluster string, got, want jetstream.StreamConfig) error {
	name := streamName(cluster)
	switch found := got.Metadata[metaFormat]; {
	case found == "":
		return fmt.Errorf("%w: stream %s was not made by Parley; name the cluster differently", ErrConfiguration, name)
	case found != format:
		return fmt.Errorf("%w: stream %s has format %s, and format %s is known; use the version of Parley that wrote it, or name the cluster differently", ErrFormat, name, found, format)
	case got.Metadata[metaIdentity] != want.Metadata[metaIdentity]:
		return fmt.Errorf("%w: stream %s belongs to another cluster of that name, with another secret or seed; name this cluster differently, or give it those", ErrConfiguration, name)
	}
	for _, one := range []struct {
		what      string
		got, want any
	}{
		{"replicas", got.Replicas, want.Replicas},
		{"the longest age", got.MaxAge, want.MaxAge},
		{"the most bytes", limit(got.MaxBytes), limit(want.MaxBytes)},
		{"the most messages of a sandbox", limit(got.MaxMsgsPerSubject), limit(want.MaxMsgsPerSubject)},
		{"retention", got.Retention, want.Retention},
		{"what is discarded", got.Discard, want.Discard},
		{"storage", got.Storage, want.Storage},
		{"subjects", got.Subjects, want.Subjects},
	} {
		if !reflect.DeepEqual(one.got, one.want) {
			return fmt.Errorf("%w: stream %s has for %s %v, and %v was asked for; give all replicas the same settings, or change the stream with nats stream edit", ErrConfiguration, name, one.what, one.got, one.want)
		}
	}
	return nil
}

func limit(n int64) string {
	if n <= 0 {
		return "no bound"
	}
	return strconv.FormatInt(n, 10)
}

// Connect connects to the first of some servers that answers, and again to any of them
// whenever the connection is lost. Name is shown in the servers' lists of connections. The
// error wraps ErrUnreachable or ErrCredentials.
func Connect(servers []string, name string, options ...nats.Option) (*nats.Conn, error) {
	o := nats.GetDefaultOptions()
	o.Servers, o.Name = servers, name
	o.MaxReconnect, o.ReconnectWait = -1, 100*time.Millisecond
	o.ReconnectBufSize = -1 // what can't be sent fails, and is sent again by those who know whether it still should be
	o.AsyncErrorCB = func(*nats.Conn, *nats.Subscription, error) {}
	for _, set := range options {
		if err := set(&o); err != nil {
			return nil, err
		}
	}
	nc, err := o.Connect()
	switch {
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAccountAuthExpired):
		return nil, fmt.Errorf("%w: %s: %w", ErrCredentials, without(servers), err)
	case err != nil:
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, without(servers), err)
	}
	return nc, nil
}
