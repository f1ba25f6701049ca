package specs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// echoOf is x-parley.echo of a response: what of the request its body must be.
func echoOf(extensions map[string]any) string {
	ours, _ := extensions["x-parley"].(map[string]any)
	text, _ := ours["echo"].(string)
	return text
}

// checkEchoes makes sure that what an answer must repeat is in the request, and that
// nothing else stands under a response's x-parley.
func (o *Operation) checkEchoes(source *openapi3.Operation) error {
	for status, ref := range source.Responses.Map() {
		if ref == nil || ref.Value == nil || ref.Value.Extensions["x-parley"] == nil {
			continue
		}
		ours, _ := ref.Value.Extensions["x-parley"].(map[string]any)
		echo := echoOf(ref.Value.Extensions)
		if len(ours) != 1 || echo == "" {
			return &flaw{fmt.Sprintf("answer %s: x-parley of a response has one key, echo: the name of a parameter of the request, or a JSON pointer into its body", status), "echo:"}
		}
		if strings.HasPrefix(echo, "/") {
			if o.BodyRequired {
				continue
			}
			return &flaw{fmt.Sprintf("answer %s repeats %s of the body, and the request need not have one (required: true)", status, echo), "echo: " + echo}
		}
		if !slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Name == echo && p.Required }) {
			return &flaw{fmt.Sprintf("answer %s repeats the parameter %q, and the request has no required one of that name", status, echo), "echo: " + echo}
		}
	}
	return nil
}
