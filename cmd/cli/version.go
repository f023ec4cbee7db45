package cli

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// release is set by the linker for a release build.
var release string

// version returns the release, or what the toolchain knows of the build.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknownVersion
	}
	return versionOf(info)
}

// unknownVersion is that of a build that knows nothing of itself: one from files
// without a repository around them, or with -buildvcs=false.
const unknownVersion = "development"

// versionOf is the module's version where there is one, which names the commit,
// or else the commit.
func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	known := map[string]string{}
	for _, s := range info.Settings {
		known[s.Key] = s.Value
	}
	commit := known["vcs.revision"]
	if commit == "" {
		return unknownVersion
	}
	const enough = 12
	name := unknownVersion + "-" + commit[:min(len(commit), enough)]
	if known["vcs.modified"] == "true" {
		name += "+dirty"
	}
	return name
}

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			a.printf("broadsheet %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
