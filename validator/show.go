package validator

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/valuepath"
)

// maxShown is how many characters of a value a finding shows.
const maxShown = 80

// actual shows a value: scalars as JSON, containers by their size.
func actual(value any) string {
	switch value := value.(type) {
	case map[string]any:
		return fmt.Sprintf("object with %s", plural.Of(len(value), "key"))
	case []any:
		return fmt.Sprintf("array with %s", plural.Of(len(value), "item"))
	case string:
		return strconv.Quote(shorten(value))
	case json.Number:
		return shorten(value.String())
	}
	return valuepath.JSON(value)
}

// kindAnd shows the type and the value.
func kindAnd(value any) string {
	kind, shown := valuepath.Type(value), actual(value)
	if strings.HasPrefix(shown, kind) { // containers and null say their type
		return shown
	}
	return kind + " " + shown
}

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	runes := []rune(text[:min(len(text), 4*maxShown)])
	return string(runes[:min(len(runes), maxShown)]) + fmt.Sprintf("… (%d characters)", utf8.RuneCountInString(text))
}
