package expertflow_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/expertflow"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

// TestWhereAnActivityGoes: published, stored, or kept in the customer's history.
func TestWhereAnActivityGoes(t *testing.T) {
	const (
		topic, store, history = expertflow.PlaceTopic, expertflow.PlaceStore, expertflow.PlaceHistory
		active, past          = expertflow.ActiveConversation, expertflow.PastConversation
		unknown               = `"conversationId":"nope"`
	)
	for _, test := range []struct {
		title, readings, header    string
		status                     int // default 200
		place, conversation, owner string
	}{
		{title: "an active conversation", header: ofActive, place: topic, conversation: active, owner: expertflow.SampleCustomer},
		{title: "a past conversation", header: ofPast, place: store, conversation: past, owner: expertflow.SampleCustomer},
		{title: "a session of an active conversation", header: ofSession, place: topic, conversation: active, owner: expertflow.SampleCustomer},
		{title: "a session of a past conversation", header: ofOld, place: store, conversation: past, owner: expertflow.SampleCustomer},
		{title: "a customer", header: ofAlex, place: history, owner: expertflow.SampleCustomer},
		{title: "a customer without conversations", header: `"customer":{"_id":"` + expertflow.OtherCustomer + `"}`, place: history, owner: expertflow.OtherCustomer},
		{title: "the others null", header: ofAlex + `,"conversationId":null,"channelSessionId":null`, place: history, owner: expertflow.SampleCustomer},
		{title: "the others empty", header: ofAlex + `,"conversationId":"","channelSessionId":""`, place: history, owner: expertflow.SampleCustomer},

		{title: "conversation before session", header: ofPast + "," + ofSession, place: store, conversation: past, owner: expertflow.SampleCustomer},
		{title: "session before conversation", readings: "EF-R-08=session-first", header: ofPast + "," + ofSession, place: topic, conversation: active, owner: expertflow.SampleCustomer},
		{title: "an unknown session and a conversation", readings: "EF-R-08=session-first", header: ofActive + `,"channelSessionId":"nope"`, place: topic, conversation: active, owner: expertflow.SampleCustomer},

		{title: "an unknown conversation", header: unknown, place: store, conversation: "nope"},
		{title: "an unknown session", header: `"channelSessionId":"nope"`, place: store},
		{title: "an unknown customer", header: `"customer":{"_id":"nope"}`, place: history, owner: "nope"},
		{title: "an unknown conversation, not found", readings: "EF-R-04=not-found", header: unknown, status: 404},
		{title: "an unknown session, not found", readings: "EF-R-04=not-found", header: `"channelSessionId":"nope"`, status: 404},
		{title: "an unknown customer, not found", readings: "EF-R-04=not-found", header: `"customer":{"_id":"nope"}`, status: 404},
		{title: "a known one, nothing not found", readings: "EF-R-04=not-found", header: ofSession, place: topic, conversation: active, owner: expertflow.SampleCustomer},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := newMock(t, test.readings)
			a := m.push(activity("a1", test.header))
			if test.status != 0 {
				if a.Status != test.status || len(m.state().Activities) != 0 || !slices.Contains(m.warnings(), "call.refused ") {
					t.Errorf("answered %d, kept %+v, found %q", a.Status, m.state().Activities, m.warnings())
				}
				return
			}
			if a.Status != http.StatusOK {
				t.Fatalf("answered %d", a.Status)
			}
			kept := m.state().Activities
			if len(kept) != 1 {
				t.Fatalf("kept %+v", kept)
			}
			got := kept[0]
			if got.ID != "a1" || got.Place != test.place || got.Conversation != test.conversation || got.Customer != test.owner || got.Copies != 1 {
				t.Errorf("kept %+v", got)
			}
			var event struct {
				ConversationID *string
				Data           struct{ ID string }
			}
			if err := json.Unmarshal(got.Event, &event); err != nil {
				t.Fatal(err)
			}
			if event.Data.ID != "a1" || (event.ConversationID == nil) != (test.conversation == "") || test.conversation != "" && *event.ConversationID != test.conversation {
				t.Errorf("the event is %s", got.Event)
			}
		})
	}
}

