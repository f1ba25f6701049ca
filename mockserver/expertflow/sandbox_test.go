package expertflow_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/mocktest"
)

// TestTopicAndStoreCanBeToldApart while the documented answer hides which of the
// two happened.
func TestTopicAndStoreCanBeToldApart(t *testing.T) {
	m := newMock(t, "")
	waited := make(chan mocktest.Answer, 1)
	go func() {
		waited <- m.Do("GET", "/_parley/state/wait?path=/activities&where=place=topic&timeout=20s", "")
	}()
	m.push(activity("stored", ofPast))
	m.push(activity("published", ofActive))
	if a := <-waited; a.Status != http.StatusOK || !strings.Contains(a.Body, `"id":"published"`) || strings.Contains(a.Body, `"id":"stored"`) {
		t.Errorf("the topic is %d %s", a.Status, a.Body)
	}
	if a := m.Do("GET", "/_parley/state/list?path=/activities&where=place=store", ""); !strings.Contains(a.Body, `"id":"stored"`) || strings.Contains(a.Body, `"id":"published"`) {
		t.Errorf("the store is %d %s", a.Status, a.Body)
	}
}

// TestTokensExpireOnTheClockOfTheSandbox and in no other one.
func TestTokensExpireOnTheClockOfTheSandbox(t *testing.T) {
	m := newMock(t, "EF-R-01=on")
	_, g := m.login(password("api-user"))
	if a := m.pushAs("Bearer "+g.AccessToken, activity("a", ofActive)); a.Status != http.StatusOK {
		t.Fatalf("answered %d", a.Status)
	}
	other, err := m.Server().NamedSandbox("other")
	if err != nil {
		t.Fatal(err)
	}
	other.Clock().Freeze()
	for _, step := range []struct {
		in   string
		want int
	}{{"/~other", http.StatusOK}, {"", http.StatusUnauthorized}} {
		if step.in != "" {
			if err := other.Clock().Advance(t.Context(), time.Hour); err != nil {
				t.Fatal(err)
			}
		} else if a := m.Do("POST", "/_parley/clock", `{"advance":"1h"}`); a.Status != http.StatusOK {
			t.Fatalf("answered %d %s", a.Status, a.Body)
		}
		if a := m.pushAs("Bearer "+g.AccessToken, activity("a", ofActive)); a.Status != step.want {
			t.Errorf("after an hour in %q: answered %d, want %d", step.in, a.Status, step.want)
		}
	}
}
