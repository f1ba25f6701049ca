package main

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const version, revision = "1.2.3", "0123456789abcdef0123456789abcdef01234567"

// skip skips a test, but not in CI: there nothing is skipped.
func skip(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func run(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// binaries are a parley for this machine's processor, and for the other one a file that
// nobody runs.
func binaries(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	parley, none := filepath.Join(dir, "parley"), filepath.Join(dir, "none")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", parley, "./cmd/parley")
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(none, []byte("a binary for another processor"), 0o755); err != nil {
		t.Fatal(err)
	}
	other := map[string]string{"amd64": "arm64", "arm64": "amd64"}[runtime.GOARCH]
	return []string{runtime.GOARCH + "=" + parley, other + "=" + none}
}

func written(t *testing.T, binaries []string) string {
	t.Helper()
	dir := t.TempDir()
	b := build{version: version, revision: revision, licence: "../../LICENSE", created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err := b.write(dir, binaries); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestImage has skopeo and umoci read the image, and runs it as an engine would.
func TestImage(t *testing.T) {
	built := binaries(t)
	dir := written(t, built)
	t.Run("the same binaries are the same image", func(t *testing.T) {
		again := written(t, built)
		for _, name := range []string{"oci/index.json", "parley-amd64.tar", "parley-arm64.tar"} {
			if a, b := read(t, filepath.Join(dir, name)), read(t, filepath.Join(again, name)); !bytes.Equal(a, b) {
				t.Errorf("%s differs", name)
			}
		}
	})
	for _, program := range []string{"skopeo", "umoci"} {
		if _, err := exec.LookPath(program); err != nil {
			skip(t, "%s is not installed, and nobody else reads the image", program)
		}
	}
	oci := "oci:" + filepath.Join(dir, "oci") + ":" + version
	t.Run("an engine finds it for both processors", func(t *testing.T) {
		for _, processor := range []string{"amd64", "arm64"} {
			inspects(t, "--override-arch="+processor, oci, processor)
			inspects(t, "--override-arch="+processor, "docker-archive:"+filepath.Join(dir, "parley-"+processor+".tar"), processor)
		}
	})
	if os.Getuid() != 0 || runtime.GOOS != "linux" {
		t.Skipf("only root can run what is unpacked as another user, as make release-test does in CI; the user is %d", os.Getuid())
	}
	flat, bundle := filepath.Join(t.TempDir(), "flat"), filepath.Join(t.TempDir(), "bundle")
	run(t, "skopeo", "--insecure-policy", "--override-arch="+runtime.GOARCH, "copy", "--quiet", oci, "oci:"+flat+":one")
	run(t, "umoci", "unpack", "--image", flat+":one", bundle)
	root := filepath.Join(bundle, "rootfs")
	t.Run("only its volume can be written", func(t *testing.T) { protected(t, root) })
	t.Run("it knows certificate authorities", func(t *testing.T) {
		if !x509.NewCertPool().AppendCertsFromPEM(read(t, filepath.Join(root, "etc/ssl/certs/ca-certificates.crt"))) {
			t.Error("there are none")
		}
	})
	t.Run("it serves", func(t *testing.T) { serves(t, root, filepath.Join(bundle, "config.json")) })
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// inspects demands what an image says of itself, as skopeo reads it.
func inspects(t *testing.T, processor, image, architecture string) {
	t.Helper()
	var got struct {
		Created, Architecture, OS string
		Config                    struct {
			User            string
			Entrypoint, Cmd []string
			Volumes         map[string]any
			Labels          map[string]string
			Healthcheck     struct{ Test []string }
		}
	}
	if err := json.Unmarshal([]byte(run(t, "skopeo", processor, "inspect", "--config", "--raw", image)), &got); err != nil {
		t.Fatal(err)
	}
	label := func(name string) string { return got.Config.Labels["org.opencontainers.image."+name] }
	said := fmt.Sprint(got.OS, got.Architecture, got.Created, got.Config.User, got.Config.Entrypoint, got.Config.Cmd, got.Config.Volumes, got.Config.Healthcheck.Test,
		label("version"), label("revision"), label("created"), label("licenses"), label("source"))
	want := fmt.Sprint("linux", architecture, "2026-01-02T03:04:05Z", "65532:65532", []string{"/usr/bin/parley"},
		[]string{"serve", "--addr", ":7357", "--data", "/data"}, map[string]any{"/data": map[string]any{}}, []string{"CMD", "/usr/bin/parley", "health"},
		version, revision, "2026-01-02T03:04:05Z", "Apache-2.0", "https://github.com/parleykit/parley")
	if said != want {
		t.Errorf("%s says\n%s, want\n%s", image, said, want)
	}
}

// protected demands that nothing but the volume can be written by the user.
func protected(t *testing.T, root string) {
	t.Helper()
	var owned []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if stat := info.Sys().(*syscall.Stat_t); stat.Uid == user || stat.Gid == user || info.Mode().Perm()&0o022 != 0 {
			owned = append(owned, strings.TrimPrefix(name, root))
		}
		return nil
	})
	if err != nil || !slices.Equal(owned, []string{"/data"}) {
		t.Errorf("the user may write %v (%v)", owned, err)
	}
}

// inside is a command in an unpacked image, as its user and with its environment alone.
func inside(root string, config ociConfig, args ...string) *exec.Cmd {
	cmd := exec.Command(config.Process.Args[0], args...)
	cmd.Dir, cmd.Env = "/", config.Process.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Chroot:     root,
		Credential: &syscall.Credential{Uid: config.Process.User.UID, Gid: config.Process.User.GID},
	}
	return cmd
}

// ociConfig is what umoci tells an engine to run.
type ociConfig struct {
	Process struct {
		User struct {
			UID, GID uint32
		}
		Args, Env []string
	}
}

// serves runs what the image says, at a free port in place of its own, asks it whether
// it is well as its health check does, and tries to write outside of the volume.
func serves(t *testing.T, root, config string) {
	t.Helper()
	var image ociConfig
	if err := json.Unmarshal(read(t, config), &image); err != nil {
		t.Fatal(err)
	}
	if image.Process.User.UID != user || image.Process.User.GID != user {
		t.Fatalf("it runs as %v", image.Process.User)
	}
	args := slices.Clone(image.Process.Args[1:])
	at := slices.Index(args, ":7357")
	if at < 0 {
		t.Fatalf("it runs %v", image.Process.Args)
	}
	args[at] = "127.0.0.1:0"
	cmd := inside(root, image, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, said := "", ""
	for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
		said += lines.Text() + "\n"
		if _, after, ok := strings.Cut(lines.Text(), "http://127.0.0.1:"); ok {
			address, _, _ = strings.Cut("http://127.0.0.1:"+after, "/_parley")
			address, _, _ = strings.Cut(address, " ")
		}
	}
	if address == "" {
		_ = cmd.Wait()
		t.Fatalf("it does not serve, but says\n%s", said)
	}
	if told, err := inside(root, image, "health", "--mock", strings.TrimRight(address, "/,.")).CombinedOutput(); err != nil {
		t.Errorf("it is not well: %v\n%s", err, told)
	}
	if told, err := inside(root, image, "specs", "init", "shop", "--out", "/shop").CombinedOutput(); err == nil || !strings.Contains(string(told), "permission denied") {
		t.Errorf("it writes outside of its volume: %v\n%s", err, told)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ends with %v", err)
	}
	if kept, err := os.ReadDir(filepath.Join(root, "data")); err != nil || len(kept) == 0 {
		t.Errorf("it kept nothing in its volume: %v", err)
	}
}
