package expertflow

import (
	"strings"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// judge warns of what an activity may have but hardly means. A timestamp in
// seconds is the validator's to find, by its unit.
func (x *expertflow) judge(c *mockserver.Call) {
	if c.Operation == nil || c.Operation.ID != pushActivity {
		return
	}
	graver(c.Findings)
	found := blankIdentifiers(c.Document)
	for _, one := range []*traffic.Finding{x.renamedReply(c.Document), x.misspelledURL(c), x.severalSelectors(c.Document)} {
		if one != nil {
			found = append(found, *one)
		}
	}
	for _, f := range found {
		f.Code, f.Severity, f.Part = mockserver.CodeDoubtful, traffic.Warn, traffic.InRequest
		c.Findings = append(c.Findings, f)
	}
}

// graver makes a sender's type that is unknown a warning: EF-HDR-003 asks for one
// of the vendor's, though the set is open.
func graver(findings []traffic.Finding) {
	for i, f := range findings {
		if f.Code == "body.unknown-value" && f.Pointer == "/header/sender/type" {
			findings[i].Severity, findings[i].Requirement = traffic.Warn, "EF-HDR-003"
		}
	}
}

// blankIdentifiers: by EF-R-17 they are allowed, and the vendor's code refuses them.
func blankIdentifiers(d *validator.Document) []traffic.Finding {
	var found []traffic.Finding
	for _, name := range []string{"channelCustomerIdentifier", "serviceIdentifier"} {
		pointer := "/header/channelData/" + name
		if value, there := text(d, pointer); there && strings.TrimSpace(value) == "" {
			found = append(found, traffic.Finding{
				Pointer: pointer, Expected: "a " + name + " that is not blank", Actual: "a blank one", Requirement: "EF-HDR-013",
				Hint: "both published samples send it blank, and the vendor's own class refuses that (reading EF-R-17); leave channelData out, or fill it in",
			})
		}
	}
	return found
}

// renamedReply: EF-R-19. Null, as in the samples, says nothing under either name.
func (x *expertflow) renamedReply(d *validator.Document) *traffic.Finding {
	const pointer = "/header/replyToMessageId"
	if value, _ := d.Lookup(pointer); value == nil || x.stage.Reading("EF-R-19") != "originalMessageId" {
		return nil
	}
	return &traffic.Finding{
		Pointer: pointer, Expected: "originalMessageId", Actual: "replyToMessageId", Requirement: "EF-HDR-017",
		Hint: "the member was renamed in October 2023 and is not read under its old name (reading EF-R-19)",
	}
}

// misspelledURL: EF-R-22. Where the schema asks for mediaUrl, the validator has
// said it.
func (x *expertflow) misspelledURL(c *mockserver.Call) *traffic.Finding {
	const pointer = "/body/mediaURL"
	if _, there := c.Document.Lookup(pointer); !there || x.stage.Reading("EF-R-22") != "mediaUrl" {
		return nil
	}
	for _, f := range c.Findings {
		if f.Pointer == "/body/mediaUrl" || f.Pointer == pointer {
			return nil
		}
	}
	return &traffic.Finding{
		Pointer: pointer, Expected: "mediaUrl", Actual: "mediaURL", Requirement: "EF-BODY-013",
		Hint: "a table of the vendor's writes mediaURL, samples and code mediaUrl (reading EF-R-22)",
	}
}

// severalSelectors: more than one is allowed by EF-R-07, and EF-R-08 decides.
func (x *expertflow) severalSelectors(d *validator.Document) *traffic.Finding {
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

// text returns a string, and whether there is one.
func text(d *validator.Document, pointer string) (string, bool) {
	value, _ := d.Lookup(pointer)
	s, ok := value.(string)
	return s, ok
}
