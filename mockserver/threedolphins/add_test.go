package threedolphins_test

import (
	"testing"
	"time"
)

// TestTheLifeOfTokensChanges: earlier tokens end, later ones live as long as was
// said.
func TestTheLifeOfTokensChanges(t *testing.T) {
	m := newMock(t, "")
	if life := m.state().TokenLife; life != "1h0m0s" {
		t.Errorf("tokens live %s", life)
	}
	m.pass(time.Second)
	if err := m.Sandbox().AddState("3dolphins", []byte(`{"tokenLife":"2s"}`)); err != nil {
		t.Fatal(err)
	}
	if a := m.call("GET", someTicket, ""); a.status != 401 {
		t.Errorf("a token from before: %d", a.status)
	}
	m.token = m.login()
	m.pass(1999 * time.Millisecond)
	if a := m.call("GET", someTicket, ""); a.status != 200 {
		t.Errorf("a new token before its end: %d", a.status)
	}
	m.pass(time.Millisecond)
	if a := m.call("GET", someTicket, ""); a.status != 401 {
		t.Errorf("a new token at its end: %d", a.status)
	}
	if life := m.state().TokenLife; life != "2s" {
		t.Errorf("now tokens live %s", life)
	}
}

func TestALifeThatIsNone(t *testing.T) {
	m := newMock(t, "")
	for _, state := range []string{`{}`, `{"tokenLife":"0s"}`, `{"tokenLife":"-1h"}`, `{"tokenLife":"long"}`, `{"tokenLife":5}`, `{"tickets":[]}`, `[]`} {
		if err := m.Sandbox().AddState("3dolphins", []byte(state)); err == nil {
			t.Errorf("%s is accepted", state)
		}
	}
	if a := m.call("GET", someTicket, ""); a.status != 200 {
		t.Errorf("what was refused ended a token: %d", a.status)
	}
}
