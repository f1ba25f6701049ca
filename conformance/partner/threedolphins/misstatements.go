package threedolphins

import (
	"bytes"
	"html"
	"net/http"
	"path"
	"strings"
)

// Members of the vendor's samples, which some copy with the code.
const (
	documentedTicket = "294c9ea88f7e649f8c37ae895ebab247"
	documentedOwner  = "82ab0fd5cfd1e80d1ff97c0cfc9aaaa"
)

// misstatements are defects in a body, each with what it does to it.
type misstatements map[string]func(body map[string]any)

func without(name string) func(map[string]any) {
	return func(body map[string]any) { delete(body, name) }
}

func with(name string, value any) func(map[string]any) {
	return func(body map[string]any) { body[name] = value }
}

var misstatedOutgoing = misstatements{
	sendsNoTicketNumber: without("ticketNumber"),
	sendsNoChannel:      without("channel"),
	sendsNoMessageType:  without("messageType"),
	sendsNoMediaLink:    without("mediaLink"),
	sendsNoCustomerName: without("customerName"),
	sendsNoOwner:        without("owner"),
	sendsTextInstead: func(body map[string]any) {
		body["text"] = body["message"]
		delete(body, "message")
	},
	sendsMessageAsObject:   func(body map[string]any) { body["message"] = map[string]any{"text": body["message"]} },
	sendsNumericTicket:     with("ticketNumber", 294),
	sendsNullMediaLink:     func(body map[string]any) { nullIfEmpty(body, "mediaLink") },
	sendsRelativeMediaLink: func(body map[string]any) { body["mediaLink"] = "media/" + path.Base(body["mediaLink"].(string)) },
	sendsMediaLinkAsList: func(body map[string]any) {
		if body["mediaLink"] != "" {
			body["mediaLink"] = []any{body["mediaLink"]}
		}
	},
	sendsMediaWithoutName: func(body map[string]any) {
		if body["mediaLink"] != "" {
			delete(body, "customerName")
		}
	},
	sendsUnknownType: func(body map[string]any) { replaced(body, "messageType", "text", "plain") },
	sendsLinkInMessage: func(body map[string]any) {
		if body["mediaLink"] != "" {
			body["message"], body["mediaLink"] = body["mediaLink"], ""
		}
	},
	sendsLocationInWords: func(body map[string]any) {
		if body["messageType"] == "Location" {
			body["message"] = "Monas, Jakarta"
		}
	},
	sendsLocationAsObject: func(body map[string]any) {
		if body["messageType"] == "Location" {
			body["message"] = map[string]any{"latitude": -6.175, "longitude": 106.827}
		}
	},
	sendsCreatedDateInWords: with("createdDate", "28 April 2021"),
	answersDocumentedTicket: with("ticketNumber", documentedTicket),
	sendsWhatsAppAlways:     with("channel", "whatsapp"),
	sendsDocumentedOwner:    with("owner", documentedOwner),
	sendsMediaAsText: func(body map[string]any) {
		if body["mediaLink"] != "" {
			body["messageType"] = "text"
		}
	},
	shortensCustomerName: renamed(func(name string) string {
		first, _, _ := strings.Cut(name, " ")
		return first
	}),
	escapesCustomerName:  renamed(html.EscapeString),
	misreadsCustomerName: renamed(latin1),
	stripsAccents:        renamed(strings.NewReplacer("ë", "e").Replace),
	renamesCustomer:      with("customerName", "Pelanggan"),
}

func renamed(change func(string) string) func(map[string]any) {
	return func(body map[string]any) {
		if name, ok := body["customerName"].(string); ok {
			body["customerName"] = change(name)
		}
	}
}

// latin1 takes each byte for a character.
func latin1(text string) string {
	runes := make([]rune, 0, len(text))
	for _, b := range []byte(text) {
		runes = append(runes, rune(b))
	}
	return string(runes)
}

var misstatedCommand = misstatements{
	closesWithoutTicketNumber: without("ticketNumber"),
	closesWithoutChannel:      without("channel"),
	closesWithoutOwner:        without("owner"),
	closesWithoutEvent:        without("event"),
	closesInSmallLetters:      with("event", "close"),
	closesAsClosed:            with("event", "Closed"),
	closesDocumentedTicket:    with("ticketNumber", documentedTicket),
	sendsWhatsAppAlways:       with("channel", "whatsapp"),
	sendsDocumentedOwner:      with("owner", documentedOwner),
}

func nullIfEmpty(body map[string]any, name string) { replaced(body, name, "", nil) }

func replaced(body map[string]any, name string, old, now any) {
	if body[name] == old {
		body[name] = now
	}
}

// misstate is where the defects of a body are.
func (b *bot) misstate(body map[string]any, wrong misstatements) {
	for name, change := range wrong {
		if b.has(name) {
			change(body)
		}
	}
}

// misstateRequest is where the defects of an event's form are.
func (b *bot) misstateRequest(kind string, r *http.Request, body []byte) []byte {
	switch {
	case b.has(sendsCurlyQuotes):
		return bytes.ReplaceAll(body, []byte(`":"`), []byte("”:“"))
	case b.has(sendsList), kind == command && b.has(closesWithList):
		return []byte("[" + string(body) + "]")
	case b.has(sendsAsText):
		r.Header.Set("Content-Type", "text/plain")
	case b.has(sendsAsForm):
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case b.has(sendsLatin1):
		return bytes.ReplaceAll(bytes.ReplaceAll(body, []byte("“"), []byte{0x93}), []byte("”"), []byte{0x94})
	case b.has(sendsWithPut):
		r.Method = http.MethodPut
	case b.has(sendsElsewhere):
		r.URL.Path = path.Join(path.Dir(r.URL.Path), elsewhere)
	case kind == command && b.has(closesAtOutgoingURL):
		r.URL.Path = strings.TrimSuffix(r.URL.Path, command) + outgoing
	case kind == command && b.has(closesWithSlash):
		r.URL.Path += "/"
	case kind == command && b.has(closesAtRoot):
		r.URL.Path = "/" + command
	}
	return body
}
