package threedolphins_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// A parameter that breaks its schema is found, and the mock answers as the readings
// have it: what it needs and cannot read is refused (3D-R-09), the rest is answered.
func TestParametersAreJudgedBesideTheAnswer(t *testing.T) {
	for _, test := range []struct {
		readings, path string
		status         int
		want           string
	}{
		{"", "/tickets?start=0&count=1", 200, ""},
		{"3D-R-09=server-error", "/tickets?start=abc", 500, "error parameter.type query:start 3D-TKT-052"},
		{"3D-R-09=server-error", "/tickets?count=-5", 500, "warn parameter.minimum query:count 3D-TKT-052"},
		{"3D-R-09=http-customary", "/tickets?start=abc", 400, "error parameter.type query:start 3D-TKT-052"},
		{"3D-R-09=success-status-with-failure", "/tickets?count=-5", 200, "warn parameter.minimum query:count 3D-TKT-052"},
		{"3D-R-09=server-error", liveChat[len(graph):] + "?startDate=26.11.2026", 500, "error parameter.format query:startDate 3D-HIS-003"},
		{"3D-R-09=http-customary", liveChat[len(graph):] + "?endDate=2026-02-30", 400, "error parameter.format query:endDate 3D-HIS-004"},
		{"", "/tickets?start=", 200, "error parameter.type query:start 3D-TKT-052"}, // taken as left out
		{"", "/tickets?count=1&count=2", 200, "warn parameter.repeated query:count"},
		{"3D-R-09=server-error", "/tickets/assignment?isToday=maybe", 500, "error parameter.type query:isToday 3D-TKT-052"},
		{"", "/tickets/assignment?isToday=1", 200, "error parameter.type query:isToday 3D-TKT-052"},
		{"", "/tickets/assignment?status=lost&sort=up", 200, "info parameter.unknown-value query:status\ninfo parameter.unknown-value query:sort"},
		{"", "/contacts/contactById?contactId=nobody&numberOfChildren=many", 404, "error parameter.type query:numberOfChildren"}, // which the mock does not read
	} {
		m := newMock(t, test.readings)
		a := m.call(http.MethodGet, graph+test.path, "")
		e, _ := m.Sandbox().Journal().Get(a.Header.Get("Parley-Exchange"))
		if a.Status != test.status || strings.Join(aboutParameters(e), "\n") != test.want {
			t.Errorf("%s with %q: %d %q, want %d %q", test.path, test.readings, a.Status, aboutParameters(e), test.status, test.want)
		}
	}
}

func aboutParameters(e *traffic.Exchange) []string {
	var lines []string
	for _, f := range e.Findings {
		if strings.HasPrefix(f.Code, "parameter.") {
			lines = append(lines, strings.TrimSpace(string(f.Severity)+" "+f.Code+" "+f.Pointer+" "+f.Requirement))
		}
	}
	return lines
}
