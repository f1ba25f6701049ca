package release

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// built is how .goreleaser.yaml builds a binary.
type built struct {
	Main, Binary        string
	Env, Flags, Ldflags []string
}

// TestBuildsAreTheSame builds what is released with the flags of a release, in two
// folders: the same commit must be the same file.
func TestBuildsAreTheSame(t *testing.T) {
	if runtime.GOOS != "linux" {
		skip(t, "releases are built on Linux; this is %s", runtime.GOOS)
	}
	first, commit := source(t)
	second, same := source(t)
	if same != commit {
		t.Fatalf("the copies are of the commits %s and %s", commit, same)
	}
	a, b := build(t, first, commit), build(t, second, commit)
	isOf(t, a, commit)
	if !bytes.Equal(bytesOf(t, a), bytesOf(t, b)) {
		t.Errorf("two builds of one commit are different files: %s and %s", a, b)
	}
}

// build builds the one target of a source as goreleaser would.
func build(t *testing.T, dir, commit string) string {
	t.Helper()
	var file struct {
		Builds []built
	}
	if err := yaml.Unmarshal(bytesOf(t, filepath.Join(dir, ".goreleaser.yaml")), &file); err != nil || len(file.Builds) != 1 {
		t.Fatalf(".goreleaser.yaml has %d builds (%v)", len(file.Builds), err)
	}
	how := file.Builds[0]
	filled := strings.NewReplacer("{{ .Version }}", "0.0.0-snapshot", "{{ .FullCommit }}", commit, "{{ .CommitDate }}", committed)
	ldflags := filled.Replace(strings.Join(how.Ldflags, " "))
	if strings.Contains(ldflags, "{{") {
		t.Fatalf("this test cannot fill in %s", ldflags)
	}
	binary := filepath.Join(dir, "bin", how.Binary)
	cmd := exec.Command("go", slices.Concat([]string{"build", "-o", binary}, how.Flags, []string{"-ldflags=" + ldflags, how.Main})...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(os.Environ(), []string{"GOFLAGS="}, how.Env) // nothing but what the file says
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func bytesOf(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
