package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A peer is named with its exact version, and the lock file has that one.
func TestPeersArePinned(t *testing.T) {
	versions, err := pinned("peers")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("peers/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Dependencies map[string]string }
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fastifyPackage, prismPackage, redoclyPackage} {
		if version := manifest.Dependencies[name]; !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(version) || versions[name] != version {
			t.Errorf("%s is %q in package.json and %q in package-lock.json; write one exact version", name, version, versions[name])
		}
	}
	if len(versions) != 3 {
		t.Errorf("package-lock.json has the peers %v; those that nothing measures can go", versions)
	}
}

// Peers are installed anew when what is there is not what the lock file says, and who can't
// install them is told so.
func TestPeersThatCannotBeInstalled(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("package-lock.json", `{"packages": {"": {"dependencies": {"acme": "1.2.3"}}, "node_modules/acme": {"version": "1.2.3"}}}`)
	t.Setenv("PATH", t.TempDir()) // has no npm
	for _, there := range []string{"", `{"version": "1.2.2"}`, `{"version"`} {
		if there != "" {
			write("node_modules/acme/package.json", there)
		}
		if err := installPeers(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "npm") {
			t.Errorf("with %q there: %v", there, err)
		}
	}
	write("node_modules/acme/package.json", `{"version": "1.2.3"}`)
	if err := installPeers(t.Context(), folder); err != nil {
		t.Errorf("with the version that is wanted there: %v", err)
	}
}
