package elma365

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// order is what a person or a judge may ask the messenger to do. All is optional.
type order struct {
	Channel string `json:"channel"` // default: the one that was connected last
	Chat    string `json:"chat"`
	User    string `json:"user"`
	Text    string `json:"text"`
	Files   []file `json:"files"`
	UserID  string `json:"userId"` // of ELMA365's, for /ask-user
}

// greetingFile comes with a message whose contents nobody chose. No request goes there.
var greetingFile = file{Name: "greeting.txt", URL: "https://files.example/greeting.txt"}

// ownChat is the chat of a message for which nobody chose one.
const ownChat = "chat12"

// documentedOperator is the user of ELMA365's in the vendor's sample.
const documentedOperator = "95806fe5-f8e8-460c-b2be-ce607068726c"

// say sends one message of a client to ELMA365 and answers 202 with its ID.
func (m *messenger) say(w http.ResponseWriter, r *http.Request) {
	o, at, ok := m.order(w, r)
	if !ok {
		return
	}
	said := message{id: m.nextID(), chat: cmp.Or(o.Chat, ownChat), user: cmp.Or(o.User, "user12"), text: o.Text, files: o.Files}
	if said.text == "" && len(said.files) == 0 {
		said.text = "Hello from the reference messenger"
		said.files = []file{greetingFile}
	}
	if m.has(inventsType) {
		m.call(r.Context(), at.webhook, "typing", map[string]any{"externalChatId": said.chat}) // a defect does not care
	}
	if err := m.send(at.id, said); err != nil {
		partnerkit.Complain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	partnerkit.WriteJSON(w, http.StatusAccepted, map[string]string{"externalMessageId": said.id, "channelId": at.id})
}

// askUser asks ELMA365 for the data of a user and answers with what it said.
func (m *messenger) askUser(w http.ResponseWriter, r *http.Request) {
	o, at, ok := m.order(w, r)
	if !ok {
		return
	}
	data := map[string]any{"userId": cmp.Or(o.UserID, documentedOperator)}
	if m.has(asksWithoutUserID) {
		data = map[string]any{}
	}
	m.report(w, at, "userInfo", data)
}

// disconnectSelf tells ELMA365 that the messenger ends the traffic, once no
// message is being sent any more.
func (m *messenger) disconnectSelf(w http.ResponseWriter, r *http.Request) {
	_, at, ok := m.order(w, r)
	if !ok {
		return
	}
	m.talking.Lock()
	m.channels.disconnect(at.id)
	m.talking.Unlock()
	m.report(w, at, "disconnect", nil)
	if m.has(callsAfterOwnDisconnect) {
		late := message{id: m.NewID(), chat: ownChat, user: "user12", text: "One more thing"}
		m.call(r.Context(), at.webhook, "message", m.dataOf(late)) // a defect does not care
	}
}

// act does what a judge asks for in the header Parley-Ask.
func (m *messenger) act(w http.ResponseWriter, r *http.Request) {
	ask := r.Header.Get("Parley-Ask")
	switch {
	case strings.Contains(ask, "(message)"):
		m.say(w, r)
	case strings.Contains(ask, "(userInfo)"):
		m.askUser(w, r)
	case strings.Contains(ask, "(disconnect)"):
		m.disconnectSelf(w, r)
	default:
		partnerkit.Complain(w, http.StatusBadRequest, "the header Parley-Ask names neither (message) nor (userInfo) nor (disconnect)")
	}
}

// report makes one call and tells the asker how it went.
func (m *messenger) report(w http.ResponseWriter, at channel, kind string, data any) {
	answer, err := m.call(m.Ctx, at.webhook, kind, data)
	if err != nil {
		partnerkit.Complain(w, http.StatusBadGateway, err.Error())
		return
	}
	told := map[string]any{"status": answer.Status}
	if json.Valid(answer.Body) {
		told["answer"] = json.RawMessage(answer.Body)
	}
	partnerkit.WriteJSON(w, http.StatusOK, told)
}

// order reads what is asked, and in which channel. When it cannot be done it has
// answered why.
func (m *messenger) order(w http.ResponseWriter, r *http.Request) (order, channel, bool) {
	var o order
	if !partnerkit.ReadOrder(w, r, &o, "channel, chat, user, text, files, userId") {
		return o, channel{}, false
	}
	at, open := m.channels.find(o.Channel)
	if !open || at.webhook == "" {
		partnerkit.Complain(w, http.StatusConflict, "no channel is connected; let the vendor send connect first")
		return o, at, false
	}
	return o, at, true
}

func (m *messenger) nextID() string {
	if m.has(usesOneID) {
		return "message1"
	}
	return m.NewID()
}
