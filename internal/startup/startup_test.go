package startup

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// gogc is what is set now; off is the largest number.
func gogc() uint64 {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

func TestMain(m *testing.M) {
	if os.Getenv("PARLEY_TEST_STARTUP") == "" {
		os.Exit(m.Run())
	}
	first := gogc()
	for end := time.Now().Add(time.Minute); gogc() == first && first == percent && time.Now().Before(end); {
		runtime.GC() // the cleanup follows it
	}
	runtime.GC()
	fmt.Print(first, " ", gogc())
}

// TestStartup: while a program starts, the heap may grow more than GOGC says, until the
// first collection, and after that as it says.
func TestStartup(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[string]string{
		"": "400 100", "50": "400 50", "800": "800 800", "off": fmt.Sprint(uint64(math.MaxUint64), " ", uint64(math.MaxUint64)),
	} {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "GOGC="+set, "PARLEY_TEST_STARTUP=1")
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != want {
			t.Errorf("with GOGC=%s it says %q, %v; want %q", set, out, err, want)
		}
	}
}
