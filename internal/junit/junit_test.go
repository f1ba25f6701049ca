package junit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/internal/junit"
)

func TestWrite(t *testing.T) {
	counted := junit.Suites{Name: "all", Time: junit.Seconds(1500 * time.Millisecond)}
	s := junit.Suite{Name: "s", Skipped: new(0)}
	s.Add(junit.Case{Class: "c", Name: "passed", Out: "\u202e"})
	s.Add(junit.Case{Class: "c", Name: "failed", Failure: &junit.Problem{Message: "<m>", Type: "t", Text: "x\ny"}})
	s.Add(junit.Case{Class: "c", Name: "not run", Error: &junit.Problem{Message: "m"}})
	counted.Add(s)
	counted.Add(junit.Suite{Name: "empty"})
	skipping := junit.Suite{Name: "t"}
	skipping.Add(junit.Case{Class: "c", Name: "skipped", Skipped: &junit.Problem{Message: "m"}})
	counted.Add(skipping)
	var out strings.Builder
	if err := counted.Write(&out); err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="4" failures="1" errors="1" skipped="1" time="1.500">
  <testsuite name="s" tests="3" failures="1" errors="1" skipped="0">
    <testcase classname="c" name="passed">
      <system-out>\u202e</system-out>
    </testcase>
    <testcase classname="c" name="failed">
      <failure message="&lt;m&gt;" type="t">x&#xA;y</failure>
    </testcase>
    <testcase classname="c" name="not run">
      <error message="m"></error>
    </testcase>
  </testsuite>
  <testsuite name="t" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="c" name="skipped">
      <skipped message="m"></skipped>
    </testcase>
  </testsuite>
</testsuites>
`
	if out.String() != want {
		t.Errorf("wrote\n%s", &out)
	}
}
