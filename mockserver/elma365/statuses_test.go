package elma365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/elma365"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
)

const kind = "application/json"

// disconnect with a token, as it stands in JSON.
func disconnect(token string) string { return `{"type":"disconnect","token":` + token + `}` }

// TestStatuses is what ELMA365 answers, by the readings in force.
func TestStatuses(t *testing.T) {
	const (
		channel = elma365.DefaultChannel
		invalid = `{"type":"message","token":"confirm","data":{"externalMessageId":5}}`
		foreign = `{"type":"message","token":"foreign","data":{"externalMessageId":5}}`

		textOnly = `{"type":"message","token":"confirm","data":{"externalMessageId":"m","externalChatId":"c","externalUserId":"u","text":"t"}}`
		neither  = `{"type":"message","token":"confirm","data":{"externalMessageId":"m","externalChatId":"c","externalUserId":"u"}}`
		nameless = `{"type":"message","token":"confirm","data":{"externalMessageId":"m","text":"t"}}`
	)
	good := disconnect(`"confirm"`)
	for _, test := range []struct {
		title   string
		reading string // "ELMA365-R-03=http-customary", several with spaces
		channel string
		body    string
		status  int
		method  string // default POST
		kind    string // default application/json; "-" for none
	}{
		{title: "a good call", channel: channel, body: good, status: 200},
		{title: "an unknown channel", channel: "nope", body: good, status: 404},
		{title: "a foreign token", channel: channel, body: disconnect(`"foreign"`), status: 401},
		{title: "a token of another case", channel: channel, body: disconnect(`"Confirm"`), status: 401},
		{title: "the beginning of the token", channel: channel, body: disconnect(`"conf"`), status: 401},
		{title: "the token and a space", channel: channel, body: disconnect(`"confirm "`), status: 401},
		{title: "an empty token", channel: channel, body: disconnect(`""`), status: 401},
		{title: "a token that is no string", channel: channel, body: disconnect(`5`), status: 401},
		{title: "no token", channel: channel, body: `{"type":"disconnect"}`, status: 401},

		{title: "a foreign token for an unknown channel", channel: "nope", body: disconnect(`"foreign"`), status: 404},
		{title: "the same, token first", reading: "ELMA365-R-10=token-first", channel: "nope", body: disconnect(`"foreign"`), status: 401},
		{title: "a known token for an unknown channel, token first", reading: "ELMA365-R-10=token-first", channel: "nope", body: good, status: 404},
		{title: "no JSON for an unknown channel", channel: "nope", body: "{", status: 404},

		{title: "no JSON", channel: channel, body: "{", status: 500},
		{title: "no body", channel: channel, body: "", status: 500},
		{title: "something after the JSON", channel: channel, body: good + "x", status: 500},
		{title: "an array", channel: channel, body: "[]", status: 401},
		{title: "a wrong type", channel: channel, body: invalid, status: 500},
		{title: "an unknown type", channel: channel, body: `{"type":"mesage","token":"confirm"}`, status: 500},
		{title: "another method", channel: channel, method: "PUT", body: good, status: 500},
		{title: "another method without a body", channel: channel, method: "GET", status: 500},
		{title: "another method on an unknown channel", channel: "nope", method: "GET", status: 404},
		{title: "no JSON, by HTTP", reading: "ELMA365-R-03=http-customary", channel: channel, body: "{", status: 400},
		{title: "an unknown type, by HTTP", reading: "ELMA365-R-03=http-customary", channel: channel, body: `{"type":"mesage","token":"confirm"}`, status: 400},
		{title: "another method, by HTTP", reading: "ELMA365-R-03=http-customary", channel: channel, method: "GET", status: 405},

		{title: "another content type", channel: channel, kind: "text/plain", body: good, status: 200},
		{title: "a form's content type", channel: channel, kind: "application/x-www-form-urlencoded", body: good, status: 200},
		{title: "no content type", channel: channel, kind: "-", body: good, status: 200},
		{title: "another content type, JSON only", reading: "ELMA365-R-06=json-only", channel: channel, kind: "text/plain", body: good, status: 500},
		{title: "the same by HTTP", reading: "ELMA365-R-06=json-only ELMA365-R-03=http-customary", channel: channel, kind: "text/plain", body: good, status: 415},
		{title: "no JSON in another content type by HTTP", reading: "ELMA365-R-06=json-only ELMA365-R-03=http-customary", channel: channel, kind: "text/plain", body: "{", status: 415},
		{title: "JSON in UTF-8, JSON only", reading: "ELMA365-R-06=json-only", channel: channel, kind: "application/json; charset=utf-8", body: good, status: 200},
		{title: "a foreign token in another content type, JSON only", reading: "ELMA365-R-06=json-only", channel: channel, kind: "text/plain", body: disconnect(`"foreign"`), status: 401},

		{title: "a foreign token and a broken body", channel: channel, body: foreign, status: 401},
		{title: "the same, body first", reading: "ELMA365-R-11=body-before-token", channel: channel, body: foreign, status: 500},
		{title: "no token, body first", reading: "ELMA365-R-11=body-before-token", channel: channel, body: `{"type":"disconnect"}`, status: 500},
		{title: "a foreign token alone, body first", reading: "ELMA365-R-11=body-before-token", channel: channel, body: disconnect(`"foreign"`), status: 401},

		{title: "text alone", channel: channel, body: textOnly, status: 200},
		{title: "text alone where both are needed", reading: "ELMA365-R-16=both-required", channel: channel, body: textOnly, status: 500},
		{title: "neither text nor files, which is ours to demand", channel: channel, body: neither, status: 200},
		{title: "neither text nor files, as was agreed", reading: "ELMA365-R-16=at-least-one", channel: channel, body: neither, status: 500},
		{title: "neither where both are optional", reading: "ELMA365-R-16=both-optional", channel: channel, body: neither, status: 200},
		{title: "neither chat nor user, which is ours to demand", channel: channel, body: nameless, status: 200},
		{title: "neither chat nor user, as was agreed", reading: "ELMA365-R-15=as-listed", channel: channel, body: nameless, status: 500},
		{title: "neither where the envelope is enough", reading: "ELMA365-R-15=envelope-only", channel: channel, body: nameless, status: 200},
		{title: "no data", channel: channel, body: good, status: 200},
		{title: "no data where it is needed", reading: "ELMA365-R-18=required", channel: channel, body: good, status: 500},
		{title: "data where it is needed", reading: "ELMA365-R-18=required", channel: channel, body: `{"type":"disconnect","token":"confirm","data":{}}`, status: 200},

		{title: "any token", reading: "ELMA365-R-08=any", channel: channel, body: disconnect(`"foreign"`), status: 200},
		{title: "no token where any is taken", reading: "ELMA365-R-08=any", channel: channel, body: `{"type":"disconnect"}`, status: 401},
		{title: "an empty token where the channel has none", channel: "empty", body: disconnect(`""`), status: 200},
		{title: "a token where the channel has none", channel: "empty", body: good, status: 401},
		{title: "the same, unchecked", reading: "ELMA365-R-09=no-check", channel: "empty", body: good, status: 200},
		{title: "a foreign token where another channel has none", reading: "ELMA365-R-09=no-check", channel: channel, body: disconnect(`"foreign"`), status: 401},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := newMock(t, test.reading)
			if _, err := m.Sandbox().PutChannel(mockserver.Channel{ID: "empty"}); err != nil {
				t.Fatal(err)
			}
			method, contentType := "POST", kind
			if test.method != "" {
				method = test.method
			}
			if test.kind != "" {
				contentType = strings.TrimPrefix(test.kind, "-")
			}
			a := m.do(method, test.channel, test.body, contentType)
			if a.Status != test.status || a.Body != "" {
				t.Errorf("answered %d %q, want %d without a body", a.Status, a.Body, test.status)
			}
			e := m.Sandbox().Journal().Find(nil)[0]
			if e.Channel != test.channel || e.Status() != test.status {
				t.Errorf("journalled for channel %s with %d", e.Channel, e.Status())
			}
		})
	}
}

