package generated

import (
	"context"
	"fmt"
	"slices"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// demand judges the answer to a request.
type demand func(what string, e *traffic.Exchange) error

// each sends requests one after another and returns the worst verdict. Where no
// answer came it stops: a partner that hangs would make all of them wait.
func each(ctx context.Context, p *conformance.Partner, demanded demand, requests ...request) error {
	var verdicts []error
	for _, r := range requests {
		e := p.DeliverRaw(ctx, r.Raw)
		verdicts = append(verdicts, demanded(r.what, e))
		if e.Response == nil {
			break
		}
	}
	return conformance.Join(verdicts...)
}

// taken demands an answer that the contract documents. That the partner must know
// what a sample names, no document says: a documented refusal decides nothing. A
// status from 500 on is the partner's own failure.
func (v event) taken(what string, e *traffic.Exchange) error {
	expected := statusList(v.success(), "or")
	if len(v.success()) == 0 {
		expected = "an answer"
	}
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expected, what, e)
	case !v.documents(e.Status()):
		return conformance.Fail("a documented status: "+statusList(documented(v.Operation), "or"), was(what, e), e)
	case v.took(e.Status()):
		return fitting(what, e)
	case len(v.success()) == 0:
		return conformance.Undetermined("", was(what, e)+"; the contract documents no status with which an event counts as taken", e)
	case e.Status() >= 500:
		return conformance.Fail(expected, was(what, e), e)
	}
	return conformance.Join(fitting(what, e), conformance.Undetermined("", was(what, e)+", which is documented; whether the partner has to know what the sample names, the documents do not say", e))
}

// refused demands a documented answer that does not say that the event was taken.
func (v event) refused(what string, e *traffic.Exchange) error {
	statuses, _, _ := v.refusals()
	expected := "a documented status that is no success: " + statusList(statuses, "or")
	if statuses == nil {
		expected = "an answer"
	}
	switch {
	case e.Response == nil:
		return conformance.Unanswered(expected, what, e)
	case statuses == nil:
		return conformance.Undetermined("", was(what, e)+"; the contract documents no status with which the partner could refuse it", e)
	case v.took(e.Status()), isSuccess(e.Status()):
		return conformance.Fail(expected, was(what, e), e)
	case !v.documents(e.Status()):
		return conformance.Warn(expected, was(what, e), e)
	}
	return fitting(what, e)
}

func (v event) documents(status int) bool {
	_, ok := v.Response(status)
	return ok
}

// fitting judges what came with a documented status: content type and body.
func fitting(what string, e *traffic.Exchange) error {
	return deviations(fmt.Sprintf("an answer to %s as documented for %d", what, e.Status()), traffic.InResponse, e)
}

// deviations makes the findings in one half of exchanges a verdict: errors fail,
// warnings warn.
func deviations(expected string, part traffic.Part, seen ...*traffic.Exchange) error {
	for _, severity := range []traffic.Severity{traffic.Error, traffic.Warn} {
		for _, e := range seen {
			i := slices.IndexFunc(e.Findings, func(f traffic.Finding) bool {
				return f.Part == part && f.Severity == severity && f.Code != validator.CredentialMissing // a check of its own
			})
			if i < 0 {
				continue
			}
			err := conformance.Warn(expected, e.Findings[i].String(), e)
			if severity == traffic.Error {
				err = conformance.Fail(expected, e.Findings[i].String(), e)
			}
			if id := e.Findings[i].Requirement; id != "" {
				err = conformance.Breaking(err, id)
			}
			return err
		}
	}
	return nil
}

func was(what string, e *traffic.Exchange) string {
	return fmt.Sprintf("%s was answered %s", what, statusOf(e))
}
