package expertflow_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/expertflow"
)

// TestThePublishedSamples sends both as they are printed.
func TestThePublishedSamples(t *testing.T) {
	blank := []string{"call.doubtful /header/channelData/channelCustomerIdentifier", "call.doubtful /header/channelData/serviceIdentifier"}
	for _, test := range []struct {
		name, place, session string
		warnings             []string
	}{
		{"documented", expertflow.PlaceTopic, "", append(slices.Clone(blank), "call.doubtful /header")},
		{"documented-recording-link", expertflow.PlaceTopic, expertflow.ActiveSession, blank},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMock(t, "")
			body := sample(t, "operations/pushActivity", test.name)
			if a := m.push(body); a.Status != 200 {
				t.Errorf("answered %d", a.Status)
			}
			if got := m.warnings(); !slices.Equal(got, test.warnings) {
				t.Errorf("warnings %q, want %q", got, test.warnings)
			}
			kept := m.state().Activities
			if len(kept) != 1 || kept[0].Place != test.place || kept[0].Conversation != expertflow.ActiveConversation ||
				kept[0].ChannelSession != test.session || kept[0].Customer != expertflow.SampleCustomer {
				t.Fatalf("kept %+v", kept)
			}
			var event struct{ Data any }
			if err := json.Unmarshal(kept[0].Event, &event); err != nil {
				t.Fatal(err)
			}
			if want := decoded(t, body); !reflect.DeepEqual(event.Data, want) {
				t.Errorf("the event's data is %v, want the message as it was sent: %v", event.Data, want)
			}
		})
	}
}

// TestEveryDocumentedRequest drives every sample of both operations, and one of
// each type of body, through the mock.
func TestEveryDocumentedRequest(t *testing.T) {
	contract := vendor().Contract
	for _, s := range contract.Payloads["operations/pushActivity"].Samples {
		t.Run(s.Name, func(t *testing.T) {
			m := newMock(t, "EF-R-01=on")
			if a := m.pushAs("Bearer "+expertflow.SampleToken, string(s.Body)); a.Status != 200 || len(m.state().Activities) != 1 {
				t.Errorf("answered %d; findings %q", a.Status, m.warnings())
			}
		})
	}
	bodies := 0
	for _, name := range contract.PayloadNames() {
		if !strings.HasPrefix(name, "bodies/") {
			continue
		}
		for _, s := range contract.Payloads[name].Samples {
			bodies++
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				m := newMock(t, "")
				message := `{"id":"m1","header":{"sender":{"id":"app","type":"APP"},` + ofActive + `},"body":` + string(s.Body) + `}`
				if a := m.push(message); a.Status != 200 {
					t.Errorf("answered %d; findings %q", a.Status, m.warnings())
				}
				kept := m.state().Activities
				if len(kept) != 1 {
					t.Fatalf("kept %+v", kept)
				}
				var event struct{ Data struct{ Body any } }
				if err := json.Unmarshal(kept[0].Event, &event); err != nil {
					t.Fatal(err)
				}
				if want := decoded(t, string(s.Body)); !reflect.DeepEqual(event.Data.Body, want) {
					t.Errorf("kept the body %v, want %v", event.Data.Body, want)
				}
			})
		}
	}
	if bodies < 25 {
		t.Errorf("%d examples of bodies; there are 24 recognised types and any other", bodies)
	}
	for _, s := range contract.Payloads["operations/requestToken"].Samples {
		t.Run("requestToken/"+s.Name, func(t *testing.T) {
			m := newMock(t, "")
			if a, g := m.login(form(t, s.Body)); a.Status != 200 || g.AccessToken == "" || g.ExpiresIn != 1800 {
				t.Errorf("answered %d %q", a.Status, a.Body)
			}
		})
	}
}

// form writes a JSON object of strings as a form.
func form(t *testing.T, object []byte) string {
	t.Helper()
	var fields map[string]string
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	return values.Encode()
}

// TestEventsAreAsInTheContract compares what the mock makes of the samples' messages
// with the samples' events. IDs and times of the event are its own.
func TestEventsAreAsInTheContract(t *testing.T) {
	for _, name := range []string{"conversation", "channel-session", "stand-alone"} {
		t.Run(name, func(t *testing.T) {
			want := decoded(t, sample(t, "topic/thirdPartyActivity", name)).(map[string]any)
			message, err := json.Marshal(want["data"])
			if err != nil {
				t.Fatal(err)
			}
			m := newMock(t, "")
			m.push(string(message))
			kept := m.state().Activities
			if len(kept) != 1 {
				t.Fatalf("kept %+v", kept)
			}
			got := decoded(t, string(kept[0].Event)).(map[string]any)
			if id, _ := got["id"].(string); id == "" || got["timestamp"] != float64(m.Sandbox().Clock().Now().UnixMilli()) {
				t.Errorf("the event has id %v and timestamp %v", got["id"], got["timestamp"])
			}
			for _, own := range []string{"id", "timestamp"} {
				delete(got, own)
				delete(want, own)
			}
			// What a channel is like is not the mock's to know.
			if session, ok := want["channelSession"].(map[string]any); ok {
				for _, left := range []string{"channel", "channelData", "customerSuggestions", "customerPresence", "latestIntent"} {
					delete(session, left)
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("the event is %v, want %v", got, want)
			}
		})
	}
}

func decoded(t *testing.T, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	return value
}
