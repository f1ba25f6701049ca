package elma365

import (
	"net/http"

	"github.com/parleykit/parley/mockserver"
)

// KnownOperator is the user of the page's sample of userInfo.
const KnownOperator = "95806fe5-f8e8-460c-b2be-ce607068726c"

// pixel is a PNG of one transparent pixel, in base64.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// addOperators gives ELMA365 users of its own. Telephone numbers are of the range
// that is kept free for fiction.
func (e *elma) addOperators() {
	for _, o := range []Operator{
		{ID: KnownOperator, FullName: "Vera Example", Login: "vera.example", Phone: "+12025550101", Avatar: pixel},
		{ID: "5f1c8a52-6a0e-4d53-9f0b-3a1d4c2b7e10", FullName: "Boris Example", Login: "boris.example", Phone: "+12025550102", Avatar: pixel},
		{ID: "c0a7b6de-19c3-4f84-8a5e-7d2f6b90e3a4", FullName: "Anna O'Example-Müller", Login: "anna.example", Phone: "+12025550103", Avatar: ""},
	} {
		_, err := e.operators.Upsert(o.ID, func(stored *Operator) error {
			*stored = o
			return nil
		})
		if err != nil {
			panic(err) // memory does not fail
		}
	}
}

// userInfo answers with the data of an operator. Its names are ours:
// ELMA365-R-24 and ELMA365-R-25.
func (e *elma) userInfo(c *mockserver.Call) mockserver.Reply {
	operator, err := e.operators.Get(c.Document.Text("/data/userId"))
	known := err == nil
	switch {
	case !known && e.stage.Reading("ELMA365-R-25") == "not-found":
		return mockserver.Reply{Status: http.StatusNotFound}
	case e.stage.Reading("ELMA365-R-24") == "empty":
		return mockserver.Reply{Status: http.StatusOK}
	case !known:
		return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{}}
	}
	return mockserver.Reply{Status: http.StatusOK, Body: map[string]any{
		"fullName": operator.FullName, "login": operator.Login, "phone": operator.Phone, "avatar": operator.Avatar,
	}}
}
