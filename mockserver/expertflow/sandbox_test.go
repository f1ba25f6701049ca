package expertflow_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestTopicAndStoreCanBeToldApart while the documented answer hides which of the
// two happened.
func TestTopicAndStoreCanBeToldApart(t *testing.T) {
	m := newMock(t, "")
	waited := make(chan answer, 1)
	go func() {
		waited <- m.do("GET", "/_parley/state/wait?path=/activities&where=place=topic&timeout=20s", jsonType, "", "")
	}()
	m.push(activity("stored", ofPast))
	m.push(activity("published", ofActive))
	if a := <-waited; a.status != http.StatusOK || !strings.Contains(a.body, `"id":"published"`) || strings.Contains(a.body, `"id":"stored"`) {
		t.Errorf("the topic is %d %s", a.status, a.body)
	}
	if a := m.do("GET", "/_parley/state/list?path=/activities&where=place=store", jsonType, "", ""); !strings.Contains(a.body, `"id":"stored"`) || strings.Contains(a.body, `"id":"published"`) {
		t.Errorf("the store is %d %s", a.status, a.body)
	}
}

// TestTokensExpireOnTheClockOfTheSandbox and in no other one.
func TestTokensExpireOnTheClockOfTheSandbox(t *testing.T) {
	m := newMock(t, "EF-R-01=on")
	_, g := m.login(password("api-user"))
	if a := m.pushAs("Bearer "+g.AccessToken, activity("a", ofActive)); a.status != http.StatusOK {
		t.Fatalf("answered %d", a.status)
	}
	other, err := m.NamedSandbox("other")
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
		} else if a := m.do("POST", "/_parley/clock", jsonType, `{"advance":"1h"}`, ""); a.status != http.StatusOK {
			t.Fatalf("answered %d %s", a.status, a.body)
		}
		if a := m.pushAs("Bearer "+g.AccessToken, activity("a", ofActive)); a.status != step.want {
			t.Errorf("after an hour in %q: answered %d, want %d", step.in, a.status, step.want)
		}
	}
}
