package validator_test

import (
	"fmt"
	"net/http"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// elma365 returns the validator of a contract that Parley ships.
func elma365() *validator.Validator {
	contract, err := specs.Embedded("elma365")
	if err != nil {
		panic(err)
	}
	v, err := validator.New(contract)
	if err != nil {
		panic(err)
	}
	return v
}

func ExampleValidator_Payload() {
	body := `{
  "type": "message", "token": "confirm", "channelId": "c1",
  "data": {"targetChatId": "chat1", "files": [{"name": "a.png", "url": "https://files.example/a.png"}]}
}`
	for _, f := range elma365().Payload("events/message", validator.Decode([]byte(body))) {
		fmt.Printf("%d:%d %s at %s: expected %s, got %s\n%s\n", f.Line, f.Column, f.Code, f.Pointer, f.Expected, f.Actual, f.Hint)
	}
	// Output:
	// 3:65 body.required at /data/files/0/URL: expected the key URL, got "url"
	// the key is written "url" here; keys are case-sensitive: write "URL"
}

func ExampleDecode() {
	d := validator.Decode([]byte("{\n\u00a0\u00a0\"type\": “connect”\n}"))
	for _, f := range d.Findings {
		fmt.Printf("%d:%d expected %s, got %s\n", f.Line, f.Column, f.Expected, f.Actual)
	}
	fmt.Println(d.Valid, d.Repaired(), d.Text("/type"))
	// Output:
	// 2:1 expected an ordinary space, got a no-break space (U+00A0)
	// 2:11 expected the straight quotation mark ", got “ (U+201C)
	// false true connect
}

func ExampleValidator_Guess() {
	d := validator.Decode([]byte(`{"type": "markAsRead", "token": "confirm", "data": {"messageId": "m1"}}`))
	fmt.Println(elma365().Guess(d))
	// Output: [events/markAsRead]
}

func ExampleValidator_Exchange() {
	e := &traffic.Exchange{
		Caller: traffic.Partner,
		Request: traffic.Request{
			Method: http.MethodPost, URL: "/api/messengers/external/other/webhook/c1",
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   traffic.NewBody([]byte(`{"type": "disconnect"}`), 0),
		},
		Response: &traffic.Response{Status: http.StatusTeapot},
	}
	elma365().Exchange(e)
	fmt.Println(e.Operation)
	for _, f := range e.Findings {
		fmt.Printf("%s: %s %s: expected %s, got %s\n", f.Part, f.Code, f.Pointer, f.Expected, f.Actual)
	}
	// Output:
	// operations/disconnect
	// request: body.required /token: expected the key token, got nothing
	// response: response.status : expected 200, 401, 404 or 500, got 418
}

func ExampleRedactor() {
	redactor := validator.Redactor(elma365().Contract())
	fmt.Println(redactor.Text(`{"type": "connect", "token": "confirm"}`))
	// Output: {"type": "connect", "token": "[redacted]"}
}
