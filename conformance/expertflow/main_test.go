package expertflow_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets more runs wait at once than there are processors: a run does little
// but wait for what does not come.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", "8") // the flag is the testing package's
	}
	os.Exit(m.Run())
}
