package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/shell"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// curlLine is a call that works as printed.
func curlLine(base string, c *specs.Contract) string {
	try := vendors.For(c).Try
	o := c.Operation("operations/" + try.Operation)
	if o == nil {
		return readLine(base, c)
	}
	sample, ok := c.Payloads[o.Payload].Sample(try.Sample)
	if !ok {
		return ""
	}
	target := o.Path
	for name, value := range try.Params {
		target = strings.ReplaceAll(target, "{"+name+"}", value)
	}
	return fmt.Sprintf("curl -sS -i -X %s %s%s -H 'Content-Type: application/json' -d '%s'", o.Method, base, target, compact(sample.Body))
}

// readLine is a call of the first operation that can be read without knowing anything; ""
// if there is none.
func readLine(base string, c *specs.Contract) string {
	i := slices.IndexFunc(c.Operations, func(o *specs.Operation) bool {
		demands := slices.ContainsFunc(o.Parameters, func(p specs.Parameter) bool { return p.Required })
		return o.Method == http.MethodGet && !demands && !strings.Contains(o.Path, "{") && len(c.Credentials(o)) == 0
	})
	if i < 0 {
		return ""
	}
	return "curl -sS -i " + shell.Word(base+c.Operations[i].Path)
}

// compact prints JSON on one line, fit for a shell's single quotes.
func compact(data []byte) string {
	var line bytes.Buffer
	if json.Compact(&line, data) != nil {
		return strings.TrimSpace(string(data))
	}
	return strings.ReplaceAll(line.String(), "'", `'\''`)
}
