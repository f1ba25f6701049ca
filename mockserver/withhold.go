package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/mockserver/store"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

// withholding takes secrets out of what a ledger has. What it leaves is read again.
type withholding struct{ redact *redaction.Redactor }

// state is a snapshot without secrets.
func (w withholding) state(text []byte) ([]byte, error) {
	s, err := readSnapshot(text)
	if err != nil {
		return nil, err
	}
	for i := range s.Channels.Values {
		w.channel(&s.Channels.Values[i].Value)
	}
	if s.Faults, err = w.faults(s.Faults); err != nil {
		return nil, err
	}
	w.deliveries(s.Outbox.Kept)
	w.deliveries(s.Outbox.Older)
	for vendor, saved := range s.Vendors {
		for name, text := range saved.Kept {
			if saved.Kept[name], err = w.collection(text); err != nil {
				return nil, fmt.Errorf("%s of %s: %w", name, vendor, err)
			}
		}
	}
	return s.encoded()
}

// step is an entry of a ledger without secrets, and without exchanges.
func (w withholding) step(text []byte) ([]byte, error) {
	s, err := readChange(text)
	if err != nil {
		return nil, err
	}
	if s.Whole != nil {
		if s.Whole, err = w.state(s.Whole); err != nil {
			return nil, err
		}
	}
	if s.Faults != nil {
		hidden, err := w.faults(*s.Faults)
		if err != nil {
			return nil, err
		}
		s.Faults = &hidden
	}
	if s.Outbox != nil {
		w.deliveries(s.Outbox.Changed)
	}
	kept := s.Values[:0]
	for _, v := range s.Values {
		if w.hidden(v.ID) {
			continue
		}
		if v.Value, err = w.value(v); err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	s.Values = kept
	return s.encoded()
}

func (w withholding) value(v stepValue) (json.RawMessage, error) {
	if v.Value == nil || v.Vendor != "" {
		return w.redact.JSON(v.Value), nil
	}
	var c openChannel
	if err := json.Unmarshal(v.Value, &c); err != nil {
		return nil, fmt.Errorf("channel %s: %w", v.ID, err)
	}
	w.channel(&c)
	return plainjson.Marshal(c)
}

// hidden reports whether a value is stored under a secret: then all of it is left out.
func (w withholding) hidden(id string) bool { return w.redact.Values(id) != id }

func (w withholding) channel(c *openChannel) {
	if c.Token != "" {
		c.Token = traffic.Redacted
	}
	c.URL, c.Name = w.url(c.URL), w.redact.Text(c.Name)
}

// url is a URL without secrets in its path and its query.
func (w withholding) url(text string) string {
	if text == "" {
		return ""
	}
	return w.redact.Exchange(&traffic.Exchange{Request: traffic.Request{URL: text}}).Request.URL
}

func (w withholding) collection(text []byte) ([]byte, error) {
	var saved store.Saved[json.RawMessage]
	if err := json.Unmarshal(text, &saved); err != nil {
		return nil, err
	}
	saved.Values = slices.DeleteFunc(saved.Values, func(v store.Value[json.RawMessage]) bool { return w.hidden(v.ID) })
	for i := range saved.Values {
		saved.Values[i].Value = w.redact.JSON(saved.Values[i].Value)
	}
	return plainjson.Marshal(saved)
}

func (w withholding) faults(saved fault.Saved) (hidden fault.Saved, err error) {
	text, err := plainjson.Marshal(saved)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(w.redact.JSON(text)))
		decoder.UseNumber() // what faults compare and set is as it was given
		err = decoder.Decode(&hidden)
	}
	if err != nil {
		return hidden, fmt.Errorf("faults: %w", err)
	}
	return hidden, nil
}

func (w withholding) deliveries(list []outbox.SavedDelivery) {
	for i := range list {
		d := &list[i]
		e := w.redact.Exchange(&traffic.Exchange{Request: traffic.Request{URL: "/?" + d.Query.Encode(), Header: d.Header}})
		d.Header = e.Request.Header
		if u, err := url.Parse(e.Request.URL); err == nil && len(d.Query) > 0 {
			d.Query = u.Query()
		}
		d.URL, d.To, d.Error = w.url(d.URL), w.url(d.To), w.redact.Text(d.Error)
		if d.Body != nil {
			d.Body = w.redact.JSON(d.Body)
		}
	}
}
