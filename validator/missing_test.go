package validator

import (
	"fmt"
	"testing"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/specstest"
)

// TestWhatDemandsAMemberSaysHowGraveItsAbsenceIs: the members of a printed body have
// their names and types from the page, and that they must be there is assumed until
// somebody says so.
func TestWhatDemandsAMemberSaysHowGraveItsAbsenceIs(t *testing.T) {
	shipped := specstest.Contract(t, "3dolphins")
	agreed, err := shipped.WithReadings(map[string]string{"3D-R-61": "as-printed"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		contract   *specs.Contract
		body, want string
	}{
		{shipped, `{"ticketNumber":"t"}`, "warn body.required 3D-TKT-049"},
		{agreed, `{"ticketNumber":"t"}`, "error body.required 3D-TKT-049"},
		{shipped, `{"ticketNumber":"t","supervisor_id":"s"}`, "error body.required 3D-TKT-037"},
		{shipped, `{"ticketNumber":"t","supervisorId":9}`, "error body.type 3D-TKT-037"},
	} {
		v, err := New(test.contract)
		if err != nil {
			t.Fatal(err)
		}
		found := v.Payload("operations/escalateTicket", Decode([]byte(test.body)))
		var got string
		if len(found) > 0 {
			got = fmt.Sprint(found[0].Severity, " ", found[0].Code, " ", found[0].Requirement)
		}
		if len(found) != 1 || got != test.want {
			t.Errorf("%s: %s, want %s alone; all: %v", test.body, got, test.want, found)
		}
	}
}

// TestAKeyThatIsANegativeNumber is a key and no place in a list, also where it is missing:
// reactions are counted by "+1" and "-1".
func TestAKeyThatIsANegativeNumber(t *testing.T) {
	v := shopOf(t, `paths: {/reactions: {post: {operationId: react, requestBody: {content: {application/json: {schema: {$ref: ./schemas/reactions.schema.json}}}},
  responses: {"200": {description: ok}}}}}`, map[string]string{
		"reactions": `"type": "object", "required": ["+1", "-1"], "properties": {"+1": {"type": "integer"}, "-1": {"type": "integer"}}`,
	})
	for body, want := range map[string]string{`{"+1":1}`: "/-1", `{"+1":1,"-1":"x"}`: "/-1", `{"-1":1}`: "/+1"} {
		found := v.Payload("reactions", Decode([]byte(body)))
		if len(found) != 1 || found[0].Pointer != want {
			t.Errorf("%s: %v, want one at %s", body, found, want)
		}
	}
}
