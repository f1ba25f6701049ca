package browser

import (
	"fmt"
	"os"
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

// binary is the command, which all tests of this package share.
var binary string

func TestMain(m *testing.M) { os.Exit(browsertest.Run(func() int { return run(m) })) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "parley-browser-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	if binary, err = built.Parley("../../cmd/parley", folder); err != nil {
		fmt.Println(err)
		return 1
	}
	return m.Run()
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
