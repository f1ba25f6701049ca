package main

import (
	"bytes"
	"context"
	"embed"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/shell"
	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
)

// skeleton is a whole contract in which the vendor's name is still missing.
//
//go:embed skeleton
var skeleton embed.FS

const skeletonName = "VENDOR"

var vendorID = lazy.Regexp(`^[a-z0-9][a-z0-9-]*$`)

func specsInitCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use: "init VENDOR --out DIR [--from FILE]", Short: "Begin the contract of another vendor: a folder that loads, to be filled from its pages",
		Long: `Init writes a folder with all that a contract consists of, in the smallest form.
It can be shown, validated, served and judged by at once, and everything in it is
marked as assumed: replace it by what the vendor's pages say. With --from the folder
has what an OpenAPI document says, all of it documented, with file and line.

--from also takes recorded traffic, HAR or NDJSON: operations, parameters, types and
samples are inferred from it, all of it observed, so that "parley drift" of the same
traffic is empty. What was always there in at least two bodies or calls is mandatory,
a format is what at least two different values have, and few different words among
many are known values, beside which others may come. Pages, scripts and pictures are
left out. Calls to a --webhook are events, told apart by a member such as type. Secrets
are taken out; all else in samples is as it was recorded, so only you may read the
folder.

Exit codes of recorded traffic: 0 written, 2 wrong usage, no call of an API in it, or
several hosts and no --base, 3 written, though not all could be read.`,
		Example: `  parley specs init shop --out shop
  parley specs show shop --contract shop
  parley specs init pets --from examples/openapi/petstore.yaml --out pets
  parley specs init desk --from traffic.har --base https://desk.example/api --out desk`,
		Args: exactly("VENDOR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "the `DIR` to be made")
	cmd.Flags().StringVar(&f.from, "from", "", "what to begin with: an OpenAPI document, YAML or JSON, or recorded traffic, HAR or NDJSON; a `FILE`, or - for standard input")
	f.scopeFlags.register(cmd.Flags())
	cmd.Flags().BoolVar(&f.noSamples, "no-samples", false, "of recorded traffic, keep no bodies as samples")
	return cmd
}

type initFlags struct {
	scopeFlags
	out, from string
	noSamples bool
}

func (f *initFlags) run(ctx context.Context, id string, stdin io.Reader, stdout, stderr io.Writer) error {
	if err := vetInit(id, f.out); err != nil {
		return err
	}
	if f.from != "" {
		if captured, err := f.captured(ctx, stdin); captured != nil || err != nil {
			if err != nil {
				return err
			}
			defer captured.Close()
			return f.infer(ctx, id, captured, stdout, stderr)
		}
	}
	if err := vetShipped(id); err != nil {
		return err
	}
	if f.base != "" || len(f.webhooks) > 0 || f.noSamples {
		return usage("--base, --webhook and --no-samples are about recorded traffic; name it with --from")
	}
	files, err := begun(id, f.from)
	if err != nil {
		return err
	}
	if err := writeFiles(f.out, files, everyone); err != nil {
		return environment("init: %w", err)
	}
	_, err = visible.Fprintf(stdout, `wrote %d files to %s: fill them from the vendor's pages, and look with
  parley specs show %s --contract %s
  parley conform %[3]s --list --contract %[4]s
`, len(files), f.out, id, shell.Word(f.out))
	return err
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
	case !vendorID().MatchString(id):
		return usage("vendor %q: write lower-case letters, digits and hyphens; it is what users type", id)
	case out == "":
		return usage("say with --out DIR where the folder shall be made")
	}
	return vetFolder("--out", out)
}

func vetShipped(id string) error {
	if slices.Contains(specs.IDs(), id) {
		return usage("Parley ships a contract %s; `parley specs export %s --out DIR` copies it", id, id)
	}
	return nil
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
