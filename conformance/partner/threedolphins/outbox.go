package threedolphins

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Kinds of the bot's own events, and the last words of their URLs. Assumed: no
// page prints a URL, and Parley's mock takes them at these.
const (
	outgoing    = "outgoing"
	command     = "command"
	elsewhere   = "sendMessage" // takes neither
	integration = "/dolphin/apiv1/integration/"
)

// sending is an event of the bot's until 3Dolphins has taken it.
type sending struct {
	kind  string
	at    string // the last word of its URL; "" is its kind
	body  map[string]any
	first func() // is done before it; may be nil
}

// maxSending bounds the events on their way.
const maxSending = 256

var (
	errTooMany = errors.New("too many events are on their way already; try again later")
	errClosed  = errors.New("the bot is being stopped")
)

// send puts an event on its way.
func (b *bot) send(s sending) error {
	select {
	case b.slots <- struct{}{}:
	default:
		return errTooMany
	}
	begun := b.Begin(func() {
		defer func() { <-b.slots }()
		if s.first != nil {
			s.first()
		}
		b.sendUntilTaken(s)
	})
	if !begun {
		return errClosed
	}
	return nil
}

// sendUntilTaken sends an event again after 401, 500 and a broken connection, until
// 3Dolphins says success, sending again is useless, or it was tried often enough.
func (b *bot) sendUntilTaken(s sending) {
	for range b.Attempts {
		status, said := b.sendOnce(s)
		switch {
		case status >= 200 && status < 300 && said == "success":
			b.afterwards(s)
			return
		case status != 0 && status != http.StatusUnauthorized && status < 500:
			b.Logf("gave up on the %s event for ticket %v: it was answered %d %s, and stays so", s.kind, s.body["ticketNumber"], status, said)
			return
		case b.givesUp(s, status):
			return
		}
		b.spoil(&s)
		if b.Wait(b.Ctx, b.RetryAfter); b.Ctx.Err() != nil {
			return
		}
	}
	b.Logf("gave up on the %s event for ticket %v after %d attempts", s.kind, s.body["ticketNumber"], b.Attempts)
}

// sendOnce returns the status of one attempt, 0 when no answer came, and the status
// in the answer's body.
func (b *bot) sendOnce(s sending) (status int, said string) {
	answer, err := b.call(s)
	if err != nil {
		b.Logf("%s: %v", s.kind, err)
		return 0, ""
	}
	if body, ok := partnerkit.Parse(answer.Body); ok {
		said, _ = partnerkit.Text(body, "status")
	}
	b.Logf("sent %s for ticket %v → %d %s", s.kind, s.body["ticketNumber"], answer.Status, said)
	return answer.Status, said
}

func (b *bot) call(s sending) (none partnerkit.Answer, err error) {
	address, err := b.address(cmp.Or(s.at, s.kind))
	if err != nil {
		return none, err
	}
	text, err := json.Marshal(s.body)
	if err != nil {
		return none, err
	}
	request, err := http.NewRequestWithContext(b.Ctx, http.MethodPost, address, nil)
	if err != nil {
		return none, err
	}
	request.Header.Set("Content-Type", "application/json")
	partnerkit.SetBody(request, b.misstateRequest(s.kind, request, text))
	return partnerkit.Call(b.Client, request)
}

// address is where 3Dolphins takes an event: Options.Webhook for Outgoing Events,
// and its neighbour for Command Events.
func (b *bot) address(kind string) (string, error) {
	if b.Webhook == "" && b.API == "" {
		return "", errors.New("nobody has told where 3Dolphins takes events")
	}
	u, err := url.Parse(cmp.Or(b.Webhook, strings.TrimSuffix(b.API, "/")+integration+outgoing))
	if err != nil {
		return "", fmt.Errorf("the URL of 3Dolphins: %w", err)
	}
	if kind != outgoing {
		u.Path = path.Join(path.Dir(u.Path), kind)
	}
	return u.String(), nil
}
