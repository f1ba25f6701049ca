package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/trial"
	checks "github.com/parleykit/parley/conformance/threedolphins"
)

func TestRequirementsAndChecksFit(t *testing.T) {
	trial.RequirementsFit(t, contracts.With(t, ""), checks.Suites())
}

func TestTitlesAreSentencesAboutThePartner(t *testing.T) {
	trial.TitlesAreSentences(t, checks.Suites())
}
