package traffic

import (
	"fmt"
	"strings"
)

// Position says where in a capture an exchange stands. The zero Position belongs
// to what was seen on the wire.
type Position struct {
	Source string `json:"source,omitempty"` // the file's name; "-" is standard input
	Entry  int    `json:"entry,omitempty"`  // from 1
	Offset int64  `json:"offset,omitempty"` // of its first byte, in the text as it is after decompression
	Line   int    `json:"line,omitempty"`   // of its first byte, from 1
}

// String is the position for a person: "shop.har entry 5 (line 77, byte 10342)".
func (p Position) String() string {
	var words []string
	if p.Source == "-" {
		words = append(words, "standard input")
	} else if p.Source != "" {
		words = append(words, p.Source)
	}
	if p.Entry > 0 {
		words = append(words, fmt.Sprintf("entry %d", p.Entry))
	}
	if p.Line > 0 {
		words = append(words, fmt.Sprintf("(line %d, byte %d)", p.Line, p.Offset))
	}
	return strings.Map(visible, strings.Join(words, " "))
}
