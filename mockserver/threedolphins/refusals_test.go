package threedolphins_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/fault"
)

// TestForcedErrorsHaveTheReadingsBody: 3D-R-35, for a fault and for Prefer.
func TestForcedErrorsHaveTheReadingsBody(t *testing.T) {
	for reading, want := range map[string]string{
		"framework": `"status":500,"error":"Internal Server Error","message":"Internal Server Error","path":"` + someTicket + `"`,
		"envelope":  `{"message":"Internal Server Error","status":"failed"}`,
		"empty":     "",
	} {
		m := newMock(t, "3D-R-35="+reading)
		if a := m.prefer("GET", someTicket, "", "code=500"); a.status != 500 || !strings.Contains(a.body, want) || (a.body == "") != (want == "") {
			t.Errorf("%s: Prefer is answered %d %s", reading, a.status, a.body)
		}
		if _, err := m.Sandbox().AddFault(fault.Rule{Operation: "getTicket", Status: 500, Times: 1}); err != nil {
			t.Fatal(err)
		}
		if a := m.call("GET", someTicket, ""); a.status != 500 || !strings.Contains(a.body, want) || (a.body == "") != (want == "") {
			t.Errorf("%s: a fault is answered %d %s", reading, a.status, a.body)
		}
	}
	m := newMock(t, "")
	if a := m.prefer("GET", someTicket, "", "code=401"); !strings.Contains(a.body, "Full authentication is required") {
		t.Errorf("401 is %s", a.body)
	}
}
