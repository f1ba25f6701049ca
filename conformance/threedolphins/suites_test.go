package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
	checks "github.com/parleykit/parley/conformance/threedolphins"
)

func TestSuites(t *testing.T) { checktest.Suites(t, contracts.With(t, ""), checks.Suites()) }
