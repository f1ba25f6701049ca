package jetstream

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

func openOne(t *testing.T, o Options) *log {
	t.Helper()
	nc, err := Connect(natstest.Start(t, 1, nil).URLs(), t.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	l, err := Open(t.Context(), nc, o)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := l.Open(t.Context(), "Team.A", 3)
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*log)
}

// TestLostAcknowledgment: a message that is there already is not written twice.
func TestLostAcknowledgment(t *testing.T) {
	o := openOne(t, Options{Cluster: "a"})
	b := &batch{items: []waiting{{isEntries, 1, []byte("a")}}, piece: piece{kind: isEntries, fence: 3, writer: o.writer, first: 1, last: 1}}
	if err := o.write(b); err != nil {
		t.Fatal(err)
	}
	number, err := o.publish(t.Context(), b.piece, b.body, o.tail)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.send(b); err != nil || b.piece.number != number || o.tail != number {
		t.Errorf("sent again: %v, number %d and tail %d, want %d", err, b.piece.number, o.tail, number)
	}
}

// TestAnotherWriterWithTheSameFence is told from the writer itself.
func TestAnotherWriterWithTheSameFence(t *testing.T) {
	o := openOne(t, Options{Cluster: "a", Durability: ledger.Step})
	if _, err := openLog(t.Context(), o.ledger, "Team.A", 3); err != nil {
		t.Fatal(err)
	}
	sequence, err := o.Append([]byte("a"))
	if err == nil {
		err = o.Await(t.Context(), sequence)
	}
	if !errors.Is(err, ledger.ErrFenced) {
		t.Errorf("got %v", err)
	}
}

// TestIntervalSendsByItself: nobody has to ask for what waits.
func TestIntervalSendsByItself(t *testing.T) {
	o := openOne(t, Options{Cluster: "a", Every: time.Millisecond})
	for range 3 {
		if _, err := o.Append([]byte("a")); err != nil {
			t.Fatal(err)
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.until(t.Context(), func() bool { return o.durable == 3 }); err != nil {
		t.Error(err)
	}
}

// TestOldestMessagesGo: with a bound of messages, the log knows what the server let go.
func TestOldestMessagesGo(t *testing.T) {
	o := openOne(t, Options{Cluster: "a", Durability: ledger.Step, MaxPieces: 4})
	for range 10 {
		sequence, err := o.Append([]byte("a"))
		if err == nil {
			err = o.Await(t.Context(), sequence)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	none := func(uint64, []byte) error { return nil }
	if err := o.Entries(t.Context(), 6, 10, none); !errors.Is(err, ledger.ErrGone) {
		t.Errorf("entry 6: %v", err)
	}
	if err := o.Entries(t.Context(), 7, 10, none); err != nil {
		t.Error(err)
	}
	if err := o.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	next, err := o.ledger.Open(t.Context(), "Team.A", 4)
	if err != nil {
		t.Fatal(err)
	}
	if oldest, last, checkpointed := next.Held(); oldest != 7 || last != 10 || checkpointed {
		t.Errorf("held is %d to %d, %t", oldest, last, checkpointed)
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"default", "A", "a.b_c-1", "_41", "ä", "*>"} {
		token := encode(name)
		if back, ok := sandboxOf("c", logSubject("c", token)); back != name || !ok {
			t.Errorf("%q became %q and %q, %t", name, token, back, ok)
		}
	}
	for _, subject := range []string{"parley.c.log.A", "parley.c.log._4", "parley.c.log._zz", "parley.c.log._61", "parley.d.log.a"} {
		if name, ok := sandboxOf("c", subject); ok {
			t.Errorf("%s is taken for sandbox %q", subject, name)
		}
	}
}

// TestDamagedMessages: what is no entry is said, with its place.
func TestDamagedMessages(t *testing.T) {
	o := openOne(t, Options{Cluster: "a", Durability: ledger.Step})
	p := piece{kind: isEntries, fence: 3, writer: o.writer, first: 1, last: 1}
	number, err := o.publish(t.Context(), p, []byte{9}, o.tail)
	if err != nil {
		t.Fatal(err)
	}
	next, err := openLog(t.Context(), o.ledger, "Team.A", 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := next.Entries(t.Context(), 1, 1, func(uint64, []byte) error { return nil }); !errors.Is(err, errMessage) {
		t.Errorf("message %d: %v", number, err)
	}
	if _, err := pieceOf(1, nats.Header{headerFormat: {format}}); !errors.Is(err, ErrFormat) {
		t.Errorf("a header without numbers: %v", err)
	}
}
