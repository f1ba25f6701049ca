package threedolphins

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
)

// textChecks: the third party takes whatever a customer may write, and bodies in
// every form that JSON has.
var textChecks = []conformance.Check{
	textCheck("emoji", "takes emoji", map[string]any{"message": "Terima kasih \U0001F64F\U0001F3FD paketnya \U0001F69A\U0001F4E6 tiba \U0001F44B"}),
	textCheck("other-scripts", "takes texts and names in other scripts", map[string]any{
		"message":      "\u0645\u0631\u062d\u0628\u0627 \u2067(42)\u2069, \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35, \u4f60\u597d, \u041f\u0440\u0438\u0432\u0435\u0442, \ua9b2\ua9a4",
		"customerName": "\u8303\u4f8b \u5ba2\u6237",
	}),
	textCheck("long-text", "takes a text of 16 KB", map[string]any{"message": strings.Repeat("Kami menunggu. \u00e9", 16<<10/17)}),
	textCheck("line-breaks", "takes line breaks and tabs", map[string]any{"message": "Baris pertama\nbaris kedua\r\n\tbaris ketiga"}),
	textCheck("quotes", "takes quotes and backslashes, in texts and names", map[string]any{
		"message": "Dia bilang \"sudah\", 'belum', \u201cmungkin\u201d: C:\\done", "customerName": `Siti "Contoh" O'Misal`,
	}),
	textCheck("markup", "takes texts that look like markup", map[string]any{"message": "<b>Harga</b> < 5 & > 3; {{nama}} %s ${x}"}),
	{
		ID: "3dolphins/webhook/layout", Title: "reads a body whatever the order, white space and escapes of its members",
		Requirements: []string{"3D-INT-020"},
		Run:          all(accepted, layouts),
	},
}

func textCheck(name, title string, set map[string]any) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/webhook/" + name, Title: title,
		Requirements: []string{"3D-INT-026"},
		Run:          all(accepted, one("a message with "+strings.TrimPrefix(title, "takes "), set)),
	}
}

// layouts writes Incoming Events in ways that mean the same.
func layouts(ctx context.Context, p *conformance.Partner) []request {
	spaced, backwards, escaped := incoming(ctx, p, "an indented body, as the page prints it,", nil),
		incoming(ctx, p, "a body with its members in another order", nil), incoming(ctx, p, "a body with escaped letters", nil)
	indented, reversed := new(bytes.Buffer), new(bytes.Buffer)
	if spaced.err == nil {
		json.Indent(indented, spaced.Body, "", "    ") // it was just encoded
		spaced.Body = indented.Bytes()
	}
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(backwards.body))) {
		fmt.Fprintf(reversed, ",%q:%s", name, conformance.Encode(backwards.body[name]))
	}
	if backwards.err == nil {
		backwards.Body = []byte("{" + reversed.String()[1:] + "}")
	}
	escaped.Body = bytes.Replace(escaped.Body, []byte(`"messageType":"text"`), []byte(`"\u006dessageType":"\u0074ext"`), 1)
	return []request{spaced, backwards, escaped}
}
