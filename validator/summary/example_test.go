package summary_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
	"github.com/parleykit/parley/validator/summary"
)

// A capture is read entry by entry, judged and summed up.
func Example() {
	contract, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	judge, err := validator.New(contract)
	if err != nil {
		panic(err)
	}
	scope, err := judge.Scope("") // wherever the vendor lives
	if err != nil {
		panic(err)
	}
	capture := `{"log": {"entries": [
		{"request": {"method": "GET", "url": "https://cdn.example/app.js"}, "response": {"status": 200}},
		{"request": {"method": "POST", "url": "https://my-domain.example/api/messengers/external/other/webhook/c1",
			"headers": [{"name": "Content-Type", "value": "application/json"}],
			"postData": {"mimeType": "application/json", "text": "{\"type\": \"disconnect\"}"}},
			"response": {"status": 200}}
	]}}`

	found := summary.New(contract, summary.Options{})
	for entry, err := range traffic.ReadCapture(strings.NewReader(capture), traffic.CaptureOptions{Source: "a.har"}) {
		switch {
		case err != nil:
			found.AddBroken(entry.At, err.Error())
		case scope.Take(entry.Exchange):
			judge.Exchange(entry.Exchange)
			found.Add(entry.Exchange, entry.At)
		default:
			found.Skip(scope.Host(entry.Exchange))
		}
	}
	report := found.Report()
	fmt.Println(report.Outcome)
	report.Write(os.Stdout, "text")
	// Output:
	// failed
	// ELMA365-IND-002 MUST (observed): The messenger's disconnect carries token.
	//   https://elma365.com/en/help/custom-messenger-settings.html
	//   error body.required /token operations/disconnect request: 1 time
	//       first: a.har entry 2 (line 3, byte 124) POST /api/messengers/external/other/webhook/c1 → 200
	//       expected the key token, got nothing
	//
	// Skipped, because the contract does not know them: cdn.example 1
	// elma365: failed: 1 of 2 exchanges judged (1 operation, 0 events), 1 error: 1 finding as bad as error, or worse
}
