package threedolphins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// echo is a third party that takes whatever comes with 200 and, when an object could be
// read, sends all members of an Outgoing Event back as they came, or empty.
type echo struct {
	pause    time.Duration
	rename   string // the customer
	renumber bool   // the ticket, where it has a number

	to     string // where 3Dolphins takes Outgoing Events
	ctx    context.Context
	sender sync.WaitGroup
}

func (b *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	text, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(text, &in) != nil {
		return // 200
	}
	out := map[string]any{}
	for _, name := range []string{"ticketNumber", "channel", "messageType", "message", "mediaLink", "customerName", "owner"} {
		if out[name] = in[name]; in[name] == nil {
			out[name] = ""
		}
	}
	if b.rename != "" {
		out["customerName"] = b.rename
	}
	if number, ok := out["ticketNumber"].(string); ok && b.renumber {
		out["ticketNumber"] = "x" + number
	}
	b.sender.Go(func() {
		for range 5 { // until it is taken
			select {
			case <-time.After(b.pause):
			case <-b.ctx.Done():
			}
			request, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.to, bytes.NewReader(conformance.Encode(out)))
			if err != nil {
				return
			}
			request.Header.Set("Content-Type", "application/json")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				return
			}
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
	})
}

// TestNobodyIsJudgedByAnswersToBrokenEvents: webhook and client are judged together, and
// what the third party says to what Parley sent broken is held against nobody, whether
// it comes at once or late.
func TestNobodyIsJudgedByAnswersToBrokenEvents(t *testing.T) {
	t.Parallel()
	for name, bot := range map[string]*echo{
		"at once": {}, "late": {pause: quick.Quiet / 2}, "without a name": {rename: "Pelanggan"}, "with a ticket of its own": {renumber: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contract := contracts.With(t, "")
			mock, api := checktest.Play(t, contract, threedolphins.Play)
			ctx, cancel := context.WithCancel(t.Context())
			bot.to, bot.ctx = api+contract.Operation("operations/outgoing").Path, ctx
			webhook := checktest.Serve(t, bot, func() { cancel(); bot.sender.Wait() })
			report := checktest.JudgeFunc(checktest.Judge).Report(t, conformance.Options{
				Suites: integration(), Contract: contract, Sandbox: mock.Sandbox(), Target: webhook, Timing: quick, Seed: 1,
				Only:     []string{"wrong-types", "missing-members", "empty-body", "client/reply", "client/two-customers", "client/once", "client/ticket-number", "client/customer-name", "client/message"},
				Stimulus: func(context.Context, string) error { return nil },
			})
			row := checktest.Row{Undetermined: "webhook/wrong-types webhook/missing-members webhook/empty-body"}
			if bot.renumber {
				row.Fail, row.CouldNotRun = "client/reply client/two-customers", "client/once"
			}
			checktest.Compare(t, report, prefix, row)
		})
	}
}
