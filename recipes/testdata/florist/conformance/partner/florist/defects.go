package florist

import "github.com/parleykit/parley/conformance/partner"

const acceptsAnyOrder = "accepts-any-order"

var defects = []partner.Defect{
	{Name: acceptsAnyOrder, About: "takes the delivery of an order that it never made"},
}
