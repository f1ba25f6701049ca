// Package release makes what is released, for one target, and uses it as its users do.
package release

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// committed is when the tree that is released was committed.
const committed = "2026-01-02T03:04:05Z"

// skip skips a test, but not in CI: there nothing is skipped.
func skip(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// tool is the path of a program of tools/go.mod, which is built when it is first asked for.
func tool(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "tool", "-modfile=../tools/go.mod", "-n", name).CombinedOutput()
	if err != nil {
		skip(t, "%s cannot be built: %v\n%s", name, err, out)
	}
	return strings.TrimSpace(string(out))
}

func run(t *testing.T, dir string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// source is a copy of the repository as it stands here, committed, whose releases have one
// target alone. It returns the folder and the commit.
func source(t *testing.T) (dir, commit string) {
	t.Helper()
	dir = t.TempDir()
	for name := range strings.SplitSeq(strings.TrimRight(run(t, "..", "git", "ls-files", "-z", "-co", "--exclude-standard"), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join("..", name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, all := range []string{"goos: [linux, darwin, windows]", "goarch: [amd64, arm64]"} {
			if name != ".goreleaser.yaml" {
				break
			}
			one := strings.NewReplacer("linux, darwin, windows", runtime.GOOS, "amd64, arm64", runtime.GOARCH).Replace(all)
			if !strings.Contains(string(data), all) {
				t.Fatalf(".goreleaser.yaml does not say %s", all)
			}
			data = []byte(strings.Replace(string(data), all, one, 1))
		}
		target := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GIT_AUTHOR_DATE", committed)
	t.Setenv("GIT_COMMITTER_DATE", committed)
	run(t, dir, "git", "init", "-q", "-b", "main")
	run(t, dir, "git", "remote", "add", "origin", "https://github.com/parleykit/parley")
	run(t, dir, "git", "add", "-A")
	run(t, dir, "git", "-c", "user.name=Parley", "-c", "user.email=parley@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "the tree")
	return dir, strings.TrimSpace(run(t, dir, "git", "rev-parse", "HEAD"))
}

// file is the one file of a pattern.
func file(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s is %v (%v), want one file", pattern, found, err)
	}
	return found[0]
}

// whole has everything made that goreleaser makes.
var whole = flag.Bool("whole", false, "make archives, packages and an SBOM of one target; builds goreleaser first, which takes minutes")

// TestRelease makes a release of one target, and installs its package.
func TestRelease(t *testing.T) {
	if !*whole {
		t.Skip("make release-test runs this test, as CI does beside the others")
	}
	if runtime.GOOS != "linux" {
		skip(t, "packages are installed on Linux; this is %s", runtime.GOOS)
	}
	goreleaser := tool(t, "goreleaser")
	t.Setenv("PATH", filepath.Dir(tool(t, "cyclonedx-gomod"))+":"+os.Getenv("PATH"))
	dir, commit := source(t)
	run(t, dir, goreleaser, "check")
	run(t, dir, goreleaser, "release", "--snapshot", "--clean", "--skip=sign")
	dist := filepath.Join(dir, "bin", "dist")
	binary := file(t, filepath.Join(dist, "parley_linux_*", "parley"))

	t.Run("the binary is static and knows its commit", func(t *testing.T) {
		isOf(t, binary, commit)
	})
	t.Run("archive", func(t *testing.T) { holds(t, file(t, filepath.Join(dist, "*.tar.gz"))) })
	t.Run("checksums", func(t *testing.T) {
		if out := run(t, dist, "sha256sum", "--check", "checksums.txt"); strings.Count(out, ": OK") != 5 {
			t.Errorf("checksums are of other files than an archive, three packages and an SBOM:\n%s", out)
		}
	})
	t.Run("sbom", func(t *testing.T) { lists(t, file(t, filepath.Join(dist, "*.cdx.json"))) })
	t.Run("deb", func(t *testing.T) { installs(t, file(t, filepath.Join(dist, "*.deb")), commit) })
}

// isOf runs a parley in an empty environment and demands the version of a commit.
func isOf(t *testing.T, binary, commit string) {
	t.Helper()
	cmd := exec.Command(binary, "version", "--format", "json")
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	var got struct {
		Version, Commit, Date string
		Modified              bool
	}
	if err == nil {
		err = json.Unmarshal(out, &got)
	}
	if err != nil || got.Version != "v0.0.0-snapshot" || got.Commit != commit || got.Date != committed || got.Modified {
		t.Errorf("%s version: %v\n%s", binary, err, out)
	}
}

// holds demands in an archive what a user unpacks.
func holds(t *testing.T, archive string) {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
		if got := header.ModTime.UTC().Format("2006-01-02T15:04:05Z"); got != committed {
			t.Errorf("%s is of %s, not of the commit", header.Name, got)
		}
	}
	for _, name := range []string{"parley", "LICENSE", "README.md", "completions/parley.bash", "completions/parley.zsh", "completions/parley.fish", "completions/parley.ps1", "man/parley.1.gz", "man/parley-conform.1.gz"} {
		if !slices.Contains(names, name) {
			t.Errorf("the archive has no %s, but %v", name, names)
		}
	}
	if slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "parley-pages") }) {
		t.Error("the archive tells of the command that writes its pages")
	}
}

// lists demands of an SBOM a library that the binary is built with.
func lists(t *testing.T, name string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var bom struct {
		BOMFormat  string `json:"bomFormat"`
		Components []struct{ Name string }
	}
	if err := json.Unmarshal(data, &bom); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range bom.Components {
		names = append(names, c.Name)
	}
	if bom.BOMFormat != "CycloneDX" || !slices.Contains(names, "github.com/spf13/cobra") || slices.Contains(names, "honnef.co/go/tools") {
		t.Errorf("%s lists %v", bom.BOMFormat, names)
	}
}

// installs installs a package on this machine, runs it, and removes it.
func installs(t *testing.T, deb, commit string) {
	t.Helper()
	const installed, page = "/usr/bin/parley", "/usr/share/man/man1/parley-serve.1.gz"
	if _, err := exec.LookPath("dpkg"); err != nil {
		skip(t, "dpkg is not installed")
	}
	if os.Getuid() != 0 {
		skip(t, "only root can install a package")
	}
	if _, err := os.Stat(installed); err == nil {
		t.Skipf("%s is there already, and this test would remove it", installed)
	}
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "parley").Run() })
	run(t, ".", "dpkg", "--install", deb)
	isOf(t, installed, commit)
	contents := run(t, ".", "dpkg", "--listfiles", "parley")
	for _, name := range []string{page, "/usr/share/bash-completion/completions/parley", "/usr/share/doc/parley/copyright"} {
		if !strings.Contains(contents, name+"\n") {
			t.Errorf("the package has no %s:\n%s", name, contents)
		}
	}
	run(t, ".", "dpkg", "--remove", "parley")
	if _, err := os.Stat(installed); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there after the package was removed: %v", installed, err)
	}
}
