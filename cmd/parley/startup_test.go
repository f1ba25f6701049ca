package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestAStartCollectsNothing, from before what libraries make until a command has loaded
// all contracts.
func TestAStartCollectsNothing(t *testing.T) {
	for _, line := range []string{"--help", "specs list"} {
		cmd := exec.Command(buildParley(t), strings.Fields(line)...)
		cmd.Env = append(os.Environ(), "GOGC=", "GODEBUG=inittrace=1,gctrace=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		_, after, ok := strings.Cut(string(out), "init github.com/parleykit/parley/internal/startup @")
		if !ok || !strings.Contains(after, "init github.com/santhosh-tekuri/jsonschema/v6 @") {
			t.Errorf("%s: the largest of the libraries begins before internal/startup:\n%s", line, out)
		}
		if strings.Contains(string(out), "gc 1 @") {
			t.Errorf("%s collects:\n%s", line, out)
		}
	}
}
