package threedolphins_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/mockserver/threedolphins"
)

// TestForcedErrorsHaveTheReadingsBody: 3D-R-35, for a fault and for Prefer.
func TestForcedErrorsHaveTheReadingsBody(t *testing.T) {
	for reading, want := range map[string]string{
		"framework": `"status":500,"error":"Internal Server Error","message":"Internal Server Error","path":"` + someTicket + `"`,
		"envelope":  `{"message":"Internal Server Error","status":"failed"}`,
		"empty":     "",
	} {
		m := newMock(t, "3D-R-35="+reading)
		if a := m.prefer("GET", someTicket, "", "code=500"); a.Status != 500 || !strings.Contains(a.Body, want) || (a.Body == "") != (want == "") {
			t.Errorf("%s: Prefer is answered %d %s", reading, a.Status, a.Body)
		}
		m.Fault(fault.Rule{Operation: "getTicket", Status: 500, Times: 1})
		if a := m.call("GET", someTicket, ""); a.Status != 500 || !strings.Contains(a.Body, want) || (a.Body == "") != (want == "") {
			t.Errorf("%s: a fault is answered %d %s", reading, a.Status, a.Body)
		}
	}
	m := newMock(t, "")
	if a := m.prefer("GET", someTicket, "", "code=401"); !strings.Contains(a.Body, "Full authentication is required") {
		t.Errorf("401 is %s", a.Body)
	}
}

// TestAWrongMethodWhereATicketNumberMayStand: a printed path is no ticket's number.
func TestAWrongMethodWhereATicketNumberMayStand(t *testing.T) {
	m := newMock(t, "")
	for path, methods := range map[string]string{
		"/sendMessage": "POST", "/update": "PUT", "/files": "POST", "/files/media": "POST", "/transformButtonMessage": "POST",
		"/" + threedolphins.KnownTicket: "GET, HEAD",
	} {
		method := "GET"
		if strings.HasPrefix(methods, method) {
			method = "PUT"
		}
		a := m.call(method, graph+"/tickets"+path, "")
		e, _ := m.Sandbox().Journal().Get(a.Header.Get("Parley-Exchange"))
		if a.Status != 405 || a.Header.Get("Allow") != methods || len(e.Findings) != 1 || e.Findings[0].Code != "operation.method" || e.Operation != "" {
			t.Errorf("%s %s: %d, Allow %q, %s %v", method, path, a.Status, a.Header.Get("Allow"), e.Operation, e.Findings)
		}
	}
}
