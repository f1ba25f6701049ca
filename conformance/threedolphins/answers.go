package threedolphins

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// demand judges the answer to a request.
type demand func(p *conformance.Partner, what string, e *traffic.Exchange) error

// each sends requests one after another and returns the worst verdict. Where no
// answer came it stops: a third party that hangs would make all of them wait.
func each(ctx context.Context, p *conformance.Partner, demanded demand, requests ...request) error {
	if err := answersNothing(p); err != nil {
		return err
	}
	var verdicts []error
	for _, r := range requests {
		if r.err != nil {
			return r.err
		}
		e := p.DeliverRaw(ctx, r.Raw)
		verdicts = append(verdicts, p.Judge(func(p *conformance.Partner) error { return demanded(p, r.what, e) }))
		if e.Response == nil {
			break
		}
	}
	return conformance.Join(verdicts...)
}

// all returns a Run that sends what requests gives.
func all(demanded demand, requests func(context.Context, *conformance.Partner) []request) func(context.Context, *conformance.Partner) error {
	return func(ctx context.Context, p *conformance.Partner) error {
		return each(ctx, p, demanded, requests(ctx, p)...)
	}
}

// beyondPlain makes checks say that they could not run where not even a plain text is
// taken: what is special about their events then decides nothing.
func beyondPlain(checks ...conformance.Check) []conformance.Check {
	for i, c := range checks {
		checks[i].Run = func(ctx context.Context, p *conformance.Partner) error {
			err := c.Run(ctx, p)
			if d := conformance.DeviationOf(err); d == nil || d.Verdict != conformance.VerdictFail && d.Verdict != conformance.VerdictWarn {
				return err
			}
			plain := each(ctx, p, accepted, incoming(ctx, p, "a plain text", nil))
			if d := conformance.DeviationOf(plain); d != nil && d.Verdict != conformance.VerdictUndetermined {
				return conformance.CouldNotRun(d.Actual+" as well; see 3dolphins/webhook/text", d.Exchanges...)
			}
			return err
		}
	}
	return checks
}

// accepted demands what 3D-R-06 says. By its default the body is not judged; one that
// denies what the status says is then nobody's to decide.
func accepted(p *conformance.Partner, what string, e *traffic.Exchange) error {
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expectedAnswer(p), what, e)
	case !succeeded(p, e):
		return conformance.Fail(expectedAnswer(p), was(what, e), e)
	case p.Reading("3D-R-06") == "status-success" && !saysSuccess(e):
		return conformance.Fail(expectedAnswer(p), was(what, e)+" with another body", e)
	}
	if why := conformance.Denial(e); why != "" && !isAgreed(p, "3D-R-06") {
		return conformance.Undetermined("3D-R-06", was(what, e)+" with "+why, e)
	}
	return nil
}

func isAgreed(p *conformance.Partner, reading string) bool {
	s, _ := p.Contract().Setting(reading)
	return s.Agreed
}

func expectedAnswer(p *conformance.Partner) string {
	switch p.Reading("3D-R-06") {
	case "only-200":
		return "200"
	case "status-success":
		return `200 with {"status":"success"}`
	}
	return "a status from 200 to 299"
}

// succeeded is the status of success by 3D-R-06.
func succeeded(p *conformance.Partner, e *traffic.Exchange) bool {
	status := e.Status()
	return status == http.StatusOK || status > 200 && status < 300 && p.Reading("3D-R-06") == "any-2xx"
}

func saysSuccess(e *traffic.Exchange) bool {
	var answer struct {
		Status string `json:"status"`
	}
	return json.Unmarshal(e.Response.Body.Kept, &answer) == nil && answer.Status == "success"
}

// notTaken demands what 3D-R-10 says of a body that is no Incoming Event.
func notTaken(p *conformance.Partner, what string, e *traffic.Exchange) error {
	const expected = "a status from 400 to 599"
	switch {
	case e.Response == nil:
		return conformance.Unanswered("an answer", what, e)
	case p.Reading("3D-R-10") == "undetermined":
		return conformance.Undetermined("3D-R-10", was(what, e), e)
	case e.Status() < 400 || e.Status() > 599:
		return conformance.Fail(expected, was(what, e), e)
	}
	return nil
}

// unlessReading is a demand that a reading leaves open when it is not met.
func unlessReading(reading, option string, otherwise demand) demand {
	return func(p *conformance.Partner, what string, e *traffic.Exchange) error {
		err := otherwise(p, what, e)
		if err != nil && e.Response != nil && p.Reading(reading) == option {
			return conformance.Undetermined(reading, was(what, e), e)
		}
		return err
	}
}

// was says what was answered: "an image was answered 500".
func was(what string, e *traffic.Exchange) string {
	return fmt.Sprintf("%s was answered %d", what, e.Status())
}
