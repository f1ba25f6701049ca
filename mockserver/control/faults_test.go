package control_test

import (
	"testing"

	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/traffic"
)

func testFaults(t *testing.T, c *controlled) {
	var f fault.Rule
	c.into(&f, 201, "POST", "faults", `{"operation":"ticket","status":404,"times":1,"where":{"secret":"s3cr3t"}}`)
	if f.ID == "" || f.Acted != 0 || f.Where["secret"] != traffic.Redacted {
		t.Errorf("added %+v", f)
	}
	c.into(nil, 201, "POST", "faults", `{"event":"changed","lose":true}`)
	var list struct{ Faults []fault.Rule }
	if c.into(&list, 200, "GET", "faults", ""); len(list.Faults) != 2 {
		t.Errorf("listed %+v", list)
	}
	c.into(nil, 204, "DELETE", "faults/"+f.ID, "")
	c.refused(404, "DELETE", "faults/"+f.ID, "", "no fault")
	c.refused(400, "POST", "faults", `{"operation":"ticket","status":500}`, "documented: 200, 404")
	c.into(nil, 204, "DELETE", "faults", "")
	if c.into(&list, 200, "GET", "faults", ""); len(list.Faults) != 0 {
		t.Errorf("left are %+v", list)
	}
}
