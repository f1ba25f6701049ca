package partner_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/parleykit/parley/conformance/partner"
)

// A vendor's reference partner is a handler that asks for each defect at the one place
// where the good partner does the right thing.
func ExampleNew() {
	acme := partner.Vendor{
		ID:      "acme",
		Defects: []partner.Defect{{Name: "answers-201", About: "answers every event with 201"}},
		Start: func(_ partner.Options, defects partner.Defects) (http.Handler, func()) {
			webhook := func(w http.ResponseWriter, _ *http.Request) {
				if defects.Has("answers-201") {
					w.WriteHeader(http.StatusCreated)
				}
			}
			return http.HandlerFunc(webhook), func() {}
		},
	}
	for _, defects := range [][]string{nil, {"answers-201"}, {"is-lazy"}} {
		p, err := partner.New(acme, partner.Options{Defects: defects})
		if err != nil {
			fmt.Println(err)
			continue
		}
		answer := httptest.NewRecorder()
		p.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/webhook", nil))
		fmt.Println(defects, answer.Code)
		p.Close()
	}
	// Output:
	// [] 200
	// [answers-201] 201
	// no defect "is-lazy"; there are answers-201
}
