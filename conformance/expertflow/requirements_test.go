package expertflow_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/trial"
)

func TestRequirementsAndChecksFit(t *testing.T) {
	trial.RequirementsFit(t, contracts.With(t, ""), checks.Suites())
}

func TestTitlesAreSentencesAboutThePartner(t *testing.T) {
	trial.TitlesAreSentences(t, checks.Suites())
}
