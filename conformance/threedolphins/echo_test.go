package threedolphins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/internal/trial"
)

// echo is a third party that takes whatever comes with 200 and, when an object could be
// read, sends all members of an Outgoing Event back as they came, or empty.
type echo struct {
	to     string // where 3Dolphins takes Outgoing Events
	pause  time.Duration
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
	b.sender.Go(func() {
		select {
		case <-time.After(b.pause):
		case <-b.ctx.Done():
		}
		request, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.to, bytes.NewReader(conformance.Encode(out)))
		if err != nil {
			return
		}
		request.Header.Set("Content-Type", "application/json")
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	})
}

// TestNobodyIsJudgedByAnswersToBrokenEvents: webhook and client are judged together, and
// what the third party says to what Parley sent broken is held against nobody, whether
// it comes at once or late.
func TestNobodyIsJudgedByAnswersToBrokenEvents(t *testing.T) {
	t.Parallel()
	for name, pause := range map[string]time.Duration{"at once": 0, "late": quick.Quiet / 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contract := contracts.With(t, "")
			mock, vendor := played(t, contract)
			ctx, cancel := context.WithCancel(t.Context())
			bot := &echo{to: vendor.URL + contract.Operation("operations/outgoing").Path, pause: pause, ctx: ctx}
			webhook := httptest.NewServer(bot)
			defer func() {
				cancel()
				bot.sender.Wait()
				webhook.Close()
				vendor.Close()
				mock.Close(context.WithoutCancel(ctx))
			}()
			report, err := trial.Judge(t.Context(), conformance.Options{
				Suites: integration(), Contract: contract, Sandbox: mock.Sandbox(), Target: webhook.URL, Timing: quick, Seed: 1,
				Only:     []string{"wrong-types", "missing-members", "empty-body", "client/reply", "client/two-customers", "client/ticket-number", "client/customer-name", "client/message"},
				Stimulus: func(context.Context, string) error { return nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			trial.Compare(t, report, prefix, trial.Row{Undetermined: "webhook/wrong-types webhook/missing-members webhook/empty-body"}.Expected())
		})
	}
}