// TestInvalidMessages: EF-R-03. None is kept.
func TestInvalidMessages(t *testing.T) {
	for title, body := range map[string]string{
		"no JSON":                    "{",
		"nothing":                    "",
		"an array":                   "[]",
		"null":                       "null",
		"no header":                  `{"body":{"type":"NOTE"}}`,
		"no sender":                  `{"header":{` + ofActive + `},"body":{"type":"NOTE"}}`,
		"no body":                    `{"header":{"sender":{"id":"app","type":"APP"},` + ofActive + `}}`,
		"no selector":                `{"header":{"sender":{"id":"app","type":"APP"}},"body":{"type":"NOTE"}}`,
		"a type without its members": `{"header":{"sender":{"id":"app","type":"APP"},` + ofActive + `},"body":{"type":"URL"}}`,
	} {
		t.Run(title, func(t *testing.T) {
			for readings, want := range map[string]int{"": 400, "EF-R-03=silent": 200} {
				m := newMock(t, readings)
				if a := m.push(body); a.Status != want || a.Header.Get(mockserver.HeaderFindings) == "0" {
					t.Errorf("answered %d with %s findings, want %d", a.Status, a.Header.Get(mockserver.HeaderFindings), want)
				}
				if n := len(m.state().Activities); n != 0 {
					t.Errorf("kept %d activities", n)
				}
			}
		})
	}
}

