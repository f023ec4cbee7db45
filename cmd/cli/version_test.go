package cli

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.modified", Value: "true"}}
	for want, info := range map[string]debug.BuildInfo{
		"v1.2.3":                         {Main: debug.Module{Version: "v1.2.3"}, Settings: commit},
		"development-0123456789ab+dirty": {Main: debug.Module{Version: "(devel)"}, Settings: commit},
		"development-0123456789ab":       {Settings: commit[:1]},
		"development":                    {Main: debug.Module{Version: "(devel)"}},
	} {
		if got := versionOf(&info); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
