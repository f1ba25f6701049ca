package control_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/traffic"
)

type opened struct {
	Channel    struct{ ID, Vendor, Name, Token, URL, State, Address string }
	Deliveries []outbox.Delivery
}

func testChannels(t *testing.T, c *controlled, p *mocktest.Partner) {
	var o opened
	c.into(&o, 201, "POST", "channels", fmt.Sprintf(`{"id":"first","name":"One","token":"open sesame","url":%q}`, p.URL))
	if o.Channel.Token != traffic.Redacted || o.Channel.State != "active" || o.Channel.Address != c.URL+"/tickets/first" {
		t.Errorf("opened %+v", o.Channel)
	}
	if len(o.Deliveries) != 1 || o.Deliveries[0].State != "delivered" || o.Deliveries[0].Status != 200 {
		t.Errorf("the partner was told by %+v", o.Deliveries)
	}
	o = opened{}
	c.into(&o, 201, "POST", "channels?token=show", `{"id":"first","name":"Uno"}`)
	if o.Channel.Token != "open sesame" || o.Channel.Name != "Uno" || o.Channel.URL != p.URL {
		t.Errorf("opened again it is %+v; what is left out stays", o.Channel)
	}
	o = opened{}
	c.into(&o, 201, "POST", "channels", `{}`)
	if o.Channel.ID == "" || o.Deliveries[0].State != "cancelled" || !strings.HasPrefix(o.Deliveries[0].Error, "no URL") {
		t.Errorf("a channel without URL is %+v", o)
	}
	var list struct{ Channels []struct{ ID, Token string } }
	if c.into(&list, 200, "GET", "channels", ""); len(list.Channels) != 2 || list.Channels[0].Token != traffic.Redacted || list.Channels[1].Token != "" {
		t.Errorf("listed %+v", list)
	}
	c.into(&o.Channel, 200, "GET", "channels/first?token=show", "")
	if o.Channel.Token != "open sesame" {
		t.Errorf("token=show shows %q", o.Channel.Token)
	}
	c.into(nil, 204, "DELETE", "channels/"+list.Channels[1].ID, "")
	c.refused(404, "DELETE", "channels/nope", "", `no channel "nope"`)
	c.refused(404, "GET", "channels/nope", "", `no channel "nope"; GET /_parley/channels lists them`)
	c.refused(400, "GET", "channels?token=yes", "", "token=show")
	c.refused(400, "POST", "channels", `{"url":"localhost:3000"}`, "http:// or https://")
	c.refused(400, "POST", "channels", `{"vendor":"x"}`, `no vendor "x"; the mock plays acme`)
}
