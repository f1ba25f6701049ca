package mockserver

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/parleykit/parley/specs"
)

// accepted is a content type that a caller takes.
type accepted struct {
	kind    string // "application/json", "text/*" or "*/*"
	quality float64
}

// acceptedOf reads the headers Accept (RFC 9110, 12.5.1). What can't be read is left
// out.
func acceptedOf(headers []string) []accepted {
	var list []accepted
	for _, one := range strings.Split(strings.Join(headers, ","), ",") {
		kind, params, err := mime.ParseMediaType(one)
		if err != nil || !strings.Contains(kind, "/") {
			continue
		}
		a := accepted{kind, 1}
		if text, ok := params["q"]; ok {
			if a.quality, err = strconv.ParseFloat(text, 64); err != nil || a.quality < 0 || a.quality > 1 {
				continue
			}
		}
		list = append(list, a)
	}
	return list
}

// quality is how much a caller wants a documented type: that of the most exact range
// that has it. The concrete type is the caller's where the documented one is a range.
func quality(list []accepted, documented string) (q float64, kind string) {
	kind, _, _ = strings.Cut(strings.ToLower(documented), ";")
	kind = strings.TrimSpace(kind)
	family, _, _ := strings.Cut(kind, "/")
	best := -1
	for _, a := range list {
		rank := -1
		switch {
		case a.kind == kind:
			rank = 2
		case a.kind == family+"/*", family == "*" && a.kind != "*/*":
			rank = 1
		case a.kind == "*/*":
			rank = 0
		case kind == strings.Split(a.kind, "/")[0]+"/*":
			rank = 1
		}
		if rank > best || rank == best && rank >= 0 && a.quality > q {
			best, q = rank, a.quality
		}
	}
	return q, kind
}

// negotiated is the documented type that a caller wants most, and false when it takes
// none of them: then it is the first. JSON comes before others that are wanted as much.
func negotiated(documented, accept []string) (kind string, ok bool) {
	if len(documented) == 0 {
		return "", true
	}
	inOrder := slices.Clone(documented)
	slices.SortStableFunc(inOrder, func(a, b string) int { return preference(a) - preference(b) })
	list := acceptedOf(accept)
	if len(list) == 0 {
		return inOrder[0], true
	}
	best := 0.0
	for _, one := range inOrder {
		if q, _ := quality(list, one); q > best {
			best, kind = q, one
		}
	}
	if kind == "" {
		return inOrder[0], false
	}
	return kind, true
}

func preference(kind string) int {
	if strings.Contains(kind, "json") && specs.MediaOf(kind) == specs.JSON {
		return 0
	}
	return 1
}

// concrete is what Content-Type says of a documented type: itself, or, of a range, what
// the caller wants, or a usual one.
func concrete(documented string, accept []string) string {
	if !strings.Contains(documented, "*") {
		return documented
	}
	list := acceptedOf(accept)
	slices.SortStableFunc(list, func(a, b accepted) int {
		return strings.Compare(strconv.FormatFloat(b.quality, 'f', 3, 64), strconv.FormatFloat(a.quality, 'f', 3, 64))
	})
	for _, a := range list {
		if a.quality > 0 && !strings.Contains(a.kind, "*") && specs.BestMedia([]string{documented}, a.kind) != "" {
			return a.kind
		}
	}
	family, _, _ := strings.Cut(documented, "/")
	switch family {
	case "*", "application":
		return "application/json"
	case "text":
		return "text/plain"
	case "image":
		return "image/png"
	}
	return family + "/mpeg"
}
