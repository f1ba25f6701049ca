package threedolphins

import "github.com/parleykit/parley/conformance"

// outgoingChecks: every Outgoing Event of the run so far is as documented.
var outgoingChecks = []conformance.Check{}
