package expertflow

import (
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/traffic"
)

// requestChecks: the form of each push of the run so far.
var requestChecks = []conformance.Check{
	{
		ID: "expertflow/client/path", Title: "pushes activities with POST to /conversation-manager/activities",
		Requirements: []string{"EF-ACT-001"},
		Covers:       []string{"operations"},
		Run:          everyPush(rightPath),
	},
	{
		ID: "expertflow/client/json", Title: "sends one JSON object in each push",
		Requirements: []string{"EF-ACT-002"},
		Run: everyPush(func(_ *conformance.Partner, a activity) error {
			if err := found(a, "json", "one JSON object"); err != nil || a.readable {
				return err
			}
			return conformance.Fail("one JSON object", "a body that is none", a.Exchange)
		}),
	},
	{
		ID: "expertflow/client/content-type", Title: "sends its activities as application/json",
		Requirements: []string{"EF-ACT-003"},
		Run: everyPush(func(_ *conformance.Partner, a activity) error {
			return found(a, "content-type", "application/json")
		}),
	},
}

func rightPath(p *conformance.Partner, a activity) error {
	if a.Operation != "" {
		return nil
	}
	was := a.Request.Method + " " + a.Request.URL
	if path, _, _ := strings.Cut(a.Request.URL, "?"); path != activitiesPath {
		isForms := a.Request.Method == http.MethodPost && strings.HasSuffix(strings.TrimSuffix(path, "/"), "/forms")
		if option := p.Reading("EF-R-02"); option == "forms" || option == "either" && isForms {
			return conformance.Undetermined("EF-R-02", "it was "+was, a.Exchange)
		}
	}
	f, _ := firstFinding(a, func(f traffic.Finding) bool { return topicOf(a, f) == "path" })
	return conformance.WithHint(conformance.Fail(http.MethodPost+" "+activitiesPath, was, a.Exchange), f.Hint)
}
