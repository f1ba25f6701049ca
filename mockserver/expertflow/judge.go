package expertflow

import (
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
)

// judge warns of what an activity may have but hardly means. A timestamp in
// seconds is the validator's to find, by its unit.
func (x *expertflow) judge(c *mockserver.Call) {
	if c.Operation == nil || c.Operation.ID != pushActivity {
		return
	}
	graver(c.Findings)
	found := blankTexts(c.Document)
	for _, one := range []*traffic.Finding{x.renamedReply(c.Document), x.misspelledURL(c), customerID(c.Document), x.severalSelectors(c.Document)} {
		if one != nil {
			found = append(found, *one)
		}
	}
	for _, f := range found {
		f.Code, f.Severity, f.Part = mockserver.CodeDoubtful, traffic.Warn, traffic.InRequest
		c.Findings = append(c.Findings, f)
	}
}

// spellings are the places whose values a requirement asks for, though others are
// read as well: an open set, or the values as a page's table has them.
var spellings = map[string]string{
	"/header/sender/type":     "EF-HDR-003",
	"/body/buttonMessageType": "EF-BODY-029",
	"/body/status":            "EF-BODY-029",
}

// graver makes a value that is not spelled as the samples have it a warning.
func graver(findings []traffic.Finding) {
	for i, f := range findings {
		if requirement := spellings[f.Pointer]; f.Code == "body.unknown-value" && requirement != "" {
			findings[i].Severity, findings[i].Requirement = traffic.Warn, requirement
		}
	}
}

// misspelledURL: EF-R-22. In a URL message the validator has said it.
func (x *expertflow) misspelledURL(c *mockserver.Call) *traffic.Finding {
	const pointer = "/body/mediaURL"
	if _, there := c.Document.Lookup(pointer); !there || x.stage.Reading("EF-R-22") == "mediaURL" {
		return nil
	}
	if slices.ContainsFunc(c.Findings, func(f traffic.Finding) bool { return f.Pointer == "/body/mediaUrl" || f.Pointer == pointer }) {
		return nil
	}
	return &traffic.Finding{
		Pointer: pointer, Expected: "mediaUrl", Actual: "mediaURL", Requirement: "EF-BODY-031",
		Hint: "a table of the vendor's writes mediaURL, samples and code mediaUrl (reading EF-R-22)",
	}
}

// severalSelectors: more than one is allowed by EF-R-07, and EF-R-08 decides.
func (x *expertflow) severalSelectors(d *document) *traffic.Finding {
	if x.stage.Reading("EF-R-07") != "at-least-one" {
		return nil
	}
	s := selectorsOf(d)
	var named []string
	for _, one := range []struct{ name, value string }{{"customer", s.customer}, {"channelSessionId", s.session}, {"conversationId", s.conversation}} {
		if one.value != "" {
			named = append(named, one.name)
		}
	}
	if len(named) < 2 {
		return nil
	}
	decides := "conversationId, then channelSessionId, then customer"
	if x.stage.Reading("EF-R-08") == "session-first" {
		decides = "channelSessionId, then conversationId, then customer"
	}
	return &traffic.Finding{
		Pointer: "/header", Expected: "one of customer, channelSessionId and conversationId", Actual: strings.Join(named, " and "),
		Hint: "several are allowed (reading EF-R-07); what the activity belongs to is decided by " + decides + " (reading EF-R-08)",
	}
}
