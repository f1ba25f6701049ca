package redaction_test

import (
	"fmt"

	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/traffic/redaction"
)

func ExampleRedactor() {
	e := &traffic.Exchange{ID: "ex-0001", Request: traffic.Request{
		Method: "POST", URL: "/webhook", Body: traffic.NewBody([]byte(`{"type":"connect","token":"confirm"}`), 0),
	}}
	redactor := redaction.New(redaction.Options{Names: []string{"token"}})
	fmt.Println(redactor.Exchange(e).Request.Body)
	fmt.Println(redactor.Text("GET /files?token=confirm"))
	redactor.Know("Hx7kQ9wz2M")
	fmt.Println(redactor.Text("the partner knows no Hx7kQ9wz2M"))
	// Output:
	// {"type":"connect","token":"[redacted]"}
	// GET /files?token=[redacted]
	// the partner knows no [redacted]
}
