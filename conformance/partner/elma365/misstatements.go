package elma365

import (
	"bytes"
	"net/http"
	"strings"
)

// misstated are the defects in the data of a client's message, each with what it
// does to it.
var misstated = map[string]func(data map[string]any){
	sendsNoMessageID: func(data map[string]any) { delete(data, "externalMessageId") },
	sendsNoChat:      func(data map[string]any) { delete(data, "externalChatId") },
	sendsNoUser:      func(data map[string]any) { delete(data, "externalUserId") },
	sendsNumericIDs:  func(data map[string]any) { data["externalChatId"], data["externalUserId"] = 12, 12 },
	sendsNullFiles: func(data map[string]any) {
		data["files"] = nil
	},
	sendsChatNameAsObject: func(data map[string]any) { data["externalChatName"] = map[string]any{"name": "Chat"} },
	sendsTextAsList:       func(data map[string]any) { data["text"] = []any{data["text"]} },
	sendsEmptyMessage:     func(data map[string]any) { delete(data, "text"); delete(data, "files") },
	sendsFilesAsObject:    func(data map[string]any) { data["files"] = greetingFile },
	sendsFileWithoutName:  func(data map[string]any) { data["files"] = []any{map[string]string{"URL": greetingFile.URL}} },
	sendsURLInLowerCase: func(data map[string]any) {
		data["files"] = []any{map[string]string{"name": greetingFile.Name, "url": greetingFile.URL}}
	},
}

// misstateEnvelope is where the defects of a call's envelope are.
func (m *messenger) misstateEnvelope(body map[string]any) {
	switch {
	case m.has(sendsWrongToken):
		body["token"] = m.Token + "2"
	case m.has(sendsNoToken):
		delete(body, "token")
	case m.has(sendsTypeInCapitals):
		body["type"] = strings.ToUpper(body["type"].(string))
	case m.has(asksByOwnType) && body["type"] == "userInfo":
		body["type"] = "getUserInfo"
	case m.has(endsByOwnType) && body["type"] == "disconnect":
		body["type"] = "bye"
	}
}

// misstateRequest is where the defects of a call's form are.
func (m *messenger) misstateRequest(r *http.Request, kind any, body []byte) []byte {
	switch {
	case m.has(asksInWords) && kind == "userInfo":
		return []byte("Who is that?")
	case m.has(asksAsText) && kind == "userInfo":
		r.Header.Set("Content-Type", "text/plain")
	case m.has(sendsNoBreakSpaces):
		return bytes.ReplaceAll(body, []byte(`,"`), []byte(",\u00a0\""))
	case m.has(sendsList):
		return []byte("[" + string(body) + "]")
	case m.has(sendsAsText):
		r.Header.Set("Content-Type", "text/plain")
	case m.has(sendsWithPut):
		r.Method = http.MethodPut
	case m.has(addsToURL):
		r.URL.RawQuery = "source=messenger"
	case m.has(callsAnotherChannel):
		r.URL.Path = r.URL.Path[:strings.LastIndex(r.URL.Path, "/")+1] + documentedChannel
	}
	return body
}

// documentedChannel is the channel of the vendor's samples.
const documentedChannel = "ebf45efc-cc67-4b60-9e3f-121966ba9f30"
