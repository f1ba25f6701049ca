package control

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/outbox"
)

// deliveryView hides the secrets of a delivery.
func (c *API) deliveryView(d outbox.Delivery) outbox.Delivery {
	d.Body = c.redact.JSON(d.Body)
	d.URL, d.Error = c.redact.Text(d.URL), c.redact.Text(d.Error)
	return d
}

func (c *API) deliveryViews(list []outbox.Delivery) []outbox.Delivery {
	views := make([]outbox.Delivery, len(list))
	for i, d := range list {
		views[i] = c.deliveryView(d)
	}
	return views
}

// send makes the vendor's side act. It answers 200 with a delivery that has
// ended, or 202 with one that has not.
func (c *API) send(w http.ResponseWriter, r *http.Request) {
	var request mockserver.SendRequest
	if !c.read(w, r, &request) {
		return
	}
	ctx, cancel := c.patient(r, maxWait)
	defer cancel()
	d, err := c.box(r).Send(ctx, request)
	c.ordered(w, d, err)
}

// deliveries lists the newest ones, oldest first.
func (c *API) deliveries(w http.ResponseWriter, r *http.Request) {
	query, ok := c.query(w, r, "channel", "event", "state", "limit")
	if !ok {
		return
	}
	limit, err := count(query, "limit", defaultLimit, maxLimit)
	if err != nil {
		c.refuse(w, err)
		return
	}
	if err := checkState(query["state"]); err != nil {
		c.refuse(w, err)
		return
	}
	found := []outbox.Delivery{}
	for _, d := range c.box(r).Deliveries() {
		if matchesText(query["channel"], d.Channel) && matchesText(query["event"], d.Event) && matchesText(query["state"], string(d.State)) {
			found = append(found, d)
		}
	}
	more := len(found) > limit
	if more {
		found = found[len(found)-limit:]
	}
	c.write(w, http.StatusOK, map[string]any{"deliveries": c.deliveryViews(found), "more": more})
}

func checkState(given string) error {
	var known []string
	for _, state := range outbox.States() {
		if known = append(known, string(state)); given == string(state) {
			return nil
		}
	}
	if given == "" {
		return nil
	}
	return fmt.Errorf("state=%s is none; there are %s", given, strings.Join(known, ", "))
}

func (c *API) delivery(w http.ResponseWriter, r *http.Request) {
	id := mux.Vars(r)["id"]
	d, ok := c.box(r).Delivery(id)
	if !ok {
		c.notFound(w, "delivery", id, "deliveries")
		return
	}
	c.write(w, http.StatusOK, c.deliveryView(d))
}

// retryDelivery queues a delivery again that was not delivered.
func (c *API) retryDelivery(w http.ResponseWriter, r *http.Request) {
	d, err := c.box(r).Retry(mux.Vars(r)["id"])
	c.ordered(w, d, err)
}

// cancelDelivery ends a delivery that has not ended.
func (c *API) cancelDelivery(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := c.patient(r, maxWait)
	defer cancel()
	d, err := c.box(r).Cancel(ctx, mux.Vars(r)["id"])
	c.ordered(w, d, err)
}

// replayDelivery sends the body of a delivery again, as another one.
func (c *API) replayDelivery(w http.ResponseWriter, r *http.Request) {
	var request mockserver.ReplayRequest
	if !c.read(w, r, &request) {
		return
	}
	ctx, cancel := c.patient(r, maxWait)
	defer cancel()
	d, err := c.box(r).Replay(ctx, mux.Vars(r)["id"], request)
	c.ordered(w, d, err)
}

// ordered answers 200 with a delivery that has ended, or 202 with one that has
// not.
func (c *API) ordered(w http.ResponseWriter, d outbox.Delivery, err error) {
	if err != nil && d.ID == "" {
		c.refuse(w, err)
		return
	}
	status := http.StatusOK
	if d.Ended.IsZero() {
		status = http.StatusAccepted
	}
	c.write(w, status, c.deliveryView(d))
}
