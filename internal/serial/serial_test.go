package serial_test

import (
	"testing"

	"github.com/parleykit/parley/internal/serial"
)

func TestIDsAreOrdered(t *testing.T) {
	for _, test := range []struct {
		a, b uint64
		want string
	}{{1, 2, "ex-000001"}, {42, 999_999, "ex-000042"}, {999_999, 1_000_000, "ex-999999"}, {1_000_000, 12_345_678, "ex-1000000"}} {
		a, b := serial.ID("ex-", test.a), serial.ID("ex-", test.b)
		if a != test.want || serial.Compare(b, a) <= 0 || serial.Compare(a, b) >= 0 || serial.Compare(a, a) != 0 {
			t.Errorf("%d is %s and %d is %s", test.a, a, test.b, b)
		}
	}
}
