// Package testflag is for the TestMain of packages whose tests wait more than they
// compute.
package testflag

import (
	"flag"
	"strconv"
)

// Parallel lets so many tests run at a time, unless the command line says how many.
func Parallel(n int) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(n)) // the flag is the testing package's
	}
}