// No status is documented for another method, so the mock speaks for itself.
func TestAnotherMethod(t *testing.T) {
	m := newMock(t, "EF-R-01=on")
	if a := m.Do("GET", activities, ""); a.Status != http.StatusMethodNotAllowed || !strings.Contains(a.Body, "urn:parley:problem:") {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

// Who waits in the journal for an activity finds it in the state.
func TestWaitingForAnActivity(t *testing.T) {
	m := newMock(t, "")
	pushed := make(chan mocktest.Answer, 1)
	go func() { pushed <- m.push(activity("a1", ofPast)) }()
	a := m.Do("GET", "/_parley/journal/wait?operation=operations/pushActivity", "")
	if kept := m.state().Activities; a.Status != http.StatusOK || len(kept) != 1 || kept[0].Place != expertflow.PlaceStore {
		t.Errorf("answered %d, kept %+v", a.Status, kept)
	}
	if a := <-pushed; a.Status != http.StatusOK {
		t.Errorf("the push was answered %d", a.Status)
	}
}

// TestRepeats: EF-R-05.
func TestRepeats(t *testing.T) {
	for readings, want := range map[string][]int{"": {1, 1, 1}, "EF-R-05=one-activity": {2, 1}} {
		m := newMock(t, readings)
		for _, id := range []string{"a1", "a1", "a2"} {
			if a := m.push(activity(id, ofActive)); a.Status != http.StatusOK {
				t.Errorf("answered %d", a.Status)
			}
		}
		var copies []int
		for _, a := range m.state().Activities {
			copies = append(copies, a.Copies)
		}
		if !slices.Equal(copies, want) {
			t.Errorf("%q: kept %v copies, want %v", readings, copies, want)
		}
	}
}

// TestWhatTheVendorFillsIn: an ID, and the time of receipt (EF-HDR-012).
func TestWhatTheVendorFillsIn(t *testing.T) {
	for readings, want := range map[string]int64{"": 1680560551020, "EF-R-15=seconds": 1680560551} {
		m := newMock(t, readings)
		m.push(`{"header":{"sender":{"id":"app","type":"APP"},` + ofActive + `},"body":{"type":"NOTE"}}`)
		kept := m.state().Activities
		if len(kept) != 1 || kept[0].ID == "" {
			t.Fatalf("kept %+v", kept)
		}
		var event struct {
			Timestamp int64
			Data      struct {
				ID     string
				Header struct{ Timestamp int64 }
			}
		}
		if err := json.Unmarshal(kept[0].Event, &event); err != nil {
			t.Fatal(err)
		}
		if event.Data.ID != kept[0].ID || event.Data.Header.Timestamp != want || event.Timestamp != 1680560551020 {
			t.Errorf("%q: the event is %s", readings, kept[0].Event)
		}
	}
}

// TestNameOfTheEvent: EF-R-20.
func TestNameOfTheEvent(t *testing.T) {
	for _, test := range []struct{ readings, intent, want string }{
		{"", `"SURVEY_DONE"`, "THIRD_PARTY_ACTIVITY"},
		{"EF-R-20=intent", `"SURVEY_DONE"`, "SURVEY_DONE"},
		{"EF-R-20=intent", `null`, "THIRD_PARTY_ACTIVITY"},
		{"EF-R-20=intent", `""`, "THIRD_PARTY_ACTIVITY"},
	} {
		m := newMock(t, test.readings)
		m.push(activity("a1", ofActive+`,"intent":`+test.intent))
		var event struct{ Name string }
		if err := json.Unmarshal(m.state().Activities[0].Event, &event); err != nil {
			t.Fatal(err)
		}
		if event.Name != test.want {
			t.Errorf("%s, intent %s: the event is called %s", test.readings, test.intent, event.Name)
		}
	}
}

// TestDoubtfulActivities are accepted all the same, and the answer says nothing
// of the doubt.
func TestDoubtfulActivities(t *testing.T) {
	const doubt = mockserver.CodeDoubtful + " "
	good := activity("a1", ofActive)
	header := func(more string) string { return activity("a1", ofActive+","+more) }
	blank := header(`"channelData":{"channelCustomerIdentifier":" ","serviceIdentifier":"1122"}`)
	reply := header(`"replyToMessageId":"m0"`)
	spelled := strings.Replace(good, `"type":"NOTE"`, `"type":"VOICE_RECORDING","mediaURL":"https://recordings.example.com/1.wav"`, 1)
	ofType := func(body string) string { return strings.Replace(good, `"NOTE"`, body, 1) }
	for _, test := range []struct {
		title, readings, body string
		warnings              []string
	}{
		{"nothing doubtful", "", good, nil},
		{"seconds", "", strings.Replace(good, "1680560551000", "1680560551", 1), []string{"body.unit /header/timestamp"}},
		{"seconds, which are right", "EF-R-15=seconds", strings.Replace(good, "1680560551000", "1680560551", 1), nil},
		{"a blank identifier", "", blank, []string{doubt + "/header/channelData/channelCustomerIdentifier"}},
		{"a renamed member", "", reply, []string{doubt + "/header/replyToMessageId"}},
		{"the same, as it was called", "EF-R-19=replyToMessageId", reply, nil},
		{"a renamed member that is null", "", header(`"replyToMessageId":null`), nil},
		{"mediaURL", "", spelled, []string{doubt + "/body/mediaURL"}},
		{"mediaURL, which is right", "EF-R-22=mediaURL", spelled, nil},
		{"mediaURL of a URL message", "", strings.Replace(spelled, "VOICE_RECORDING", "URL", 1), []string{"body.unknown-key /body/mediaURL"}},
		{"the values of a table", "", ofType(`"BUTTON","buttonMessageType":"Quick_Replies","buttons":[]`), []string{"body.unknown-value /body/buttonMessageType"}},
		{"the same, of a delivery", "", ofType(`"DELIVERYNOTIFICATION","messageId":"m0","status":"Read","reasonCode":200`), []string{"body.unknown-value /body/status"}},
		{"the same, which are right", "EF-R-24=tables", ofType(`"BUTTON","buttonMessageType":"Quick_Replies","buttons":[]`), nil},
		{"a blank button", "", ofType(`"BUTTON","buttonMessageType":"BUTTON","buttons":[{"title":" ","payload":"1","type":"postback"}]`), []string{doubt + "/body/buttons/0/title"}},
		{"a blank text of an own type", "", ofType(`"NOTE","name":" "`), nil},
		{"a blank sender", "", strings.Replace(good, `"id":"app"`, `"id":" "`, 1), []string{doubt + "/header/sender/id"}},
		{"a customer as the page has it", "", activity("a1", `"customer":{"Id":"642b51a661e49d5776378711"}`), []string{doubt + "/header/customer/Id"}},
		{"an unknown sender", "", strings.Replace(good, `"APP"`, `"HUMAN"`, 1), []string{"body.unknown-value /header/sender/type"}},
		{"a sender in lower case", "", strings.Replace(good, `"APP"`, `"app"`, 1), []string{"body.unknown-value /header/sender/type"}},
		{"the same, which is right", "EF-R-14=either", strings.Replace(good, `"APP"`, `"app"`, 1), nil},
		{"two selectors", "", header(ofAlex), []string{doubt + "/header"}},
		{"three selectors", "EF-R-08=session-first", header(ofAlex + "," + ofSession), []string{doubt + "/header"}},
	} {
		t.Run(test.title, func(t *testing.T) {
			m := newMock(t, test.readings)
			if a := m.push(test.body); a.Status != http.StatusOK || len(m.state().Activities) != 1 {
				t.Errorf("answered %d, kept %d", a.Status, len(m.state().Activities))
			}
			if got := m.warnings(); !slices.Equal(got, test.warnings) {
				t.Errorf("warnings %q, want %q", got, test.warnings)
			}
			for _, f := range m.Sandbox().Journal().Find(nil)[0].Findings {
				if f.Code == mockserver.CodeDoubtful && (f.Severity != traffic.Warn || f.Part != traffic.InRequest || f.Hint == "" || f.Expected == "" || f.Actual == "") {
					t.Errorf("the finding is %+v", f)
				}
			}
		})
	}
}

// What a schema refuses is not doubtful besides.
func TestWhatIsWrongIsNotDoubtful(t *testing.T) {
	for readings, body := range map[string]string{
		"":                    activity("a1", `"customer":{"firstName":"Alex"}`),
		"EF-R-22=mediaUrl":    strings.Replace(activity("a1", ofActive), `"type":"NOTE"`, `"type":"URL","mediaURL":"https://recordings.example.com/1.wav"`, 1),
		"EF-R-07=exactly-one": activity("a1", ofActive+","+ofAlex),
	} {
		m := newMock(t, readings)
		a := m.push(body)
		if a.Status != http.StatusBadRequest || slices.ContainsFunc(m.warnings(), func(w string) bool { return strings.HasPrefix(w, mockserver.CodeDoubtful) }) {
			t.Errorf("%q: answered %d with %q", readings, a.Status, m.warnings())
		}
	}
}

// TestContentTypes: EF-R-47. JSON is read under any name, unless the other option is
// chosen.
func TestContentTypes(t *testing.T) {
	for _, test := range []struct {
		readings, contentType string
		status                int
	}{
		{"", "application/json; charset=utf-8", 200}, {"", "text/plain", 200}, {"", "", 200},
		{"EF-R-47=refused", "application/json; charset=utf-8", 200}, {"EF-R-47=refused", "text/plain", 415}, {"EF-R-47=refused", "", 415},
	} {
		m := newMock(t, test.readings)
		a := m.Do("POST", activities, activity("a1", ofActive), "Content-Type", test.contentType)
		if kept := len(m.state().Activities); a.Status != test.status || (kept == 1) != (test.status == 200) {
			t.Errorf("%s %q: answered %d, kept %d", test.readings, test.contentType, a.Status, kept)
		}
	}
}

// A fault answers in the vendor's place; the doubt stays in the journal.
func TestDoubtsBesideAFault(t *testing.T) {
	m := newMock(t, "")
	m.Fault(fault.Rule{Operation: "pushActivity", Status: 500})
	m.push(activity("a1", ofActive+","+ofAlex))
	if got := m.warnings(); !slices.Equal(got, []string{"call.doubtful /header"}) {
		t.Errorf("warnings %q", got)
	}
}

// TestBytesAroundTheMessage: what is taken is kept, and what is not is refused; no
// bytes are the mock's undoing.
func TestBytesAroundTheMessage(t *testing.T) {
	for title, body := range map[string]string{
		"a byte order mark": "\ufeff" + activity("a1", ofActive),
		"white space":       "\n\t " + activity("a1", ofActive) + "\r\n",
		"text after it":     activity("a1", ofActive) + "x",
		"no UTF-8":          strings.Replace(activity("a1", ofActive), "NOTE", "NOTE\xff", 1),
		"HTML":              strings.Replace(activity("a1", ofActive), "NOTE", "<NOTE>&\u2028", 1),
	} {
		m := newMock(t, "")
		a := m.push(body)
		kept := len(m.state().Activities)
		if a.Status != 200 && a.Status != 400 || (a.Status == 200) != (kept == 1) {
			t.Errorf("%s: answered %d, kept %d", title, a.Status, kept)
		}
		if a := m.Do("GET", "/_parley/state", ""); a.Status != 200 || !json.Valid([]byte(a.Body)) {
			t.Errorf("%s: the state is %d %s", title, a.Status, a.Body)
		}
	}
}
