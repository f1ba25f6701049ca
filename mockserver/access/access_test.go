package access_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/access"
)

const plain = "plain-0123456789"

func parse(text string, private bool) ([]*access.Token, error) {
	env := func(name string) (string, bool) {
		return map[string]string{"TOKEN": "from-the-environment", "SHORT": "short"}[name], name != "UNSET"
	}
	return access.Parse(access.File{Name: "f.yaml", Text: []byte(text), Private: private, Env: env})
}

// TestTokensAreWrittenInThreeWays, and in JSON as in YAML.
func TestTokensAreWrittenInThreeWays(t *testing.T) {
	hash := fmt.Sprintf("%x", sha256.Sum256([]byte("hashed-0123456789")))
	tokens, err := parse(`{"tokens": [
		{"name": "a", "sha256": "`+hash+`", "sandboxes": ["a-*", "b"], "may": ["act"], "limits": {"sandboxes": 3, "requests": 2.5, "bytes": 100}},
		{"name": "b", "token": "${TOKEN}", "sandboxes": ["*"], "may": ["read", "metrics"]},
		{"name": "m", "token": "metrics-0123456789", "may": ["metrics"]},
		{"name": "c", "token": "`+plain+`", "sandboxes": ["c"], "may": ["administer"]}]}`, true)
	if err != nil {
		t.Fatal(err)
	}
	a := access.New(tokens, time.Now)
	for text, name := range map[string]string{"hashed-0123456789": "a", "from-the-environment": "b", plain: "c"} {
		if found := a.Of(text); found == nil || found.Name != name {
			t.Errorf("%s is %v", text, found)
		}
	}
	if a.Of("") != nil || a.Of(hash) != nil || a.Of("${TOKEN}") != nil {
		t.Error("what is no token is one")
	}
	if got := tokens[0].Limits; got != (access.Limits{Sandboxes: 3, Requests: 2.5, Bytes: 100}) {
		t.Errorf("the limits are %v", got)
	}
	if got := a.Secrets(); !slices.Equal(got, []string{"from-the-environment", "metrics-0123456789", plain}) {
		t.Errorf("known as they are: %v", got)
	}
	for sandbox, sees := range map[string]bool{"a-": true, "a-1": true, "b": true, "a": false, "b-1": false, "default": false} {
		if tokens[0].Sees(sandbox) != sees {
			t.Errorf("a sees %s: %v", sandbox, !sees)
		}
	}
	if got := a.Covering("a-1").Name + a.Covering("c").Name; got != "ab" {
		t.Errorf("a-1 and c are covered by %s", got)
	}
}

// TestRights: which right has which in it.
func TestRights(t *testing.T) {
	for may, has := range map[access.Right][]access.Right{
		access.Read: {access.Read}, access.Act: {access.Read, access.Act}, access.Administer: {access.Read, access.Act, access.Administer}, access.Metrics: {access.Metrics},
	} {
		token := &access.Token{May: []access.Right{may}}
		for _, right := range access.Rights() {
			if token.Can(right) != slices.Contains(has, right) {
				t.Errorf("who may %s may %s: %v", may, right, token.Can(right))
			}
		}
	}
}

