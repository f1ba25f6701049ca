package browser

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/parleykit/parley/internal/browsertest"
	"github.com/parleykit/parley/internal/built"
)

// What every test of this package says of a page.
type look = browsertest.Look

var (
	desk, telephone = browsertest.Desk, browsertest.Telephone
	everyLook       = browsertest.EveryLook
	quoted          = browsertest.Quoted
)

// builtFolder has the command, which all tests of this package share.
var builtFolder string

func TestMain(m *testing.M) { os.Exit(browsertest.Run(func() int { return run(m) })) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "parley-browser-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	builtFolder = folder
	return m.Run()
}

// buildOnce runs within a test: of what was opened before the first, Go knows nothing, and
// would keep the verdict whatever became of the command and its page.
var buildOnce = sync.OnceValues(func() (string, error) {
	return built.Parley("../../cmd/parley", builtFolder)
})

// binary is the command.
func binary(t *testing.T) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// page is a tab that shows the console.
type page struct {
	*browsertest.Page
	t *testing.T
}

func open(t *testing.T, url string, l look) *page {
	t.Helper()
	return &page{browsertest.Open(t, url, l), t}
}
