package specs_test

import (
	"strings"
	"testing"

	"github.com/parleykit/parley/specs"
)

func TestEmbeddedSuggests(t *testing.T) {
	for given, want := range map[string]string{"elma": "did you mean elma365?", "Dolphins": "did you mean 3dolphins?", "expertflow-cx": "did you mean expertflow?"} {
		if _, err := specs.Embedded(given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", given, err)
		}
	}
	if _, err := specs.Embedded("acme"); err == nil || strings.Contains(err.Error(), "mean") {
		t.Errorf("acme: %v", err)
	}
}
