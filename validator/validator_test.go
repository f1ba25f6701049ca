package validator

import (
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/specs/specstest"
	"github.com/parleykit/parley/traffic"
)

func TestSecretsOfAContract(t *testing.T) {
	v := acme(t)
	if got := strings.Join(Redaction(v.Contract(), elma(t).Contract()).Names, " "); got != "apiKey client_secret token" {
		t.Errorf("got %s", got)
	}
	if got := Redaction(); len(got.Names) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestANameThatOnlySoundsSecret: what a contract says of a member outweighs its name.
func TestANameThatOnlySoundsSecret(t *testing.T) {
	const body = `{"header":{"channelSessionId":"ede4d48306cd47e39b2ec362759c632f"},"accessToken":"ede4d48306cd47e39b2ec362759c632e"}`
	e := call("POST", "/conversation-manager/activities", body)
	shown := string(Redactor(specstest.Shipped(t)...).Exchange(e).Request.Body.Kept)
	if !strings.Contains(shown, "ede4d48306cd47e39b2ec362759c632f") || strings.Contains(shown, "ede4d48306cd47e39b2ec362759c632e") {
		t.Errorf("shown is %s", shown)
	}
	unmarked := string(Redactor().Exchange(e).Request.Body.Kept)
	if strings.Contains(unmarked, "ede4d48306cd47e39b2ec362759c632f") {
		t.Errorf("without the contract shown is %s", unmarked)
	}
}

func TestValidatorIsSafeForConcurrentUse(t *testing.T) {
	v := acme(t)
	bodies := []string{ticket + "}", ticket + `,"priority":"x"}`, `{"title":"aa","createdAt":1,"contact":{"kind":"fax"}}`, `{'a':1`}
	want := make([]string, len(bodies))
	for i, body := range bodies {
		want[i] = brief(acme(t).Payload("operations/ticket", Decode([]byte(body))))
	}
	done := make(chan string)
	for range 8 {
		go func() {
			for range 20 {
				for i, body := range bodies {
					if got := brief(v.Payload("operations/ticket", Decode([]byte(body)))); got != want[i] {
						done <- got
						return
					}
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if got := <-done; got != "" {
			t.Errorf("got %s", got)
		}
	}
}

func TestEveryCodeIsListedOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		if seen[c.Code] || c.Text == "" || !strings.HasSuffix(c.Text, ".") || !slices.Contains([]traffic.Severity{traffic.Error, traffic.Warn, traffic.Info}, c.Severity) {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
	}
	for kind, rule := range rules {
		if rule.code != "" && !seen[rule.code] {
			t.Errorf("%s gives %s, which is not listed", kind, rule.code)
		}
	}
}
