package main

import (
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const (
	program = "/usr/bin/parley"
	data    = "/data" // the one place where the user of the image may write
	port    = "7357"
	user    = 65532 // as in other images without a shell; charts/parley says it, too
)

// image is the image of one processor.
func (b *build) image(processor, binary string) (v1.Image, error) {
	layer, err := b.layer(binary)
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{
		Layer: layer, History: v1.History{Created: v1.Time{Time: b.created}, CreatedBy: "tools/image"},
	})
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Created = "linux", processor, v1.Time{Time: b.created}
	file.Config = b.config()
	if image, err = mutate.ConfigFile(image, file); err != nil {
		return nil, err
	}
	return mutate.Annotations(image, b.labels()).(v1.Image), nil
}

func (b *build) config() v1.Config {
	return v1.Config{
		User:         "65532:65532",
		Entrypoint:   []string{program},
		Cmd:          []string{"serve", "--addr", ":" + port, "--data", data},
		Env:          []string{"PATH=/usr/bin"},
		ExposedPorts: map[string]struct{}{port + "/tcp": {}},
		Volumes:      map[string]struct{}{data: {}},
		Labels:       b.labels(),
		// Docker reads it; OCI has no such field, and other engines pass over it.
		Healthcheck: &v1.HealthConfig{
			Test:     []string{"CMD", program, "health"},
			Interval: 10 * time.Second, Timeout: 5 * time.Second, StartPeriod: 10 * time.Second, Retries: 3,
		},
	}
}

// labels are those that OCI defines; annotations have the same names.
func (b *build) labels() map[string]string {
	return map[string]string{
		"org.opencontainers.image.title":         "Parley",
		"org.opencontainers.image.description":   "Contract tests and mock servers for integrations in which both sides call each other",
		"org.opencontainers.image.version":       b.version,
		"org.opencontainers.image.revision":      b.revision,
		"org.opencontainers.image.created":       b.created.Format(time.RFC3339),
		"org.opencontainers.image.licenses":      "Apache-2.0",
		"org.opencontainers.image.source":        "https://github.com/parleykit/parley",
		"org.opencontainers.image.documentation": "https://github.com/parleykit/parley/tree/main/docs",
	}
}
