package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
	checks "github.com/parleykit/parley/conformance/threedolphins"
)

func TestRequirementsAndChecksFit(t *testing.T) {
	checktest.RequirementsFit(t, contracts.With(t, ""), checks.Suites())
}

func TestTitlesAreSentencesAboutThePartner(t *testing.T) {
	checktest.TitlesAreSentences(t, checks.Suites())
}
