package built

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAChangeOfWhatIsBuiltIsSeen: Go runs a test again that has built a program, when one
// of its packages, or a file that is embedded in one, changes or is added; else it keeps
// the verdict.
func TestAChangeOfWhatIsBuiltIsSeen(t *testing.T) {
	source, err := os.ReadFile("built.go")
	if err != nil {
		t.Fatal(err)
	}
	module := t.TempDir()
	written := time.Now().Add(-time.Hour) // Go keeps no verdict that rests on files of the last seconds
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(module, name)
		err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644))
		written = written.Add(time.Second)
		for path := name; path != filepath.Dir(module); path = filepath.Dir(path) {
			err = errors.Join(err, os.Chtimes(path, written, written))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/shop\n\ngo 1.26\n")
	write("built/built.go", string(source))
	write("cmd/main.go", "package main\n\nimport \"example.com/shop/stock\"\n\nfunc main() { println(stock.Of()) }\n")
	write("stock/stock.go", "package stock\n\nimport \"embed\"\n\n//go:embed lists\nvar lists embed.FS\n\nfunc Of() int { return 1 }\n")
	write("stock/lists/de/tea.txt", "green")
	write("shop/shop_test.go", "package shop\n\nimport (\n\t\"testing\"\n\n\t\"example.com/shop/built\"\n)\n\nfunc TestShop(t *testing.T) {\n\tif _, err := built.Parley(\"../cmd\", t.TempDir()); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n")
	kept := func() bool {
		t.Helper()
		command := exec.Command("go", "test", "-vet=off", "./shop")
		command.Dir = module
		command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false -trimpath")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return strings.Contains(string(out), "(cached)")
	}
	if kept(); !kept() {
		t.Error("what nobody changed is built again")
	}
	for _, change := range [][2]string{
		{"go.mod", "module example.com/shop\n\ngo 1.26\n\n// what is said\n"},
		{"stock/stock.go", "package stock\n\nimport \"embed\"\n\n//go:embed lists\nvar lists embed.FS\n\nfunc Of() int { return len(\"two\") }\n"},
		{"stock/more.go", "package stock\n\nfunc More() int { return 2 }\n"},
		{"stock/lists/de/tea.txt", "black"},
		{"stock/lists/de/coffee.txt", "black"},
		{"stock/lists/fr/tea.txt", "vert"},
	} {
		write(change[0], change[1])
		if kept() {
			t.Errorf("nobody saw that %s changed", change[0])
		}
	}
}
