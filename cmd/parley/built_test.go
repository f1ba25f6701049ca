package main

import (
	"bytes"
	"os"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/built"
)

// buildOnce has the path of the command, built once for all tests that run it without the race
// detector. TestMain removes its folder.
var buildOnce = sync.OnceValues(func() (string, error) {
	var err error
	if builtFolder, err = os.MkdirTemp("", "parley-test-"); err != nil {
		return "", err
	}
	return built.Parley(".", builtFolder)
})

var builtFolder string

func buildParley(t *testing.T) string {
	t.Helper()
	binary, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
