package expertflow

import (
	"fmt"
	"iter"
	"strings"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

type document = validator.Document

// notBlank are the texts that the vendor's code refuses when they are blank, which no
// page says; {} stands for each item of a list.
var notBlank = []struct{ pointer, requirement, hint string }{
	{"/header/sender/id", "EF-HDR-021", blankText},
	{"/header/channelData/channelCustomerIdentifier", "EF-HDR-013", blankIdentifier},
	{"/header/channelData/serviceIdentifier", "EF-HDR-013", blankIdentifier},
	{"/body/buttons/{}/title", "EF-BODY-030", blankText},
	{"/body/buttons/{}/payload", "EF-BODY-030", blankText},
	{"/body/buttons/{}/type", "EF-BODY-030", blankText},
	{"/body/contacts/{}/name/formattedName", "EF-BODY-030", blankText},
	{"/body/namespace", "EF-BODY-030", blankText},
	{"/body/name", "EF-BODY-030", blankText},
}

const (
	blankText       = "the vendor's own class refuses a blank one, though no page says so"
	blankIdentifier = "both published samples send it blank, and the vendor's own class refuses that (reading EF-R-17); leave channelData out, or fill it in"
)

// formsWithTexts are the types whose texts are among notBlank. Other types may call
// anything so.
var formsWithTexts = map[string]bool{"BUTTON": true, "CONTACT": true, "TEMPLATE": true}

// blankTexts finds texts that are there and blank.
func blankTexts(d *document) []traffic.Finding {
	var found []traffic.Finding
	texts := formsWithTexts[d.Text("/body/type")]
	for _, one := range notBlank {
		if strings.HasPrefix(one.pointer, "/body/") && !texts {
			continue
		}
		for pointer := range places(d, one.pointer) {
			if value, there := d.String(pointer); there && strings.TrimSpace(value) == "" {
				found = append(found, traffic.Finding{
					Pointer: pointer, Expected: "a text that is not blank", Actual: "a blank one", Requirement: one.requirement, Hint: one.hint,
				})
			}
		}
	}
	return found
}

// places are the pointers that one stands for.
func places(d *document, pointer string) iter.Seq[string] {
	return func(yield func(string) bool) {
		list, rest, many := strings.Cut(pointer, "/{}")
		if !many {
			yield(pointer)
			return
		}
		value, _ := d.Lookup(list)
		items, _ := value.([]any)
		for i := range items {
			if !yield(fmt.Sprintf("%s/%d%s", list, i, rest)) {
				return
			}
		}
	}
}

// renamedReply: EF-R-19. Null, as in the samples, says nothing under either name.
func (x *expertflow) renamedReply(d *document) *traffic.Finding {
	const pointer = "/header/replyToMessageId"
	if !d.Given(pointer) || x.stage.Reading("EF-R-19") != "originalMessageId" {
		return nil
	}
	return &traffic.Finding{
		Pointer: pointer, Expected: "originalMessageId", Actual: "replyToMessageId", Requirement: "EF-HDR-017",
		Hint: "the member was renamed in October 2023 and is not read under its old name (reading EF-R-19)",
	}
}

// customerID: EF-R-18. A customer's ID is read from where the page on customers has
// it as well.
func customerID(d *document) *traffic.Finding {
	name, _ := idOf(d)
	if name == "" || name == "_id" {
		return nil
	}
	return &traffic.Finding{
		Pointer: customerAt + name, Expected: "_id", Actual: name, Requirement: "EF-HDR-020",
		Hint: "the page on customers writes Id, the sample and the code _id (reading EF-R-18)",
	}
}

const customerAt = "/header/customer/"

// idOf is the member of the customer that holds the ID, and the ID.
func idOf(d *document) (name, id string) {
	if !d.Given(customerAt[:len(customerAt)-1]) { // as in most
		return "", ""
	}
	for _, pointer := range [...]string{customerAt + "_id", customerAt + "Id", customerAt + "id"} {
		if id := d.Text(pointer); id != "" {
			return pointer[len(customerAt):], id
		}
	}
	return "", ""
}
