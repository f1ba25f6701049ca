package specs

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// shortestQuote is how many words a quote has at least: one alone proves nothing.
const shortestQuote = 2

// vetQuotes makes sure that what a shipped contract calls documented has a quote
// of the vendor's. A contract of a user's own need not quote its pages.
func (c *Contract) vetQuotes() error {
	for _, r := range c.Requirements {
		if err := quoted(r.Evidence, r.Quote); err != nil {
			return c.flawIn("requirements.yaml", r.ID, "requirement "+r.ID, err)
		}
	}
	for _, r := range c.Readings {
		if r.Harmless != "" {
			continue
		}
		err := quoted(r.Evidence, strings.Join(r.Quotes, " "))
		if !oneOf(r.Evidence, Documented, Observed, Assumed) {
			err = fmt.Errorf("`evidence` of the default is %q; write documented, observed or assumed", r.Evidence)
		}
		if err != nil {
			return c.flawIn("readings.yaml", r.ID, "reading "+r.ID, err)
		}
	}
	for _, o := range slices.Concat(c.Operations, c.Events) {
		for _, e := range o.evidences() {
			if err := quoted(e.Class, e.Quote); err != nil {
				return c.flawIn(documentFile, o.ID, o.Name(), err)
			}
		}
	}
	for _, name := range c.PayloadNames() {
		for _, f := range c.Fields(name) {
			if err := quoted(f.Evidence.Class, f.Evidence.Quote); err != nil {
				return c.flawIn(c.Payloads[name].File, "", f.Pointer, err)
			}
		}
	}
	return nil
}

func (c *Contract) flawIn(file, near, what string, err error) error {
	at := place{folder: c.folderName}.file(file)
	return at.line(lineOf(c.Folder, file, near)).errorf("%s: %v", what, err)
}

func quoted(class Class, quote string) error {
	words := strings.FieldsFunc(quote, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if class == Documented && len(words) < shortestQuote {
		return fmt.Errorf("it is documented and quotes %q; quote the sentence that says it, or write observed or assumed", quote)
	}
	return nil
}