// TestAFileThatIsRefused says where, and never what a token is.
func TestAFileThatIsRefused(t *testing.T) {
	const begin, end = "tokens:\n  - {name: a, ", ", sandboxes: [a], may: [read]}\n"
	hash := strings.Repeat("ab", 32)
	for text, says := range map[string]string{
		"":                                  "f.yaml:1: the file is empty",
		"tokens: [":                         "f.yaml: yaml: line 1",
		"tokens: []":                        "f.yaml:1: there are no tokens",
		"teams: []":                         `f.yaml:1: the file knows no "teams"; it knows tokens`,
		"- a":                               "f.yaml:1: the file is no mapping; write tokens",
		"tokens:\n  - a\n":                  "f.yaml:2: a token is no mapping",
		begin + "token: " + plain + end:     "f.yaml:2: the token a stands here as it is, and others may read the file",
		begin + "token: \"${UNSET}\"" + end: "f.yaml:2: the environment variable UNSET of the token a is not set",
		begin + "token: \"${SHORT}\"" + end: "f.yaml:2: the token a is shorter than 16 characters",
		begin + "sha256: abc" + end:         "f.yaml:2: sha256 of a is none",
		begin + "sha256: " + hash + ", token: " + plain + end:                                     "f.yaml:2: the token a needs either sha256",
		"tokens:\n  - {name: a" + end:                                                             "f.yaml:2: the token a needs either sha256",
		"tokens:\n  - {sha256: " + hash + end:                                                     "f.yaml:2: the token has no name",
		"tokens:\n  - name: a\n    sha256: " + hash + "\n    may: [read]\n":                       "f.yaml:2: sandboxes is missing",
		"tokens:\n  - name: a\n    sha256: " + hash + "\n    sandboxes: [a]\n":                    "f.yaml:2: may is missing",
		"tokens:\n  - name: a\n    sha256: " + hash + "\n    sandboxes: ['a*b']\n    may: [read]": `f.yaml:4: sandboxes: "a*b" is none`,
		"tokens:\n  - name: a\n    sha256: " + hash + "\n    sandboxes: [a]\n    may: [all]":      `f.yaml:5: may: "all" is none`,
		begin + "sha256: " + hash + ", limits: {requests: -1}" + end:                              `f.yaml:2: limits: requests is "-1"`,
		begin + "sha256: " + hash + ", limits: {sandboxes: 1.5}" + end:                            `f.yaml:2: limits: sandboxes is "1.5"`,
		begin + "sha256: " + hash + ", limits: {rate: 1}" + end:                                   `f.yaml:2: limits knows no "rate"; it knows sandboxes, requests, bytes`,
		begin + "sha256: " + hash + end + "  - {name: b, sha256: " + hash + end:                   "f.yaml:3: the token b is there twice",
	} {
		_, err := parse(text, false)
		if err == nil || !strings.HasPrefix(err.Error(), says) || strings.Contains(err.Error(), plain) {
			t.Errorf("%s\nis refused with %v, want %s", text, err, says)
		}
	}
	if _, err := parse(begin+"token: "+plain+end, true); err != nil {
		t.Errorf("in a private file: %v", err)
	}
}

// TestLimitsFollowTheClock, go on when the file is read again, and begin anew with others.
func TestLimitsFollowTheClock(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	read := func(requests string) []*access.Token {
		tokens, err := parse("tokens: [{name: a, token: "+plain+", sandboxes: [a], may: [read], limits: {requests: "+requests+"}}]", true)
		if err != nil {
			t.Fatal(err)
		}
		return tokens
	}
	a := access.New(read("0.5"), func() time.Time { return at })
	take := func() time.Duration {
		var much *access.TooMuch
		if errors.As(a.Take(a.Of(plain), httptest.NewRequest("GET", "/", nil)), &much) {
			return much.After.Round(time.Millisecond)
		}
		return 0
	}
	if first, second := take(), take(); first != 0 || second != 2*time.Second {
		t.Errorf("the waits are %s and %s", first, second)
	}
	at = at.Add(time.Second)
	a.Replace(read("0.5"))
	if wait := take(); wait != time.Second {
		t.Errorf("a second later the wait is %s", wait)
	}
	at = at.Add(-time.Hour)
	if wait := take(); wait != time.Second {
		t.Errorf("of a clock that went back the wait is %s", wait)
	}
	a.Replace(read("5"))
	for range 5 {
		if wait := take(); wait != 0 {
			t.Errorf("with another limit the wait is %s", wait)
		}
	}
	if wait := take(); wait != 200*time.Millisecond {
		t.Errorf("the sixth waits %s", wait)
	}
	if (*access.Access)(nil).Take(access.Administrator(), nil) != nil {
		t.Error("an administrator has a limit")
	}
}
