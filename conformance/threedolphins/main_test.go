package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/trial"
)

func TestMain(m *testing.M) { trial.Main(m, 6) }
