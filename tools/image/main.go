// Command image writes Parley's container image, from binaries that are built already and
// without a container engine:
//
//	go run ./image -out ../bin/image -version 1.2.3 -revision COMMIT -created 2026-01-02T03:04:05Z amd64=parley arm64=parley-arm64
//
// The folder then has the image for all processors as an OCI layout (oci), which
// "crane push" takes to a registry, and per processor an archive for "docker load"
// (parley-amd64.tar). The same binaries and flags give the same bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

const repository = "ghcr.io/parleykit/parley"

func main() {
	var of build
	out := flag.String("out", "", "`DIR` to write to; what of an earlier image is there is replaced")
	flag.StringVar(&of.version, "version", "", "`VERSION`, such as 1.2.3")
	flag.StringVar(&of.revision, "revision", "", "`COMMIT` that the binaries are of")
	created := flag.String("created", "", "`TIME` of the commit, as 2026-01-02T03:04:05Z")
	flag.StringVar(&of.licence, "licence", "LICENSE", "`FILE` with the licence")
	flag.Parse()
	err := of.check(*out, *created)
	if err == nil {
		err = of.write(*out, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

// build is what all images of a release have in common.
type build struct {
	version, revision string
	licence           string
	created           time.Time
}

func (b *build) check(out, created string) error {
	if out == "" || b.version == "" || b.revision == "" || flag.NArg() == 0 {
		return errors.New("give -out, -version, -revision, -created and PROCESSOR=BINARY, such as amd64=bin/parley")
	}
	var err error
	if b.created, err = time.Parse(time.RFC3339, created); err != nil {
		return fmt.Errorf("-created %q: write the time of the commit as 2026-01-02T03:04:05Z", created)
	}
	b.created = b.created.UTC()
	return nil
}

// write writes the images of binaries, each PROCESSOR=FILE, and the index of them.
func (b *build) write(out string, binaries []string) error {
	oci := filepath.Join(out, "oci")
	if err := os.RemoveAll(oci); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	tag, err := name.NewTag(repository + ":" + b.version)
	if err != nil {
		return err
	}
	var all []mutate.IndexAddendum
	for _, binary := range binaries {
		processor, file, ok := strings.Cut(binary, "=")
		if !ok {
			return fmt.Errorf("%q: write PROCESSOR=BINARY, such as amd64=bin/parley", binary)
		}
		image, err := b.image(processor, file)
		if err != nil {
			return err
		}
		if err := tarball.WriteToFile(filepath.Join(out, "parley-"+processor+".tar"), tag, image); err != nil {
			return err
		}
		all = append(all, mutate.IndexAddendum{
			Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: processor}},
		})
	}
	index := mutate.Annotations(mutate.AppendManifests(empty.Index, all...), b.labels()).(v1.ImageIndex)
	path, err := layout.Write(oci, empty.Index)
	if err != nil {
		return err
	}
	return path.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": b.version}))
}
