package memory

import (
	"os"
	"testing"
)

func TestOf(t *testing.T) {
	now, most := Of(os.Getpid(), "VmRSS"), Of(os.Getpid(), "VmHWM")
	if now < 1 || most < 1 || most > 100_000 {
		t.Errorf("this process takes %v MiB, and took %v at most", now, most)
	}
	if none := Of(os.Getpid(), "VmNone"); none != 0 {
		t.Errorf("a line that is not there says %v", none)
	}
}
