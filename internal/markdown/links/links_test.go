package links

import (
	"reflect"
	"testing"
)

func TestRead(t *testing.T) {
	document := "---\ntitle: [x](y.md)\n---\n# `parley` *conform*\n\n" +
		"A [link](a.md#b), `no [link](c.md)`, a ![picture](d.png \"title\") and \\[no](e.md).\n\n" +
		"````md\n```\n# no heading\n```\n[no](f.md)\n````\n\n" +
		"## Again: 50 %\n## Again: 50 %\n[![shown](g.png)](h.md)\n\n[named]: i.md\n"
	got := Read(document)
	want := Document{
		Headings: []Heading{
			{Level: 1, Text: "parley conform", Anchor: "parley-conform", Line: 4},
			{Level: 2, Text: "Again: 50 %", Anchor: "again-50-", Line: 15},
			{Level: 2, Text: "Again: 50 %", Anchor: "again-50--1", Line: 16},
		},
		Links: []Link{
			{Target: "a.md#b", Line: 6}, {Target: "d.png", Image: true, Line: 6},
			{Target: "h.md", Line: 17}, {Target: "g.png", Image: true, Line: 17}, {Target: "i.md", Line: 19},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v\nand not\n%+v", got, want)
	}
}
