package main

import "runtime/debug"

// startPercent is by how much the heap may grow between two collections while a
// command loads contracts: what is loaded stays, so that collecting meanwhile finds
// little and takes a seventh of a start.
const startPercent = 400

// collectSeldom lasts until its restore is called. A larger GOGC stays as it is.
func collectSeldom() (restore func()) {
	before := debug.SetGCPercent(startPercent)
	if before < 0 || before > startPercent {
		debug.SetGCPercent(before)
	}
	return func() { debug.SetGCPercent(before) }
}
