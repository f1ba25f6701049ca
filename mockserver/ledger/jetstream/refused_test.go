package jetstream_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	nats2 "github.com/nats-io/nats.go/jetstream"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// refused wants an error of a kind, with words that help.
func refused(t *testing.T, err, want error, words ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
	}
}

func TestServersThatCannotBeUsed(t *testing.T) {
	guarded := natstest.Start(t, 1, func(o *server.Options) { o.Username, o.Password = "ada", "right" })
	if _, err := jetstream.Connect(guarded.URLs(), "test", nats.UserInfo("ada", "right")); err != nil {
		t.Fatal(err)
	}
	_, err := jetstream.Connect(guarded.URLs(), "test", nats.UserInfo("ada", "wrong"))
	refused(t, err, jetstream.ErrCredentials, guarded.URLs()[0])

	away := natstest.Start(t, 1, nil)
	address := strings.Replace(away.URLs()[0], "nats://", "nats://ada:secret@", 1)
	away.Stop(0)
	_, err = jetstream.Connect([]string{address}, "test")
	refused(t, err, jetstream.ErrUnreachable, "127.0.0.1:")
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("%q has a password in it", err)
	}

	plain := natstest.Start(t, 1, func(o *server.Options) { o.JetStream = false })
	_, err = jetstream.Open(t.Context(), connect(t, plain), jetstream.Options{Cluster: "a"})
	refused(t, err, jetstream.ErrNoJetStream, "-js")
}

func TestStreamsOfOthers(t *testing.T) {
	nc := connect(t, natstest.Start(t, 1, nil))
	ours := jetstream.Options{Cluster: "team-a", Identity: "one", MaxAge: time.Hour, MaxBytes: 1 << 20, MaxPieces: 100}
	log, err := open(t, nc, ours).Open(t.Context(), "default", 1)
	if err != nil {
		t.Fatal(err)
	}
	open(t, nc, ours) // a second replica
	for title, test := range map[string]struct {
		change func(*jetstream.Options)
		want   error
		words  string
	}{
		"another secret":      {func(o *jetstream.Options) { o.Identity = "two" }, jetstream.ErrConfiguration, "secret"},
		"another age":         {func(o *jetstream.Options) { o.MaxAge = 2 * time.Hour }, jetstream.ErrConfiguration, "the longest age 1h0m0s, and 2h0m0s"},
		"other bytes":         {func(o *jetstream.Options) { o.MaxBytes = 0 }, jetstream.ErrConfiguration, "the most bytes 1048576, and no bound"},
		"other messages":      {func(o *jetstream.Options) { o.MaxPieces = 5 }, jetstream.ErrConfiguration, "messages of a sandbox 100, and 5"},
		"other replicas":      {func(o *jetstream.Options) { o.Replicas = 3 }, jetstream.ErrConfiguration, "replicas 1, and 3"},
		"a name with a dot":   {func(o *jetstream.Options) { o.Cluster = "a.b" }, jetstream.ErrConfiguration, `"a.b"`},
		"a name with capital": {func(o *jetstream.Options) { o.Cluster = "A" }, jetstream.ErrConfiguration, `"A"`},
	} {
		t.Run(title, func(t *testing.T) {
			o := ours
			test.change(&o)
			_, err := jetstream.Open(t.Context(), nc, o)
			refused(t, err, test.want, test.words)
		})
	}
	if _, err := log.Append([]byte("a")); err != nil || log.Flush(t.Context()) != nil {
		t.Errorf("the log was harmed: %v", err)
	}

	js, _ := nats2.New(nc)
	for _, c := range []nats2.StreamConfig{
		{Name: "parley-foreign", Subjects: []string{"foreign"}},
		{Name: "parley-newer", Subjects: []string{"newer"}, Metadata: map[string]string{"parley-format": "2"}},
		{Name: "overlapping", Subjects: []string{"parley.taken.>"}},
	} {
		if _, err := js.CreateStream(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	_, err = jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "foreign"})
	refused(t, err, jetstream.ErrConfiguration, "not made by Parley")
	_, err = jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "newer"})
	refused(t, err, jetstream.ErrFormat, "format 2, and format 1 is known")
	_, err = jetstream.Open(t.Context(), nc, jetstream.Options{Cluster: "taken"})
	refused(t, err, jetstream.ErrConfiguration, "another stream")
}

func TestMessagesOfANewerFormat(t *testing.T) {
	nc := connect(t, natstest.Start(t, 1, nil))
	l := open(t, nc, jetstream.Options{Cluster: "a"})
	js, _ := nats2.New(nc)
	if _, err := js.PublishMsg(t.Context(), &nats.Msg{Subject: "parley.a.log.default", Header: nats.Header{"Parley-Format": {"2"}}}); err != nil {
		t.Fatal(err)
	}
	_, err := l.Open(t.Context(), "default", 1)
	refused(t, err, jetstream.ErrFormat, "sandbox default", "message 1", `"2"`)
}

// TestFullStream: it is said, nothing is lost, and all is written once there is room.
func TestFullStream(t *testing.T) {
	nc := connect(t, natstest.Start(t, 1, nil))
	l := open(t, nc, jetstream.Options{Cluster: "a", Durability: ledger.Step, MaxBytes: 64 << 10, Retry: time.Millisecond})
	other, err := l.Open(t.Context(), "other", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Checkpoint(t.Context(), 0, make([]byte, 40<<10)); err != nil {
		t.Fatal(err)
	}
	log, err := l.Open(t.Context(), "default", 0)
	if err != nil {
		t.Fatal(err)
	}
	var last uint64
	for err = nil; err == nil; {
		if last, err = log.Append(make([]byte, 1000)); err == nil {
			err = log.Await(t.Context(), last)
		}
	}
	refused(t, err, ledger.ErrFull, "sandbox default", "parley-a")
	refused(t, log.Flush(t.Context()), ledger.ErrFull)
	if err := other.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Remove(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	for err = log.Flush(t.Context()); errors.Is(err, ledger.ErrFull); { // until it was tried again
		err = log.Flush(t.Context())
	}
	n := uint64(0)
	if e := log.Entries(t.Context(), 1, last, func(uint64, []byte) error { n++; return nil }); err != nil || e != nil || n != last {
		t.Errorf("%d of %d entries came back, %v, %v", n, last, err, e)
	}
}
