//go:build pages

package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// Releases are built without this file, so that nobody carries what writes pages:
// go run -tags pages ./cmd/parley pages DIR DATE.
func init() { more = append(more, pagesCommand) }

func pagesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "pages DIR DATE", Short: "Write the manual pages (man/*.1.gz) and completions of all commands",
		Hidden: true,
		Args:   exactly("DIR", "DATE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			date, err := time.Parse(time.RFC3339, args[1])
			if err != nil {
				return usage("the date %q is none; write it as 2006-01-02T15:04:05Z", args[1])
			}
			root := cmd.Root()
			root.RemoveCommand(cmd) // it is in no release
			if err := writeManual(root, filepath.Join(args[0], "man"), date.UTC()); err != nil {
				return environment("%w", err)
			}
			if err := writeCompletions(root, filepath.Join(args[0], "completions")); err != nil {
				return environment("%w", err)
			}
			return nil
		},
	}
}

// writeManual writes a page per command. The same commands and date give the same bytes.
func writeManual(root *cobra.Command, dir string, date time.Time) error {
	root.DisableAutoGenTag = true
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Parley", Manual: "Parley", Date: &date}, dir); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil {
		return err
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is one
		if _, err := w.Write(text); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(page+".gz", packed.Bytes(), 0o644); err != nil {
			return err
		}
		if err := os.Remove(page); err != nil {
			return err
		}
	}
	return nil
}

func writeCompletions(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, write := range map[string]func(file string) error{
		"parley.bash": func(file string) error { return root.GenBashCompletionFileV2(file, true) },
		"parley.zsh":  root.GenZshCompletionFile,
		"parley.fish": func(file string) error { return root.GenFishCompletionFile(file, true) },
		"parley.ps1":  root.GenPowerShellCompletionFileWithDesc,
	} {
		if err := write(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
