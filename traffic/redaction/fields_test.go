package redaction

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// ours are the texts of an exchange that only Parley and its contracts write.
var ours = []string{"ID", "Vendor", "Caller", "Operation", "Delivery", "Faults", "Check"}

// TestEveryTextOfAnExchangeIsRedacted: who adds a field lets it go through pass.exchange,
// or says above that nobody else writes it.
func TestEveryTextOfAnExchangeIsRedacted(t *testing.T) {
	r := New(Options{})
	r.Know(secret)
	for _, field := range reflect.VisibleFields(reflect.TypeFor[traffic.Exchange]()) {
		var e traffic.Exchange
		switch value := reflect.ValueOf(&e).Elem().FieldByIndex(field.Index); {
		case field.Type.Kind() == reflect.String:
			value.SetString(secret)
		case field.Type == reflect.TypeFor[[]string]():
			value.Set(reflect.ValueOf([]string{secret}))
		default:
			continue
		}
		shown, err := json.Marshal(r.Exchange(&e))
		if err != nil {
			t.Fatal(err)
		}
		if shows := strings.Contains(string(shown), secret); shows != slices.Contains(ours, field.Name) {
			t.Errorf("%s shows what is secret: %t", field.Name, shows)
		}
	}
}
