package expertflow

import (
	"time"

	"github.com/parleykit/parley/mockserver/expertflow"
)

// kind is one of the activities that the application has, and what it belongs to.
type kind struct {
	name   string
	belong map[string]any // the selector in the header
	body   map[string]any
}

// The IDs are those that the mock knows from the start, the contents those of the
// contract's examples. Nothing is served at the link.
var (
	recording = kind{
		name:   "recording",
		belong: map[string]any{"channelSessionId": expertflow.ActiveSession},
		body:   map[string]any{"type": "URL", "markdownText": "Call recording", "mediaUrl": "https://recordings.example.com/calls/4711.wav"},
	}
	survey = kind{
		name:   "survey",
		belong: map[string]any{"conversationId": expertflow.ActiveConversation},
		body:   map[string]any{"type": "SURVEY_RESULT", "markdownText": "5 of 5", "surveyId": "customer-satisfaction", "score": 5},
	}
	schedule = kind{
		name:   "schedule",
		belong: map[string]any{"customer": map[string]any{"_id": expertflow.SampleCustomer}},
		body:   map[string]any{"type": "SCHEDULED_ACTIVITY", "markdownText": "Call back on 5 April, 10:00", "status": "SCHEDULED", "dueDate": 1680688800000},
	}
	kinds = []kind{recording, survey, schedule}
)

// activity is a CIM message on its way.
type activity struct {
	id      string
	kind    kind
	message map[string]any
}

// newActivity makes a CIM message, with the defects in it.
func (a *application) newActivity(k kind) activity {
	id := a.NewID()
	if a.has(usesOneID) {
		id = "activity-1"
	}
	header := map[string]any{
		"sender":    map[string]any{"id": "reference-application", "type": "APP", "senderName": "Reference application"},
		"timestamp": time.Now().UnixMilli(),
	}
	for name, value := range k.belong {
		header[name] = value
	}
	body := map[string]any{}
	for name, value := range k.body {
		body[name] = value
	}
	message := map[string]any{"id": id, "header": header, "body": body}
	a.misstate(k, message, header, body)
	return activity{id: id, kind: k, message: message}
}
