package leak

import (
	"fmt"
	"strings"
)

// secrets are kinds of secrets, from a mark that they hold.
var secrets = []struct {
	name  string
	write func(mark string) string
}{

	{"token", func(mark string) string { return "tk9" + mark }},
	{"symbols", func(mark string) string { return `p@"\` + mark + "/+=&%41;" }},
	{"uuid", func(mark string) string { return "6f1c" + mark + "-77aa-4bcd" }},
	{"digits", func(mark string) string { return "4" + digits(mark) }},
	{"spaced", func(mark string) string { return "correct horse " + mark + " staple" }},
	{"letters", func(mark string) string { return "Sesam" + letters(mark) + "auf" }},
}

func digits(mark string) string {
	var n uint64
	for _, c := range mark {
		n = n*31 + uint64(c)
	}
	return fmt.Sprintf("%015d", n%1e15)
}

func letters(mark string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + 'a'
		}
		return c
	}, mark)
}
