package threedolphins_test

import (
	"testing"

	"github.com/parleykit/parley/conformance/internal/checktest"
)

func TestMain(m *testing.M) { checktest.Main(m) }
