package threedolphins

import "github.com/parleykit/parley/conformance"

// incomingChecks: the third party takes each kind of Incoming Event.
var incomingChecks = []conformance.Check{}
