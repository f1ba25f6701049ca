// Package expertflow is the reference partner of Expertflow CX: a third-party
// application that pushes activities.
package expertflow

import (
	"net/http"
	"slices"
	"sync"

	"github.com/parleykit/parley/conformance/partner"
	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// Reference is the reference partner for partner.New.
func Reference() partner.Vendor {
	return partner.Vendor{
		ID:        "expertflow",
		Defects:   slices.Concat(messageDefects, bodyDefects, kindDefects, requestDefects, repeatDefects, gatewayDefects),
		NoWebhook: true,
		Orders: []partner.Order{
			{Path: "/push", About: "pushes what the header Parley-Ask asks for: a recording, a survey or a schedule; answers 202"},
			{Path: "/push-recording", About: "pushes the link to a call recording, for its channel session"},
			{Path: "/push-survey", About: "pushes the result of a survey, for a conversation"},
			{Path: "/push-schedule", About: "pushes a scheduled activity that stands alone, for a customer"},
		},
		Start: func(o partner.Options, chosen partner.Defects) (http.Handler, func()) {
			a := newApplication(o, chosen)
			return a.routes(), a.Close
		},
	}
}

// maxPushing bounds the activities that are on their way.
const maxPushing = 256

// application is a third-party application. It remembers its token and the
// activities on their way.
type application struct {
	partner.Options
	*partnerkit.Work
	defects partner.Defects
	pushing chan struct{} // a place for each activity on its way

	mu    sync.Mutex
	token string // "" until the gateway asks for one
}

func newApplication(o partner.Options, chosen partner.Defects) *application {
	return &application{Options: o, Work: partnerkit.NewWork(o.After, o.Client), defects: chosen, pushing: make(chan struct{}, maxPushing)}
}

func (a *application) has(name string) bool { return a.defects.Has(name) }

func (a *application) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /push", a.pushWhatIsAsked)
	for _, k := range kinds {
		mux.HandleFunc("POST /push-"+k.name, func(w http.ResponseWriter, r *http.Request) { a.order(w, r, k) })
	}
	mux.HandleFunc("GET /health", partnerkit.Health)
	return mux
}
