package generate

import (
	"fmt"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
)

// diagram shows the two sides and what crosses between them, in plain text.
func (v *vendor) diagram() string {
	const left = " you "
	right := " " + v.c.Name + " "
	calls, events := arrows(v.c.Operations, "operation"), arrows(v.c.Events, "event")
	width := 0
	for _, label := range append(calls, events...) {
		width = max(width, len([]rune(label)))
	}
	blank := func(text string) string { return strings.Repeat(" ", len([]rune(text))) }
	lines := []string{"┌" + strings.Repeat("─", len(left)) + "┐" + strings.Repeat(" ", width+8) + "┌" + strings.Repeat("─", len([]rune(right))) + "┐"}
	row := func(first, last, arrow string) {
		lines = append(lines, "│"+first+"│"+arrow+"│"+last+"│")
	}
	named := (len(calls) + len(events)) / 2
	for i, label := range append(calls, events...) {
		dashes := strings.Repeat("─", width-len([]rune(label)))
		arrow := " ── " + label + " " + dashes + "─▶ "
		if i >= len(calls) {
			arrow = " ◀─ " + label + " " + dashes + "── "
		}
		if i == named {
			row(left, right, arrow)
		} else {
			row(blank(left), blank(right), arrow)
		}
	}
	lines = append(lines, "└"+strings.Repeat("─", len(left))+"┘"+strings.Repeat(" ", width+8)+"└"+strings.Repeat("─", len([]rune(right)))+"┘")
	return strings.Join(lines, "\n")
}

// arrows are the names of a few, or the paths of many, with how many there are.
func arrows(list []*specs.Operation, kind string) []string {
	const few, deep = 8, 4
	var labels []string
	if len(list) <= few {
		for _, o := range list {
			labels = append(labels, strings.TrimSpace(o.Method+" "+o.ID))
		}
		return labels
	}
	count := map[string]int{}
	var order []string
	for _, o := range list {
		var fixed []string
		for _, segment := range o.Segments() {
			if strings.Contains(segment, "{") || len(fixed) == deep {
				break
			}
			fixed = append(fixed, segment)
		}
		place := "/" + strings.Join(fixed, "/")
		if count[place] == 0 {
			order = append(order, place)
		}
		count[place]++
	}
	for _, place := range order {
		labels = append(labels, fmt.Sprintf("%s, %s", place, plural.Of(count[place], kind)))
	}
	return labels
}
