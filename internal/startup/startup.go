// Package startup lets collections of garbage wait until a program has started: what a
// start makes stays, so that collecting finds little and takes a quarter of its time.
package startup

import (
	"runtime"
	"runtime/debug"
)

// percent is by how much the heap may grow between two collections. The heap that it allows
// before the first, 16 MiB, is more than a start of parley makes, without contracts of others.
const percent = 400

// init comes before those of libraries that make a lot: of the packages that can be
// initialised, that with the first path is. The first collection is the end of it.
func init() {
	before := seldom()
	collected := &struct{ itself *int }{new(int)}
	runtime.AddCleanup(collected, func(struct{}) { debug.SetGCPercent(before) }, struct{}{})
}

// seldom returns what was set. A larger GOGC stays as it is.
func seldom() int {
	was := debug.SetGCPercent(percent)
	if was < 0 || was > percent {
		debug.SetGCPercent(was)
	}
	return was
}
