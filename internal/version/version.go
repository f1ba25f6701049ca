// Package version knows which version of Parley a program has in it.
package version

import "runtime/debug"

// modulePath is how build information calls this module.
const modulePath = "github.com/parleykit/parley"

// Module is the version of Parley in this binary; "(devel)" for one that was built
// from a working copy.
func Module() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range append(info.Deps, &info.Main) {
		if module.Path == modulePath && module.Version != "" {
			return module.Version
		}
	}
	return "(devel)"
}
