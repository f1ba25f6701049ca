package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/lazy"
)

func isURLWithVariable(text string) bool {
	return strings.Contains(text, "://") && strings.Contains(text, "${")
}

// values are those of a setting with what the environment says, and with paths as they are
// from here. A shell that completes needs no secrets.
func (p *project) values(s chosen, completes bool) ([]string, error) {
	var list []string
	for _, text := range s.values {
		if completes && (isSecret(s.flag) || len(unsetIn(text)) > 0) {
			continue
		}
		value := text
		if !isWhatRuns(s.flag) {
			var err error
			if value, err = fromEnvironment(text); err != nil {
				return nil, usage("%w", p.wrong(s.at, "%s: %w", s.flag.Name, err))
			}
			value = p.fromHere(s.flag, text, value)
		}
		if s.flag.Value.Type() == "stringSlice" {
			value = inCommas(value)
		}
		list = append(list, value)
	}
	return list, nil
}

// inCommas writes a value so that its commas divide nothing.
func inCommas(value string) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	_ = w.Write([]string{value})
	w.Flush()
	return strings.TrimSuffix(text.String(), "\n")
}

// fromHere makes a path that is relative to parley.yaml one that is so to this folder.
func (p *project) fromHere(flag *pflag.Flag, written, value string) string {
	in := func(name string) string {
		if name == "" || name == "-" || strings.Contains(name, "://") || filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(filepath.Dir(p.file), name)
	}
	switch {
	case isVendor(flag):
		if vendor, _ := cutVendor(in(value)); isDocument(vendor) {
			return in(value)
		}
	case isPath(flag):
		return in(value)
	case mayBeFile(flag):
		before, file, found := strings.Cut(written, "@")
		if found && (before == "" || mayNameVendor(flag) && strings.HasSuffix(before, "=")) {
			return before + "@" + in(file)
		}
	}
	return value
}

// mayNameVendor reports whether VENDOR= may stand before a flag's value.
func mayNameVendor(flag *pflag.Flag) bool { return strings.Contains(flag.Usage, "VENDOR=secret") }

var (
	wholeReference = lazy.Regexp(`^(\$\{[A-Za-z_][A-Za-z0-9_]*\}|@.+)?$`)
	withPassword   = lazy.Regexp(`://[^/@\s]*:[^/@\s$]+@`)
	inBraces       = lazy.Regexp(`\$\{([^}]*)\}?`)
	variable       = lazy.Regexp(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// isReference reports whether a text holds no secret itself.
func isReference(text string, vendor bool) bool {
	if _, value, found := strings.Cut(text, "="); found && vendor {
		text = value
	}
	return wholeReference().MatchString(text)
}

func hasPassword(text string) bool { return withPassword().MatchString(text) }

// referencesIn are the names of the variables in a text.
func referencesIn(text string) ([]string, error) {
	var names []string
	for _, found := range inBraces().FindAllStringSubmatch(text, -1) {
		if !strings.HasSuffix(found[0], "}") || !variable().MatchString(found[1]) {
			return nil, fmt.Errorf("%s is no variable of the environment; write ${NAME}", found[0])
		}
		names = append(names, found[1])
	}
	return names, nil
}

// unsetIn are the variables of a text that the environment lacks.
func unsetIn(text string) []string {
	names, _ := referencesIn(text) // it was vetted
	return slices.DeleteFunc(names, func(name string) bool { _, ok := os.LookupEnv(name); return ok })
}

// fromEnvironment puts the values of variables into a text.
func fromEnvironment(text string) (string, error) {
	if unset := unsetIn(text); len(unset) > 0 {
		return "", fmt.Errorf("the environment has no %s; set it, or write another value on the command line", unset[0])
	}
	return inBraces().ReplaceAllStringFunc(text, func(found string) string { return os.Getenv(found[2 : len(found)-1]) }), nil
}
