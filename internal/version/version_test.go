package version

import (
	"runtime/debug"
	"testing"
)

const (
	hash = "0123456789abcdef0123456789abcdef01234567"
	when = "2026-11-27T01:02:03Z"
)

func history(modified string) []debug.BuildSetting {
	return []debug.BuildSetting{{Key: "vcs.revision", Value: hash}, {Key: "vcs.time", Value: when}, {Key: "vcs.modified", Value: modified}}
}

func TestOf(t *testing.T) {
	ours := debug.Module{Path: modulePath, Version: "v1.2.3"}
	for name, test := range map[string]struct {
		info debug.BuildInfo
		told Build
		want Build
	}{
		"its own repository":           {debug.BuildInfo{Main: ours, Settings: history("false")}, Build{}, Build{"v1.2.3", hash, when, false}},
		"with changes":                 {debug.BuildInfo{Main: ours, Settings: history("true")}, Build{}, Build{"v1.2.3", hash, when, true}},
		"no history":                   {debug.BuildInfo{Main: debug.Module{Path: modulePath}}, Build{}, Build{Version: "(devel)"}},
		"the linker was told":          {debug.BuildInfo{Main: debug.Module{Path: modulePath, Version: "(devel)"}}, Build{Version: "v2.0.0", Commit: hash, Date: when}, Build{"v2.0.0", hash, when, false}},
		"told before what Go knows":    {debug.BuildInfo{Main: ours, Settings: history("true")}, Build{Version: "v2.0.0", Commit: "ffff"}, Build{Version: "v2.0.0", Commit: "ffff"}},
		"a program of somebody else's": {debug.BuildInfo{Main: debug.Module{Path: "example.com/shop", Version: "v9.0.0"}, Deps: []*debug.Module{&ours}, Settings: history("true")}, Build{}, Build{Version: "v1.2.3"}},
		"no build information":         {debug.BuildInfo{}, Build{}, Build{Version: "(devel)"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := of(&test.info, test.told); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
