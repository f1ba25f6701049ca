package elma365_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

func TestRequirementsAndChecksFit(t *testing.T) {
	checktest.RequirementsFit(t, contracts.With(t, ""), checks.Suites())
}

func TestTitlesAreSentencesAboutThePartner(t *testing.T) {
	checktest.TitlesAreSentences(t, checks.Suites())
}
