// Package startup lets collections of garbage wait until a program has started: what a
// start makes stays, so that collecting finds little and takes a sixth of its time.
package startup

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// percent is by how much the heap may grow before the first collection. The heap that it
// allows, 16 MiB, is more than a start of parley makes.
const percent = 400

// before is the GOGC that was set.
var before int

// init comes before those of libraries that make a lot: of the packages that can be
// initialised, that with the first path is. A larger GOGC stays as it is.
func init() {
	before = debug.SetGCPercent(percent)
	if before < 0 || before > percent {
		debug.SetGCPercent(before)
	}
	collected := &struct{ itself *int }{new(int)}
	runtime.AddCleanup(collected, func(ended func()) { ended() }, Ended)
}

var once sync.Once

// Ended says that what is made from now on may not stay. The first collection says it, too,
// where nobody did.
func Ended() {
	once.Do(func() { debug.SetGCPercent(before) })
}
