// Package version knows which version of Parley a program has in it.
package version

import "runtime/debug"

// modulePath is how build information calls this module.
const modulePath = "github.com/parleykit/parley"

// Set by the linker where Parley is built without its history, and empty otherwise:
// -ldflags "-X github.com/parleykit/parley/internal/version.release=v1.2.3".
var (
	release string
	commit  string
	date    string // of the commit, RFC 3339
)

// Build is what a binary knows of its source.
type Build struct {
	Version  string `json:"version"`            // "v1.2.3"; "(devel)" for one that was built from a working copy
	Commit   string `json:"commit,omitempty"`   // its whole hash
	Date     string `json:"date,omitempty"`     // of the commit, RFC 3339
	Modified bool   `json:"modified,omitempty"` // files differed from the commit
}

// Module is the version of Parley in this binary; "(devel)" for one that was built
// from a working copy.
func Module() string { return Of().Version }

// Of is the build of this binary: what the linker was told, else what Go recorded.
func Of() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return of(info, Build{Version: release, Commit: commit, Date: date})
}

// of takes from the build information what was not told.
func of(info *debug.BuildInfo, told Build) Build {
	b := told
	for _, module := range append(info.Deps, &info.Main) {
		if b.Version == "" && module.Path == modulePath {
			b.Version = module.Version
		}
	}
	if b.Version == "" {
		b.Version = "(devel)"
	}
	if info.Main.Path != modulePath || told.Commit != "" {
		return b // the history that Go recorded is that of another module, or is known better
	}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.Date = setting.Value
		case "vcs.modified":
			b.Modified = setting.Value == "true"
		}
	}
	return b
}
