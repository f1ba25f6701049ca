package expertflow

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

const activitiesPath = "/conversation-manager/activities"

var errBusy = errors.New("too many activities are on their way; try again later")

// push puts an activity on its way.
func (a *application) push(it activity) error {
	select {
	case a.pushing <- struct{}{}:
	default:
		return errBusy
	}
	a.Begin(func() {
		defer func() { <-a.pushing }()
		a.pushUntilTaken(&it)
	})
	return nil
}

// pushUntilTaken pushes an activity again, as it is, after an error of the server
// and when no answer came. After 401 it gets a token and tries once more. Any other
// answer is final.
func (a *application) pushUntilTaken(it *activity) {
	renewed := false
	for range a.Attempts {
		status := a.pushOnce(it)
		again := status == 0 || status >= http.StatusInternalServerError
		switch {
		case a.Ctx.Err() != nil:
			return
		case status == http.StatusUnauthorized && (!renewed || a.has(neverStopsAfter401)):
			renewed = true
			if !a.renew() {
				return
			}
			continue
		case status == http.StatusOK && !a.has(repeatsAfter200):
			return
		case !again && !a.insists(status):
			a.Logf("gave up on activity %s: it was answered %d", it.id, status)
			return
		}
		a.Wait(a.Ctx, a.RetryAfter)
		a.spoil(it)
	}
	a.Logf("gave up on activity %s after %d attempts", it.id, a.Attempts)
}

// insists is where the defects of a final answer are.
func (a *application) insists(status int) bool {
	return status == http.StatusOK ||
		status == http.StatusBadRequest && a.has(repeatsAfter400) ||
		status == http.StatusForbidden && a.has(repeatsAfter403)
}

// spoil is where the defects of a repetition are; a good one changes nothing.
func (a *application) spoil(it *activity) {
	if a.has(newIDOnRepeat) {
		it.id = a.NewID()
		it.message["id"] = it.id
	}
	if a.has(changesContentsOnRepeat) {
		it.message["body"].(map[string]any)["markdownText"] = "again"
	}
}

// pushOnce returns the status of one attempt, 0 when no answer came.
func (a *application) pushOnce(it *activity) int {
	text, err := json.Marshal(it.message)
	if err != nil {
		a.Logf("activity %s: %v", it.id, err)
		return 0
	}
	request, err := http.NewRequestWithContext(a.Ctx, http.MethodPost, strings.TrimSuffix(a.API, "/")+activitiesPath, nil)
	if err != nil {
		a.Logf("activity %s: %v", it.id, err)
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	a.authorize(request)
	partnerkit.SetBody(request, a.misstateRequest(request, text))
	answer, err := partnerkit.Call(a.Client, request)
	if answer.Status == 0 {
		a.Logf("pushed activity %s (%s), and no answer came: %v", it.id, it.kind.name, err)
		return 0
	}
	a.Logf("pushed activity %s (%s) → %d", it.id, it.kind.name, answer.Status)
	return answer.Status
}
