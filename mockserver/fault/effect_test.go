package fault

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/unset"
)

// TestAnEffectHasAllThatItsRuleAsksFor: who adds a field to Rule says in join what comes
// of it, or below that it is about whom and when. A delay is drawn.
func TestAnEffectHasAllThatItsRuleAsksFor(t *testing.T) {
	var r Rule
	for i := range reflect.TypeFor[Rule]().NumField() {
		switch field := reflect.ValueOf(&r).Elem().Field(i); field.Kind() {
		case reflect.String:
			field.SetString("1s")
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Int:
			field.SetInt(1)
		case reflect.Float64:
			field.SetFloat(1)
		case reflect.Map:
			field.Set(reflect.ValueOf(map[string]any{"a": 1}))
		default:
			t.Fatalf("a rule has a %s", field.Type())
		}
	}
	rules, now := New(1), time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	if _, err := rules.Add(r, now); err != nil {
		t.Fatal(err)
	}
	effect := rules.Act(Subject{Event: true, Vendor: r.Vendor, ID: r.Event, Channel: r.Channel, Body: map[string]any{"a": 1}, Now: now})
	if effect == nil || effect.Late == 0 {
		t.Fatalf("the rule has the effect %+v", effect)
	}
	whomAndWhen := []string{"Vendor", "Operation", "Event", "Channel", "Where", "Nth", "From", "Times", "Probability", "For", "Delay", "Matched", "Acted"}
	if missing := unset.Fields(effect.Rule); !slices.Equal(missing, whomAndWhen) {
		t.Errorf("an effect has no %v, want no %v", missing, whomAndWhen)
	}
}
