package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/terminal"
	"github.com/parleykit/parley/internal/visible"
)

// helpWidth is how wide help is where no terminal says otherwise, in columns.
const helpWidth = 80

// groups are what the commands are for, and the commands in the order in which one meets
// them.
var groups = []struct {
	title    string
	commands []string
}{
	{"Play a vendor", []string{"serve", "send", "fault", "state", "replay", "listen", "health"}},
	{"Judge an integration", []string{"conform", "play", "report", "fork", "partner"}},
	{"Judge traffic", []string{"proxy", "validate", "coverage", "drift"}},
	{"Look up and set up", []string{"specs", "doctor", "config", "mcp", "version"}},
}

// helpFits makes help as wide as who reads it.
func helpFits(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		width := terminal.Width(cmd.OutOrStdout(), helpWidth)
		_ = paged(cmd, func(out io.Writer) error { // who reads it sees what is not there
			visible.Fprintf(out, "%s\n\n", visible.Shown(reflowed(longOf(cmd), width)))
			writeUsage(out, cmd, width)
			return nil
		})
	})
}

func longOf(cmd *cobra.Command) string {
	if cmd.Long != "" {
		return strings.TrimSpace(cmd.Long)
	}
	return cmd.Short + "."
}

// reflowed wraps the paragraphs of a text; what is indented stays as it is.
func reflowed(text string, width int) string {
	var lines, paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			lines = append(lines, terminal.Wrap(strings.Join(paragraph, " "), width)...)
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && !strings.HasPrefix(line, " ") {
			paragraph = append(paragraph, line)
			continue
		}
		end()
		lines = append(lines, line)
	}
	end()
	return strings.Join(lines, "\n")
}

// writeUsage writes how a command is called, with examples, commands and flags.
func writeUsage(out io.Writer, cmd *cobra.Command, width int) {
	visible.Fprintf(out, "Usage:\n")
	if cmd.Runnable() && (!cmd.HasSubCommands() || strings.Contains(cmd.Use, " ")) {
		visible.Fprintf(out, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		visible.Fprintf(out, "  %s\n", cmd.CommandPath()+" "+oneOfThem(cmd))
	}
	if cmd.Example != "" {
		visible.Fprintf(out, "\nExamples:\n%s\n", visible.Shown(cmd.Example))
	}
	if cmd == cmd.Root() {
		for _, group := range groups {
			writeCommands(out, cmd, group.title, width, func(name string) bool { return slices.Contains(group.commands, name) })
		}
		writeCommands(out, cmd, "Others", width, func(name string) bool { return !grouped(name) })
	} else {
		writeCommands(out, cmd, "Commands", width, func(string) bool { return true })
	}
	writeFlags(out, "Flags", cmd.LocalFlags(), width)
	writeFlags(out, "Flags of every command", cmd.InheritedFlags(), width)
	if cmd.HasAvailableSubCommands() {
		visible.Fprintf(out, "\n\"%s %s --help\" tells more about one.\n", cmd.CommandPath(), oneOfThem(cmd))
	}
}

// oneOfThem stands for a command below another: its name where there is one alone.
func oneOfThem(cmd *cobra.Command) string {
	if all := availableBelow(cmd); len(all) == 1 {
		return all[0].Name()
	}
	return "COMMAND"
}

func availableBelow(cmd *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !c.IsAvailableCommand() || c.Name() == "help" })
}

func grouped(name string) bool {
	for _, group := range groups {
		if slices.Contains(group.commands, name) {
			return true
		}
	}
	return false
}

// placeOf is where a command stands among those of its group.
func placeOf(cmd *cobra.Command) int {
	for _, group := range groups {
		if i := slices.Index(group.commands, cmd.Name()); i >= 0 {
			return i
		}
	}
	return 0
}

// writeCommands lists those that are meant, each with what it does.
func writeCommands(out io.Writer, cmd *cobra.Command, title string, width int, meant func(name string) bool) {
	all := slices.DeleteFunc(availableBelow(cmd), func(c *cobra.Command) bool { return !meant(c.Name()) })
	slices.SortStableFunc(all, func(a, b *cobra.Command) int { return placeOf(a) - placeOf(b) })
	if len(all) == 0 {
		return
	}
	visible.Fprintf(out, "\n%s:\n", title)
	for _, below := range all {
		writeEntry(out, "  "+below.Name(), below.Short, 14, width)
	}
}

// flagLine is a flag as pflag writes it: its name with what stands for its value, and what
// it does.
var flagLine = lazy.Regexp(`^( +(?:-\w, )?--\S+(?: \S+)*?) {3,}(.*)$`)

func writeFlags(out io.Writer, title string, flags *pflag.FlagSet, width int) {
	text := flags.FlagUsages()
	if text == "" {
		return
	}
	visible.Fprintf(out, "\n%s:\n", title)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if parts := flagLine().FindStringSubmatch(line); parts != nil {
			writeEntry(out, parts[1], parts[2], 30, width)
		} else {
			visible.Fprintf(out, "%s\n", line)
		}
	}
}

// writeEntry writes a name and, from a column on, a text; below the name where that is long.
func writeEntry(out io.Writer, name, text string, column, width int) {
	if len(name)+2 > column {
		visible.Fprintf(out, "%s\n", name)
		name = ""
	}
	for _, line := range terminal.Wrap(text, width-column) {
		visible.Fprintf(out, "%-*s%s\n", column, name, line)
		name = ""
	}
}
