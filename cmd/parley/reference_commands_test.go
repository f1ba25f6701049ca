package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/docs/generate"
)

// commandsBelow are a command's, and theirs, in the order of the help.
func commandsBelow(cmd *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, one := range cmd.Commands() {
		if !one.Hidden && one.Name() != "help" && one.Name() != "completion" {
			list = append(append(list, one), commandsBelow(one)...)
		}
	}
	return list
}

// commandFile is the page of a command: "fault-add.md".
func commandFile(cmd *cobra.Command) string {
	return strings.ReplaceAll(strings.TrimPrefix(cmd.CommandPath(), "parley "), " ", "-") + ".md"
}

func commandsPage(root *cobra.Command) string {
	var p generate.Page
	p.Heading(1, "Commands")
	p.Paragraph("%s", generate.Prose(root.Short)+".")
	p.Table([]string{"command", "what it does"}, commandRows(commandsBelow(root)))
	p.Heading(2, "Flags of every command")
	p.Table([]string{"flag", "what it says", "default"}, flagRows(root.PersistentFlags()))
	p.Paragraph("`parley help COMMAND` prints what stands here. Every command ends with one of the %s.", generate.Link("exit codes", "exit-codes.md"))
	return p.Text()
}

func commandRows(list []*cobra.Command) [][]string {
	var rows [][]string
	for _, cmd := range list {
		rows = append(rows, []string{generate.Link(generate.Code(cmd.CommandPath()), commandFile(cmd)), generate.Prose(cmd.Short)})
	}
	return rows
}

func commandPage(cmd *cobra.Command) string {
	var p generate.Page
	p.Heading(1, cmd.CommandPath())
	if cmd.Long == "" {
		p.Paragraph("%s", generate.Prose(cmd.Short)+".")
	}
	exits := ""
	for _, text := range strings.Split(strings.TrimSpace(cmd.Long), "\n\n") {
		if rest, ok := strings.CutPrefix(text, "Exit codes: "); ok {
			exits = rest
			continue
		}
		writeHelp(&p, text)
	}
	p.Heading(2, "Usage")
	p.Fence("text", cmd.UseLine())
	p.Table([]string{"command", "what it does"}, commandRows(commandsBelow(cmd)))
	if cmd.Example != "" {
		p.Heading(2, "Examples")
		p.Fence("text", unindented(cmd.Example))
	}
	if rows := flagRows(cmd.NonInheritedFlags()); len(rows) > 0 {
		p.Heading(2, "Flags")
		p.Table([]string{"flag", "what it says", "default"}, rows)
	}
	p.Heading(2, "Exit codes")
	if exits == "" {
		exits = strings.TrimPrefix(strings.TrimSpace(exitHelp), "Exit codes: ")
	}
	p.Paragraph("%s All commands share %s.", generate.Prose(exits), generate.Link("these codes", "exit-codes.md"))
	return p.Text()
}

// writeHelp writes a paragraph of a command's help; lines that are indented stand as
// they are.
func writeHelp(p *generate.Page, text string) {
	var lines []string
	indented := false
	flush := func() {
		if joined := strings.Join(lines, "\n"); indented {
			p.Fence("text", unindented(joined))
		} else {
			p.Paragraph("%s", generate.Prose(joined))
		}
		lines = nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if now := strings.HasPrefix(line, "  "); now != indented && len(lines) > 0 {
			flush()
			indented = now
		} else {
			indented = now
		}
		lines = append(lines, line)
	}
	flush()
}

func unindented(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

func flagRows(flags *pflag.FlagSet) [][]string {
	var rows [][]string
	flags.VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden && flag.Name != "help" {
			rows = append(rows, flagRow(flag))
		}
	})
	return rows
}

// flagRow is how a flag is written, what it says, and what holds without it.
func flagRow(flag *pflag.Flag) []string {
	name, text := pflag.UnquoteUsage(flag)
	written := "--" + flag.Name
	if flag.Shorthand != "" {
		written = "-" + flag.Shorthand + ", " + written
	}
	if name != "" {
		written += " " + name
	}
	usual := ""
	switch flag.DefValue {
	case "", "[]", "0", "false", "0s":
	default:
		usual = generate.Code(flag.DefValue)
	}
	return []string{generate.Code(written), generate.Prose(text), usual}
}

func exitCodesPage() string {
	var p generate.Page
	p.Heading(1, "Exit codes")
	p.Paragraph("They are the same for %s, so that a pipeline can tell a broken contract from a run that could not judge.", generate.Link("every command", "index.md"))
	var rows [][]string
	for _, e := range exitCodes {
		rows = append(rows, []string{strconv.Itoa(e.code), generate.Prose(e.brief), generate.Prose(e.meaning)})
	}
	p.Table([]string{"code", "in short", "what it means"}, rows)
	for _, cmd := range commandsBelow(rootCommand()) {
		_, text, found := strings.Cut(cmd.Long, "\nExit codes: ")
		if found && !strings.Contains(exitHelp, text) {
			p.Heading(2, cmd.CommandPath())
			p.Paragraph("%s", generate.Prose(text))
		}
	}
	return p.Text()
}
