package threedolphins

import "github.com/parleykit/parley/conformance/partner"

// What the webhook takes.
var webhookDefects = []partner.Defect{}
