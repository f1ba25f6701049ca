package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
)

// peers is where the other programs are that are measured beside Parley, with the lock
// file that pins them.
const peers = "bench/peers"

// peerPackages are what the peers are, by name at npm.
const (
	fastifyPackage = "fastify"
	prismPackage   = "@stoplight/prism-cli"
	redoclyPackage = "@redocly/cli"
)

// absent names a peer that can't be measured. It is no error: what is measured without
// the peer stays true.
func absent(peer string, err error) {
	fmt.Printf("  missing: %s is not measured, since npm can't install it: %v\n", peer, err)
}

// installPeers installs in a folder what its lock file says, without running scripts of
// it, unless it is there in that version.
func installPeers(ctx context.Context, folder string) error {
	wanted, err := pinned(folder)
	if err != nil {
		return err
	}
	current := true
	for name, version := range wanted {
		current = current && installed(folder, name) == version
	}
	if current {
		return nil
	}
	install := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder)
	if out, err := install.CombinedOutput(); err != nil {
		return errors.Join(err, errors.New(string(out)))
	}
	return nil
}

// pinned are the versions of the peers, by the lock file.
func pinned(folder string) (map[string]string, error) {
	data, err := os.ReadFile(filepath.Join(folder, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version      string
			Dependencies map[string]string
		}
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		return nil, fmt.Errorf("%s/package-lock.json: %w", folder, err)
	}
	versions := map[string]string{}
	for name := range lock.Packages[""].Dependencies {
		versions[name] = lock.Packages["node_modules/"+name].Version
	}
	return versions, nil
}

// installed is the version of a package that is there, "" for none.
func installed(folder, name string) string {
	data, err := os.ReadFile(filepath.Join(folder, "node_modules", name, "package.json"))
	if err != nil {
		return ""
	}
	var manifest struct{ Version string }
	if json.Unmarshal(data, &manifest) != nil {
		return "" // it is half installed
	}
	return manifest.Version
}

// versioned is what a peer is called in the tables.
func versioned(title, name string) string { return title + " " + installed(peers, name) }

// fastifyArgs is how Node.js plays the first workload's webhook with what somebody would
// write by hand.
func fastifyArgs(addr string) []string {
	w := workloads[0]
	host, port, _ := net.SplitHostPort(addr) // freeAddr wrote it
	return []string{filepath.Join(peers, "fastify.mjs"), w.target, filepath.Join("specs", w.vendor, "schemas", w.payload+".schema.json"), "confirm", host, port}
}

// prismArgs is how Prism plays a document, in one process and with nothing logged.
func prismArgs(document string) func(addr string) []string {
	return func(addr string) []string {
		host, port, _ := net.SplitHostPort(addr) // freeAddr wrote it
		return []string{filepath.Join(peers, "node_modules", prismPackage, "dist/index.js"), "mock", "--host", host, "--port", port, "--verboseLevel", "silent", document}
	}
}

// driftArgs is how Redocly's drift judges an archive of calls to a server by a document.
func driftArgs(archive, document, server string) []string {
	return []string{filepath.Join(peers, "node_modules", redoclyPackage, "bin/cli.js"), "drift", archive, "--traffic-format", "har", "--api", document, "--server", server, "--format", "json"}
}
