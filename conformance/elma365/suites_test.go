package elma365_test

import (
	"testing"

	checks "github.com/parleykit/parley/conformance/elma365"
	"github.com/parleykit/parley/conformance/internal/checktest"
)

func TestSuites(t *testing.T) { checktest.Suites(t, contracts.With(t, ""), checks.Suites()) }
