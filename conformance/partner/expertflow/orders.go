package expertflow

import (
	"maps"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// order is what a person or a judge may ask for beside the kind. All is optional.
type order struct {
	Customer       string         `json:"customer"`       // instead of what the kind belongs to
	Conversation   string         `json:"conversation"`   //
	ChannelSession string         `json:"channelSession"` //
	Body           map[string]any `json:"body"`           // instead of the kind's
}

// pushWhatIsAsked follows the judge, who names the kind at the end of what it asks.
func (a *application) pushWhatIsAsked(w http.ResponseWriter, r *http.Request) {
	asked := recording
	for _, k := range kinds {
		if strings.HasSuffix(r.Header.Get("Parley-Ask"), k.name+").") {
			asked = k
		}
	}
	a.order(w, r, asked)
}

// order pushes one activity and answers 202 with its ID.
func (a *application) order(w http.ResponseWriter, r *http.Request, k kind) {
	var o order
	if !partnerkit.ReadOrder(w, r, &o, "customer, conversation, channelSession, body") {
		return
	}
	if a.API == "" {
		partnerkit.Complain(w, http.StatusConflict, "it is not known where the vendor is; give the base URL of its API")
		return
	}
	it := a.newActivity(o.change(k))
	if err := a.push(it); err != nil {
		partnerkit.Complain(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	partnerkit.WriteJSON(w, http.StatusAccepted, map[string]string{"id": it.id})
}

// change returns the kind as it was ordered.
func (o order) change(k kind) kind {
	belong := map[string]any{}
	if o.Customer != "" {
		belong["customer"] = map[string]any{"_id": o.Customer}
	}
	if o.Conversation != "" {
		belong["conversationId"] = o.Conversation
	}
	if o.ChannelSession != "" {
		belong["channelSessionId"] = o.ChannelSession
	}
	if len(belong) > 0 {
		k.belong = belong
	}
	if o.Body != nil {
		k.body = maps.Clone(o.Body)
	}
	return k
}
