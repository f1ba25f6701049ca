package validator

import (
	"strings"
	"time"

	"github.com/parleykit/parley/internal/lazy"
)

// hint names the likely cause of what is wrong with the text of a value.
func (p *parameter) hint(one problem, text string) string {
	switch one.code {
	case "body.type":
		return p.typeHint(text)
	case "body.const", "body.enum":
		return valueHint(one.expected, text)
	case "body.format":
		if one.expected == "date" {
			return dateHint(text)
		}
	}
	return ""
}

// typeHint names what a text has that its type has not.
func (p *parameter) typeHint(text string) string {
	kinds := p.kinds
	if p.isList {
		kinds = p.ofItem
	}
	can := func(text string) bool { _, isText := decodeAs(kinds, text).(string); return !isText }
	_, number := numberIn(text)
	lower := strings.ToLower(text)
	switch {
	case text == "":
		return "leave the parameter out where there is no value"
	case can(strings.TrimSpace(text)):
		return "leave the spaces out"
	case can(strings.Trim(text, "\"'“”")):
		return "leave the quotes out"
	case can(lower):
		return "write " + lower
	case isBoolean(kinds) && (number || lower == "yes" || lower == "no"):
		return "write true or false"
	case strings.ContainsAny(text, ".,") && can(strings.NewReplacer(".", "", ",", "").Replace(text)):
		return "write a whole number, without separators"
	}
	return ""
}

func isBoolean(kinds []string) bool { return len(kinds) == 1 && kinds[0] == "boolean" }

// dayForms are other ways to write a day that leave no doubt which is meant.
var dayForms = []string{
	"02.01.2006", "2.1.2006", "2006/01/02", "2006.01.02", "20060102", "2006-1-2", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05",
}

var written = lazy.Regexp(`^\d{4}-\d{2}-\d{2}$`)

func dateHint(text string) string {
	for _, form := range dayForms {
		if day, err := time.Parse(form, text); err == nil {
			return "write " + day.Format(time.DateOnly)
		}
	}
	if written().MatchString(text) {
		return "there is no such day"
	}
	return "write the day as yyyy-MM-dd, such as 2026-11-26"
}
