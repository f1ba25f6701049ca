package validator

import (
	"net/http"
	"slices"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// What was recorded without secrets, and without what nobody understood, is judged
// again as it was: what is hidden is not wrong.
func TestRecordedBodiesAreJudgedAsTheyWere(t *testing.T) {
	v := elma(t)
	r := Redactor(v.Contract())
	for name, body := range map[string]string{
		"as documented":     `{"type":"disconnect","token":"Hx7kQ9wz2M"}`,
		"number for secret": `{"type":"disconnect","token":123456789}`,
		"typographic":       `{“type”: “disconnect”, “token”: “Hx7kQ9wz2M”}`,
		"comma at the end":  `{"type":"disconnect","token":"Hx7kQ9wz2M",}`,
		"comment":           `{"type":"disconnect",/* now */"token":"Hx7kQ9wz2M"}`,
		"cut off":           `{"type":"disconnect","token":"Hx7k`,
		"UTF-8 BOM":         "\ufeff" + `{"type":"disconnect","token":"Hx7kQ9wz2M"}`,
		"missing":           `{"type":"disconnect"}`,
	} {
		e := &traffic.Exchange{
			Caller:   traffic.Partner,
			Request:  traffic.Request{Method: "POST", URL: "/api/messengers/external/other/webhook/c1", Header: http.Header{"Content-Type": {"application/json"}}, Body: traffic.NewBody([]byte(body), 0)},
			Response: &traffic.Response{Status: 200},
		}
		recorded := r.Exchange(e)
		v.Exchange(e)
		v.Exchange(recorded)
		if name == "number for secret" { // its type was found, and is hidden now
			e.Findings = nil
		}
		if before, now := places(e.Findings), places(recorded.Findings); !slices.Equal(before, now) || e.Operation != recorded.Operation {
			t.Errorf("%s: %s found %q, and of %s %q", name, e.Operation, before, recorded.Request.Body, now)
		}
	}
}

func places(found []traffic.Finding) []string {
	var list []string
	for _, f := range found {
		f.Actual, f.Hint = "", ""
		list = append(list, f.String())
	}
	return list
}
