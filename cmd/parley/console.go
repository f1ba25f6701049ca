package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	ui "github.com/parleykit/parley/console"
	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/vendors"
)

// consoleBuffer is how many exchanges may wait for a slow terminal.
const consoleBuffer = 4096

// console prints one line per exchange, whole lines only.
type console struct {
	mu     sync.Mutex
	out    io.Writer
	redact *redaction.Redactor
}

// consolePause is how long the console looks away after it printed, so that what comes
// meanwhile is printed in one go: to be woken for each exchange, and to write each
// line, costs the mock more than to make the line.
const consolePause = 5 * time.Millisecond

// follow prints exchanges as they enter a journal until ctx ends, and then those
// that still wait.
func (c *console) follow(ctx context.Context, exchanges *feed) (done <-chan struct{}) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case e := <-exchanges.queue:
				c.exchanges(e, exchanges.queue)
				select {
				case <-time.After(consolePause):
				case <-ctx.Done():
				}
				continue
			case <-ctx.Done():
			}
			for len(exchanges.queue) > 0 {
				c.exchanges(<-exchanges.queue, exchanges.queue)
			}
			if missed := exchanges.missed.Load(); missed > 0 {
				c.printf("%d exchanges came too fast to be printed; the journal had them\n", missed)
			}
			return
		}
	}()
	return ended
}

// feed brings exchanges of all sandboxes to the console. A terminal that stands
// still does not hold up the mock.
type feed struct {
	queue  chan *traffic.Exchange
	missed atomic.Uint64
}

func newFeed() *feed { return &feed{queue: make(chan *traffic.Exchange, consoleBuffer)} }

func (f *feed) offer(e *traffic.Exchange) {
	select {
	case f.queue <- e:
	default:
		f.missed.Add(1)
	}
}

func newConsole(out io.Writer, redact *redaction.Redactor) *console {
	return &console{out: out, redact: redact}
}

func (c *console) printf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	visible.Fprintf(c.out, format, args...)
}

// consoleWrite is about how many bytes are printed in one go.
const consoleWrite = 16 << 10

// exchanges prints an exchange and those that wait behind it.
func (c *console) exchanges(e *traffic.Exchange, queue <-chan *traffic.Exchange) {
	text := c.lines(nil, e)
	for len(text) < consoleWrite && len(queue) > 0 {
		text = c.lines(text, <-queue)
	}
	c.write(text)
}

// exchange prints an exchange alone.
func (c *console) exchange(e *traffic.Exchange) { c.write(c.lines(nil, e)) }

func (c *console) write(text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Write(text)
}

// lines appends the line of an exchange, and below it what is wrong with it.
func (c *console) lines(to []byte, e *traffic.Exchange) []byte {
	e = c.redact.Outline(e) // before anything of it is shortened
	line := traffic.Line(e, time.Local)
	if e.Sandbox != "" {
		line += " in sandbox " + e.Sandbox
	}
	to = append(append(to, visible.Line(c.redact.Text(line))...), '\n')
	for _, f := range e.Findings {
		if f.Severity.AtLeast(traffic.Warn) {
			to = append(to, visible.Sprintf("         %s %s\n", f.Part, c.redact.Text(f.String()))...)
		}
	}
	return to
}

// signedHow says whether a vendor's events come signed; "" where its contract knows of no
// signature.
func signedHow(mock *mockserver.Server, contract *specs.Contract) string {
	switch {
	case contract.Signature == nil:
		return ""
	case len(mock.Options().Secrets[contract.ID]) == 0:
		return "events come without their signature, because no --secret is given: " + contract.Signature.String()
	}
	return "events come signed: " + contract.Signature.String()
}

