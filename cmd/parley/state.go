package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/visible"
)

func stateCommand() *cobra.Command {
	var f stateFlags
	cmd := &cobra.Command{
		Use: "state", Short: "Show what a running mock remembers, now or as it was, or what an exchange changed",
		Long: `State prints what the vendors of a running mock remember: with --at as it was after an
exchange of the journal, and with --diff what an exchange changed, as a JSON Patch
(RFC 6902). Secrets are left out.

A mock that was started with --data or --history knows what was from the beginning;
any other since it was first asked for it.

Exit codes: 0 shown, 2 wrong usage or an exchange that is not held, 4 no mock answers.`,
		Example: `  parley state
  parley state --at ex-000003
  parley state --diff ex-000003 --vendor elma365 --format json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	f.mock.register(cmd)
	f.format.register(cmd.Flags(), []string{"text", "json"}, "")
	cmd.Flags().StringVar(&f.at, "at", "", "`ID` of an exchange: the state as it was after it")
	cmd.Flags().StringVar(&f.diff, "diff", "", "`ID` of an exchange: what it changed")
	cmd.Flags().StringVar(&f.vendor, "vendor", "", "only this `VENDOR`'s")
	return cmd
}

type stateFlags struct {
	mock             mockFlags
	format           formatFlag
	at, diff, vendor string
}

func (f *stateFlags) run(ctx context.Context, stdout io.Writer) error {
	if err := f.format.vet(); err != nil {
		return err
	}
	if f.at != "" && f.diff != "" {
		return usage("--at is the state after an exchange, and --diff what one changed; give one of them")
	}
	query, path := url.Values{}, "/state"
	if f.vendor != "" {
		query.Set("vendor", f.vendor)
	}
	if f.at != "" {
		query.Set("at", f.at)
	}
	if f.diff != "" {
		path = "/journal/" + url.PathEscape(f.diff) + "/diff"
	}
	var answer json.RawMessage
	if err := f.mock.call(ctx, "GET", path+"?"+query.Encode(), nil, &answer); err != nil {
		return err
	}
	switch {
	case f.format.chosen == "json":
		return writeIndented(stdout, answer)
	case f.diff != "":
		return writeDiff(stdout, answer)
	}
	return writeState(stdout, answer)
}

func writeIndented(out io.Writer, text json.RawMessage) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err := visible.NewWriter(out).Write(indented.Bytes())
	return err
}

// writeDiff prints a line for each operation of a patch.
func writeDiff(out io.Writer, text json.RawMessage) error {
	var diff struct {
		Exchange string
		Patch    []struct {
			Op, Path string
			Value    json.RawMessage
		}
	}
	if err := json.Unmarshal(text, &diff); err != nil {
		return err
	}
	if len(diff.Patch) == 0 {
		visible.Fprintf(out, "%s changed nothing\n", diff.Exchange)
		return nil
	}
	visible.Fprintf(out, "%s changed\n", diff.Exchange)
	for _, o := range diff.Patch {
		visible.Fprintf(out, "  %-7s %s", o.Op, o.Path)
		if o.Value != nil {
			visible.Fprintf(out, "  %s", string(o.Value))
		}
		visible.Fprintf(out, "\n")
	}
	return nil
}

// writeState prints each vendor with the members of its state; the elements of a list have
// a line each.
func writeState(out io.Writer, text json.RawMessage) error {
	return eachMember(text, func(vendor string, state json.RawMessage) error {
		visible.Fprintf(out, "%s\n", vendor)
		return eachMember(state, func(name string, value json.RawMessage) error {
			var list []json.RawMessage
			if len(value) == 0 || value[0] != '[' || json.Unmarshal(value, &list) != nil {
				visible.Fprintf(out, "  %s  %s\n", name, string(value))
				return nil
			}
			visible.Fprintf(out, "  %s  %d\n", name, len(list))
			for _, one := range list {
				visible.Fprintf(out, "    %s\n", string(one))
			}
			return nil
		})
	})
}

// eachMember visits the members of an object, in their order.
func eachMember(object json.RawMessage, visit func(name string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := visit(name.(string), value); err != nil { // an object's key
			return err
		}
	}
	return nil
}
