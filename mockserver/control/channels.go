package control

import (
	"fmt"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/access"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

// channelView is a channel as the control API shows it.
type channelView struct {
	mockserver.Channel
	Token string `json:"token"`
}

// view hides the token unless it is asked for with token=show.
func (c *API) view(channel mockserver.Channel, query map[string]string) channelView {
	v := channelView{Channel: channel, Token: channel.Token}
	if query["token"] != "show" && v.Token != "" {
		v.Token = traffic.Redacted
	}
	v.URL = c.redact.Text(v.URL)
	return v
}

// shown reads the parameter token.
func (c *API) shown(w http.ResponseWriter, r *http.Request) (map[string]string, bool) {
	query, ok := c.query(w, r, "token")
	if ok && query["token"] != "" && query["token"] != "show" {
		c.refuse(w, fmt.Errorf("token=%s is none; token=show shows tokens, and without it they are hidden", query["token"]))
		return nil, false
	}
	if ok && query["token"] != "" && !tokenOf(r).Can(access.Act) {
		lacking(w, access.Act)
		return nil, false
	}
	return query, ok
}

func (c *API) channels(w http.ResponseWriter, r *http.Request) {
	query, ok := c.shown(w, r)
	if !ok {
		return
	}
	views := []channelView{}
	for _, channel := range c.box(r).Channels() {
		views = append(views, c.view(channel, query))
	}
	c.writeShown(w, http.StatusOK, map[string]any{"channels": views})
}

func (c *API) channel(w http.ResponseWriter, r *http.Request) {
	query, ok := c.shown(w, r)
	if !ok {
		return
	}
	id := mux.Vars(r)["id"]
	channel, ok := c.box(r).Channel(id)
	if !ok {
		c.notFound(w, "channel", id, "channels")
		return
	}
	c.writeShown(w, http.StatusOK, c.view(channel, query))
}

// channelRequest is what POST channels takes. What is left out stays as it was
// when the channel exists already.
type channelRequest struct {
	ID     string `json:"id"`
	Vendor string `json:"vendor"`
	channelChange
}

// channelChange is what PATCH channels takes.
type channelChange struct {
	Name   *string        `json:"name"`
	Token  *string        `json:"token"`
	URL    *string        `json:"url"`
	Policy *outbox.Policy `json:"policy"`
}

// to puts what is given into a channel.
func (g channelChange) to(channel *mockserver.Channel) {
	for _, change := range []struct {
		given *string
		into  *string
	}{{g.Name, &channel.Name}, {g.Token, &channel.Token}, {g.URL, &channel.URL}} {
		if change.given != nil {
			*change.into = *change.given
		}
	}
	if g.Policy != nil {
		channel.Policy = *g.Policy
	}
}

// openChannel creates a channel or opens one again, and answers when the partner
// has been told.
func (c *API) openChannel(w http.ResponseWriter, r *http.Request) {
	query, ok := c.shown(w, r)
	var request channelRequest
	if !ok || !c.read(w, r, &request) {
		return
	}
	channel, _ := c.box(r).Channel(request.ID)
	channel.ID = request.ID
	if request.Vendor != "" {
		channel.Vendor = request.Vendor
	}
	request.to(&channel)
	ctx, cancel := c.patient(r, maxWait)
	defer cancel()
	opened, deliveries, err := c.box(r).OpenChannel(ctx, channel)
	if err != nil {
		c.refuse(w, err)
		return
	}
	c.writeShown(w, http.StatusCreated, map[string]any{"channel": c.view(opened, query), "deliveries": c.deliveryViews(deliveries)})
}

// changeChannel changes a channel without telling the partner.
func (c *API) changeChannel(w http.ResponseWriter, r *http.Request) {
	query, ok := c.shown(w, r)
	var request channelChange
	if !ok || !c.read(w, r, &request) {
		return
	}
	channel, err := c.box(r).ChangeChannel(mux.Vars(r)["id"], func(channel *mockserver.Channel) { request.to(channel) })
	if err != nil {
		c.refuse(w, err)
		return
	}
	c.writeShown(w, http.StatusOK, c.view(channel, query))
}

func (c *API) removeChannel(w http.ResponseWriter, r *http.Request) {
	id := mux.Vars(r)["id"]
	if !c.box(r).RemoveChannel(id) {
		c.notFound(w, "channel", id, "channels")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
