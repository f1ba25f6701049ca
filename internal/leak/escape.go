package leak

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf16"
)

func based(secret, before string, encoding *base64.Encoding) string {
	return `{"text":"` + encoding.EncodeToString([]byte(before+secret+"\x02!")) + `"}`
}

func everyPercent(text string) string {
	var out strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&out, "%%%02x", text[i])
	}
	return out.String()
}

func everyUnicode(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&out, `\u%04x`, unit)
	}
	return out.String()
}

func everyEntity(text string) string {
	var out strings.Builder
	for _, c := range text {
		fmt.Fprintf(&out, "&#x%x;", c)
	}
	return out.String()
}
