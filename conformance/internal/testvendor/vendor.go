package testvendor

import (
	"net/http"
	"net/http/httptest"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// TB is what this package needs of a test.
type TB interface {
	Helper()
	Fatal(args ...any)
	Cleanup(func())
}

// JournalLimit is how many exchanges the mock keeps.
const JournalLimit = 200

// Mock serves the tiny vendor under an address of its own, self-checked.
func Mock(t TB) *mockserver.Server {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{SelfCheck: true, Journal: traffic.Limits{Exchanges: JournalLimit}}, mockserver.Vendor{Contract: Contract(), Play: play})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(mock)
	t.Cleanup(server.Close)
	mock.SetBaseURL(server.URL)
	return mock
}

func play(stage *mockserver.Stage) mockserver.Behaviour {
	token := func(s *mockserver.Sending) error {
		c, _ := stage.Channel(s.Channel)
		if s.Body["token"] == "t" { // the sample's
			s.Body["token"] = c.Token
		}
		return nil
	}
	return mockserver.Behaviour{
		Channel: func(c *mockserver.Call) string { return c.Params["channel"] },
		Address: func(c mockserver.Channel) string { return "/notes/" + c.ID },
		Opened: func(c mockserver.Channel) []mockserver.Sending {
			return []mockserver.Sending{{Event: "hello", Channel: c.ID}}
		},
		Events: map[string]mockserver.Event{
			"ping": {Complete: token},
			"hello": {Complete: func(s *mockserver.Sending) error {
				c, _ := stage.Channel(s.Channel)
				s.Body = map[string]any{"type": "hello", "token": c.Token, "webhook": stage.BaseURL() + "/notes/" + c.ID}
				return nil
			}},
		},
		Operations: map[string]func(*mockserver.Call) mockserver.Reply{
			"note": func(c *mockserver.Call) mockserver.Reply {
				if channel, ok := stage.Channel(c.Channel); !ok || c.Document.Text("/token") != channel.Token {
					return mockserver.Reply{Status: http.StatusUnauthorized}
				}
				if c.Document.Text("/text") == "break the mock" {
					return mockserver.Reply{Status: http.StatusTeapot}
				}
				return mockserver.Reply{Status: http.StatusOK}
			},
		},
	}
}
