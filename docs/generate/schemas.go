package generate

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// ofContracts are the folders whose schemas describe a contract's bodies, which its own
// pages lead to, and those of tests.
var ofContracts = []string{"specs", "testdata", "recipes", "mockserver/control", "cmd/parley/skeleton", "node_modules"}

// Schemas is the page of the JSON Schemas of what Parley writes and reads besides, all that
// there are below the root of the repository.
func Schemas(root fs.FS) (string, error) {
	var rows [][]string
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if left(file) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".schema.json") {
			return nil
		}
		text, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		var schema struct{ Title, Description string }
		if err := json.Unmarshal(text, &schema); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if schema.Title == "" || schema.Description == "" {
			return fmt.Errorf("%s says with no title and description what it is for", file)
		}
		rows = append(rows, []string{Link(Code(file), "../../"+file), Prose(schema.Title), Prose(strings.ReplaceAll(schema.Description, "`", `"`))})
		return nil
	})
	if err != nil {
		return "", err
	}
	var p Page
	p.Heading(1, "JSON Schemas")
	p.Paragraph("What Parley writes for programs, and what it reads from you, has a schema, so that an editor completes it and a test can hold it to it. A test holds what Parley writes to them. The bodies of the %s have theirs, as have those of each %s.", Link("control API", "control-api/payloads.md"), Link("vendor", "index.md#vendors"))
	p.Table([]string{"schema", "of", "what it describes"}, rows)
	return p.Text(), nil
}

// left reports whether a folder has no schema for this page.
func left(folder string) bool {
	for _, one := range ofContracts {
		if folder == one || path.Base(folder) == one {
			return true
		}
	}
	return folder != "." && strings.HasPrefix(path.Base(folder), ".")
}
