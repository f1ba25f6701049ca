package startup

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
)

// gogc is what is set now; off is the largest number.
func gogc() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestMain(m *testing.M) {
	how := os.Getenv("PARLEY_TEST_STARTUP")
	if how == "" {
		os.Exit(m.Run())
	}
	fmt.Print(gogc(), " ")
	ended := func() {}
	if how == "said" {
		ended = Lasts()
	}
	for first := gogc(); how == "collected" && gogc() == first; {
		runtime.GC()
	}
	for range 5 { // the cleanup follows the first
		runtime.GC()
		runtime.Gosched()
	}
	fmt.Print(gogc(), " ")
	ended()
	fmt.Print(gogc())
}

// TestStartup: while a program starts, the heap may grow more than GOGC says, until the
// first collection or as long as was said, and after that as it says.
func TestStartup(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ set, how, want string }{
		{"", "said", "400 400 100"},
		{"", "collected", "400 100 100"},
		{"50", "said", "400 400 50"},
		{"50", "collected", "400 50 50"},
		{"800", "said", "800 800 800"},
		{"off", "said", strings.TrimSpace(strings.Repeat(fmt.Sprint(uint64(math.MaxUint64), " "), 3))},
	} {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "GOGC="+row.set, "PARLEY_TEST_STARTUP="+row.how)
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != row.want {
			t.Errorf("with GOGC=%s it says %q, %v; want %q when the end was %s", row.set, out, err, row.want, row.how)
		}
	}
}