func TestAStatusIsAnsweredOnDemand(t *testing.T) {
	m := newMock(t, "")
	m.Fault(fault.Rule{Operation: "message", Status: 500, Times: 1})
	for _, want := range []int{500, 200} {
		if a := m.post(elma365.DefaultChannel, message("m1", "Hi")); a.Status != want {
			t.Errorf("answered %d, want %d", a.Status, want)
		}
	}
	if s := m.state(); len(s.Messages) != 1 || s.Messages[0].Copies != 1 {
		t.Errorf("stored %+v; what was answered 500 is not", s.Messages)
	}
}

// TestAfterADisconnect: of either side, by each reading.
func TestAfterADisconnect(t *testing.T) {
	for reading, want := range map[string]int{"": 404, "ELMA365-R-30=closed-404": 404, "ELMA365-R-30=closed-401": 401, "ELMA365-R-30=still-open": 200} {
		for _, side := range []string{"messenger", "ELMA365"} {
			t.Run(side+" "+reading, func(t *testing.T) {
				m := newMock(t, reading)
				p := mocktest.NewPartner(t, says(200, ""))
				m.connected(p)
				if side == "messenger" {
					m.post(elma365.DefaultChannel, disconnect(`"confirm"`))
				} else {
					m.send(mockserver.SendRequest{Event: "disconnect"})
				}
				if c, _ := m.Sandbox().Channel(elma365.DefaultChannel); c.State != mockserver.ChannelDisconnected {
					t.Errorf("the channel is %s", c.State)
				}
				if a := m.post(elma365.DefaultChannel, message("m1", "Hi")); a.Status != want {
					t.Errorf("answered %d, want %d", a.Status, want)
				}
				_, err := m.Sandbox().Send(mocktest.Soon(t), mockserver.SendRequest{Event: "message", Wait: true})
				if (err == nil) != (want == 200) || err != nil && !strings.Contains(err.Error(), "was disconnected; open it again") {
					t.Errorf("sending over it: %v", err)
				}
				if d := m.send(mockserver.SendRequest{Event: "message", Broken: true}); d.State != outbox.Delivered {
					t.Errorf("what is broken on purpose is %s: %s", d.State, d.Error)
				}
				m.connected(p)
				if a := m.post(elma365.DefaultChannel, message("m2", "Hi")); a.Status != 200 {
					t.Errorf("opened again it answers %d", a.Status)
				}
			})
		}
	}
}

// A messenger may give up before it has answered connect.
func TestADisconnectDuringConnect(t *testing.T) {
	m := newMock(t, "")
	p := mocktest.NewPartner(t, func(http.ResponseWriter, *http.Request) {
		m.post(elma365.DefaultChannel, disconnect(`"confirm"`))
	})
	c, _, err := m.Sandbox().OpenChannel(mocktest.Soon(t), mockserver.Channel{ID: elma365.DefaultChannel, Token: "confirm", URL: p.URL})
	if err != nil || c.State != mockserver.ChannelDisconnected {
		t.Errorf("the channel is %s, %v", c.State, err)
	}
}
