package threedolphins

import (
	"net/http"
	"testing"

	"github.com/parleykit/parley/traffic"
)

// TestDenials: a body that says the opposite of a status of success is told from one
// that says nothing, or something else.
func TestDenials(t *testing.T) {
	for body, denied := range map[string]bool{
		`{"status":"error"}`: true, `{"Status":"FAILED","message":"x"}`: true, `{"success":false}`: true, `{"ok":false}`: true, `{"error":"no such ticket"}`: true,
		`{"errors":["x"]}`: true, `{"error":{"code":5}}`: true, `{"code":500}`: true, `{"result":"NOK"}`: true, `{"status":false}`: true,
		"<!DOCTYPE html>\n<title>Log in</title>": true, "  <html><body>OK</body></html>": true, `{"status":"not ok"}`: true,
		``: false, `OK`: false, `{}`: false, `{"status":"success"}`: false, `{"status":"ok"}`: false, `{"ok":true}`: false, `{"error":null}`: false, `{"errors":[]}`: false,
		`{"error":false}`: false, `{"error":""}`: false, `{"code":0}`: false, `{"code":200}`: false, `{"status":"received"}`: false, `{"message":"no error"}`: false,
		`["error"]`: false, `{"status":"transferred"}`: false, `{"status":"default"}`: false, `{"status":"noted"}`: false,
	} {
		e := &traffic.Exchange{Response: &traffic.Response{Status: 200, Header: http.Header{}, Body: traffic.NewBody([]byte(body), 1<<10)}}
		if got := denial(e); (got != "") != denied {
			t.Errorf("%s: %q", body, got)
		}
	}
	page := &traffic.Exchange{Response: &traffic.Response{Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: traffic.NewBody(nil, 1)}}
	if denial(page) == "" {
		t.Error("a web page without a body is none")
	}
}

// TestNamesThatSuffered: what became of a customer's name, and which requirement that
// breaks.
func TestNamesThatSuffered(t *testing.T) {
	for given, want := range map[string]string{
		"Zoë": "3D-INT-072", "Zoë \"Contoh\"": "3D-INT-072", "Penguji": "3D-INT-072", "Zoë \"Conto": "3D-INT-072", "O'Misal & Penguji": "3D-INT-072",
		"Zoë &quot;Contoh&quot; O&#39;Misal &amp; Penguji": "3D-INT-072", "Zo%C3%AB%20%22Contoh%22%20O'Misal%20%26%20Penguji": "3D-INT-072",
		"Zo+ë": "3D-INT-058", `Zoë \"Contoh\" O'Misal & Penguji`: "3D-INT-072", `Zo\u00eb \"Contoh\" O'Misal & Penguji`: "3D-INT-072",
		"ZoÃ« \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zo\ufffd \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zo? \"Contoh\" O'Misal & Penguji": "3D-INT-072",
		"Zo \"Contoh\" O'Misal & Penguji": "3D-INT-072", "Zoe \"Contoh\" O'Misal & Penguji": "3D-INT-072",
		"": "3D-INT-058", "Pelanggan": "3D-INT-058", "ZOË \"CONTOH\" O'MISAL & PENGUJI": "3D-INT-058", "Ibu Zoë \"Contoh\" O'Misal & Penguji": "3D-INT-058",
	} {
		if how, got := miswritten(given); got != want {
			t.Errorf("%s: %s %s, want %s", given, got, how, want)
		}
	}
}
