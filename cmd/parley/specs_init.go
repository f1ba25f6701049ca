package main

import (
	"bytes"
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

// skeleton is a whole contract in which the vendor's name is still missing.
//
//go:embed skeleton
var skeleton embed.FS

const skeletonName = "VENDOR"

var vendorID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func specsInitCommand() *cobra.Command {
	var out, from string
	cmd := &cobra.Command{
		Use: "init VENDOR --out DIR [--from FILE]", Short: "Begin the contract of another vendor: a folder that loads, to be filled from its pages",
		Long: `Init writes a folder with all that a contract consists of, in the smallest form.
It can be shown, validated, served and judged by at once, and everything in it is
marked as assumed: replace it by what the vendor's pages say. With --from the folder
has what an OpenAPI document says, all of it documented, with file and line.`,
		Example: `  parley specs init shop --out shop
  parley specs show shop --contract shop
  parley specs init pets --from examples/openapi/petstore.yaml --out pets`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := args[0]
			if err := vetInit(id, out); err != nil {
				return err
			}
			files, err := begun(id, from)
			if err != nil {
				return err
			}
			if err := writeFiles(out, files, everyone); err != nil {
				return environment("init: %w", err)
			}
			_, err = visible.Fprintf(cmd.OutOrStdout(), `wrote %d files to %s: fill them from the vendor's pages, and look with
  parley specs show %s --contract %s
  parley conform %[3]s --list --contract %[4]s
`, len(files), out, id, shellWord(out))
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the `DIR` to be made")
	cmd.Flags().StringVar(&from, "from", "", "an OpenAPI document, YAML or JSON `FILE`, to begin with")
	return cmd
}

// begun are the files of a new contract: the skeleton, or what a document says.
func begun(id, from string) ([]specs.File, error) {
	if from == "" {
		return skeletonFor(id)
	}
	files, err := openapi.Write(from, id)
	if err != nil {
		return nil, usage("--from: %w", err)
	}
	return files, nil
}

func vetInit(id, out string) error {
	switch {
	case !vendorID.MatchString(id):
		return usage("vendor %q: write lower-case letters, digits and hyphens; it is what users type", id)
	case slices.Contains(specs.IDs(), id):
		return usage("Parley ships a contract %s; `parley specs export %s --out DIR` copies it", id, id)
	case out == "":
		return usage("say with --out DIR where the folder shall be made")
	}
	return vetFolder("--out", out)
}

// skeletonFor is the skeleton with a vendor's name in it.
func skeletonFor(id string) ([]specs.File, error) {
	var files []specs.File
	err := fs.WalkDir(skeleton, "skeleton", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := skeleton.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, "skeleton/")
		upper := bytes.ReplaceAll(data, []byte(skeletonName+"-"), []byte(strings.ToUpper(id)+"-"))
		files = append(files, specs.File{Name: name, Data: bytes.ReplaceAll(upper, []byte(skeletonName), []byte(id))})
		return nil
	})
	return files, err
}
