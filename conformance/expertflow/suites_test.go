package expertflow_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/expertflow"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

func TestSuites(t *testing.T) { checktest.Suites(t, contracts.With(t, ""), checks.Suites()) }