func (c *console) welcome(mock *mockserver.Server, contracts []*specs.Contract, made bool, controlToken string) {
	base := mock.BaseURL()
	c.printf("Parley plays %s on %s\n", nameList(contracts), base)
	for _, contract := range contracts {
		how := ""
		if vendors.For(contract).Play == nil && len(contract.Operations) > 0 {
			how = ", answered from samples"
		}
		c.printf("  %-11s %s%s: parley specs show %s\n", contract.ID, sizeOf(contract), how, contract.OnLine())
		for _, channel := range channelsOf(mock.Sandbox()) {
			if channel.Vendor == contract.ID {
				c.printf("  %-11s channel %s%s\n", "", channel.ID, addressed(": ", channel))
			}
		}
		if how := signedHow(mock, contract); how != "" {
			c.printf("  %-11s %s\n", "", how)
		}
	}
	for _, contract := range contracts {
		sayNotJudged(c.out, contract)
	}
	c.printf("  control     %s/_parley/, described at %s/_parley/openapi.json\n", base, base)
	c.printf("  console     %s%s\n", base, ui.Path)
	c.printf("  sandboxes   %s/~NAME/, or the header %s: NAME, for a mock of one's own\n", base, mockserver.HeaderSandbox)
	if made {
		c.printf("  this address is not loopback: the control API demands Authorization: Bearer %s\n", controlToken)
	}
	for _, contract := range contracts {
		c.gaps(mock, contract)
	}
	head := visible.Shown("\nTry it:\n")
	for _, contract := range contracts {
		if line := curlLine(base, contract); line != "" {
			c.printf("%s  %s\n", head, line)
			head = ""
		}
	}
	c.printf("\n")
}

// sizeOf is "3 operations and 6 events"; what there is none of is left out.
func sizeOf(c *specs.Contract) string {
	var has []string
	if n := len(c.Operations); n > 0 {
		has = append(has, plural.Of(n, "operation"))
	}
	if n := len(c.Events); n > 0 {
		has = append(has, plural.Of(n, "event"))
	}
	return plural.List(has, "and")
}

// sayNotJudged says what of a contract nobody judges.
func sayNotJudged(out io.Writer, c *specs.Contract) {
	if len(c.NotJudged) > 0 {
		visible.Fprintf(out, "  not judged of %s: %s\n", c.ID, strings.Join(c.NotJudged, "; "))
	}
}

// gaps says what of a contract is answered otherwise than its author may expect.
func (c *console) gaps(mock *mockserver.Server, contract *specs.Contract) {
	for _, gap := range mock.Gaps(contract.ID) {
		c.printf("  %-11s %s\n", contract.ID, gap)
	}
}

// channelsOf are those of the default sandbox; of a replica that does not have it, none.
func channelsOf(sandbox *mockserver.Sandbox) []mockserver.Channel {
	if sandbox == nil {
		return nil
	}
	return sandbox.Channels()
}

func nameList(contracts []*specs.Contract) string {
	var names []string
	for _, c := range contracts {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// connect opens a channel to a partner and says how the partner took it.
func (c *console) connect(ctx context.Context, sandbox *mockserver.Sandbox, channel mockserver.Channel) {
	opened, deliveries, err := sandbox.OpenChannel(ctx, channel)
	if err != nil {
		c.printf("%s: no channel to %s: %s\n", channel.Vendor, c.redact.Text(channel.URL), c.redact.Text(err.Error()))
		return
	}
	c.printf("%s: channel %s to %s%s\n", opened.Vendor, opened.ID, c.redact.Text(opened.URL), addressed(", which calls ", opened))
	for _, d := range deliveries {
		c.printf("%s: the partner answered %s\n", opened.Vendor, c.redact.Text(deliveryText(d)))
	}
}

// addressed says after some words where the partner of a channel calls; nothing if its
// vendor has no address for a channel.
func addressed(words visible.Shown, channel mockserver.Channel) visible.Shown {
	if channel.Address == "" {
		return ""
	}
	return visible.Sprintf("%s%s", words, channel.Address)
}

// deliveryText says how a delivery ended.
func deliveryText(d outbox.Delivery) string {
	text := fmt.Sprintf("events/%s: %s", d.Event, d.State)
	if d.Status != 0 {
		text += fmt.Sprintf(", status %d", d.Status)
	}
	if d.Error != "" && d.Error != fmt.Sprintf("the partner answered %d", d.Status) {
		text += " (" + d.Error + ")"
	}
	return text
}
