package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// contractsFor are the contracts that a command line so far is about: the one that it
// names, or all. An error is no reason to disturb who types.
func contractsFor(cmd *cobra.Command, args []string) []*specs.Contract {
	folders, _ := cmd.Flags().GetStringArray("contract")
	f := contractFlags{folders: folders}
	var ids []string
	if len(args) > 0 {
		vendor, _ := cutVendor(args[0])
		ids = append(ids, vendor)
	}
	contracts, err := f.load(ids...)
	if err != nil {
		return nil
	}
	return contracts
}

// completeArgs completes a vendor, what follows it after a slash, and the name of an event
// or of anything in a contract behind it.
func completeArgs(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	switch {
	case len(args) == 0 && strings.Contains(begun, "/") && !isDocument(begun):
		return beginning(behindVendor(cmd, begun), begun), cobra.ShellCompDirectiveNoFileComp
	case len(args) == 0 || cmd.Name() == "serve":
		directive := cobra.ShellCompDirectiveDefault // the path of a document may stand there, too
		if cmd.Name() == "conform" || cmd.Name() == "validate" {
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		return beginning(vendorIDs(cmd, nil, begun), begun), directive
	}
	var all []string
	switch {
	case cmd.Name() == "send" && len(args) == 1:
		all = eventIDs(cmd, args, begun)
	case cmd.Name() == "show" && len(args) == 1:
		for _, c := range contractsFor(cmd, args) {
			all = append(all, names(c)...)
		}
	case cmd.Name() == "validate":
		return nil, cobra.ShellCompDirectiveDefault // a file
	}
	return beginning(all, begun), cobra.ShellCompDirectiveNoFileComp
}

// behindVendor are the suites of a vendor, or its payloads.
func behindVendor(cmd *cobra.Command, begun string) []string {
	var all []string
	for _, c := range contractsFor(cmd, []string{begun}) {
		if cmd.Name() == "validate" {
			for _, name := range c.PayloadNames() {
				all = append(all, c.ID+"/"+name)
			}
			continue
		}
		suites, err := suitesOf(c)
		if err != nil || cmd.Name() != "conform" {
			continue
		}
		for _, s := range suites {
			all = append(all, s.ID)
		}
	}
	return all
}

// readingOptions are all as ID=option.
func readingOptions(cmd *cobra.Command, args []string, _ string) []string {
	var all []string
	for _, c := range contractsFor(cmd, args) {
		for _, s := range c.Settings() {
			for option := range s.Options {
				all = append(all, s.ID+"="+option)
			}
		}
	}
	return all
}

// checkNames are IDs of checks, behind a comma, too.
func checkNames(cmd *cobra.Command, args []string, begun string) []string {
	before := begun[:strings.LastIndexByte(begun, ',')+1]
	var all []string
	for _, c := range contractsFor(cmd, args) {
		if suites, err := suitesOf(c); err == nil {
			for _, id := range checkIDs(suites) {
				all = append(all, before+id)
			}
		}
	}
	return all
}

// reportedChecks are those of the written report that the command is about.
func reportedChecks(_ *cobra.Command, args []string, _ string) []string {
	if len(args) == 0 {
		return nil
	}
	report, err := conformance.ReadFiles(args[0])
	if err != nil {
		return nil
	}
	var all described
	for _, r := range report.Results {
		all.add(r.ID, string(r.Verdict)+": "+r.Title)
	}
	return all
}

// vendorIDs are those that a command may be about: those of the running mock that it asks,
// or else all that there are contracts of.
func vendorIDs(cmd *cobra.Command, _ []string, _ string) []string {
	if played := playedVendors(cmd); played != nil {
		return played
	}
	return idsOf(contractsFor(cmd, nil))
}

func vendorPairs(cmd *cobra.Command, args []string, _ string) []string {
	var all []string
	for _, id := range idsOf(contractsFor(cmd, args)) {
		all = append(all, id+"=")
	}
	return all
}

// inventory is what a vendor serves and sends.
type inventory struct {
	Operations []entry `json:"operations"`
	Events     []entry `json:"events"`
}

type entry struct {
	ID string `json:"id"`
}

// inventories are those of the vendor that a command is about, or of all, as the running
// mock has them, or else the contracts here.
func inventories(cmd *cobra.Command, args []string) []inventory {
	vendor, _ := cmd.Flags().GetString("vendor")
	if vendor == "" && len(args) > 0 {
		vendor = args[0]
	}
	if all := playedInventories(cmd, vendor); all != nil {
		return all
	}
	var about []string
	if vendor != "" {
		about = []string{vendor}
	}
	var all []inventory
	for _, c := range contractsFor(cmd, about) {
		var i inventory
		for _, o := range c.Operations {
			i.Operations = append(i.Operations, entry{o.ID})
		}
		for _, e := range c.Events {
			i.Events = append(i.Events, entry{e.ID})
		}
		all = append(all, i)
	}
	return all
}

func operationIDs(cmd *cobra.Command, args []string, _ string) []string {
	return idsIn(inventories(cmd, args), func(i inventory) []entry { return i.Operations })
}

func eventIDs(cmd *cobra.Command, args []string, _ string) []string {
	return idsIn(inventories(cmd, args), func(i inventory) []entry { return i.Events })
}

func idsIn(inventories []inventory, part func(inventory) []entry) []string {
	var all []string
	for _, i := range inventories {
		for _, one := range part(i) {
			all = append(all, one.ID)
		}
	}
	return all
}

// operationPaths begin an operation's path, of which the rest is not known.
func operationPaths(cmd *cobra.Command, args []string, begun string) []string {
	var all []string
	for _, id := range operationIDs(cmd, args, begun) {
		all = append(all, id+"=/")
	}
	return all
}

// sampleNames are those of the event that send is about.
func sampleNames(cmd *cobra.Command, args []string, _ string) []string {
	var all []string
	for _, c := range contractsFor(cmd, args) {
		for _, event := range c.Events {
			if p := c.Payloads[event.Payload]; p != nil && len(args) > 1 && event.ID == strings.TrimPrefix(args[1], "events/") {
				for _, sample := range p.Samples {
					all = append(all, sample.Name)
				}
			}
		}
	}
	return all
}

// defectNames are those of the reference partner that the command is about.
func defectNames(_ *cobra.Command, args []string, _ string) []string {
	var all []string
	if len(args) > 0 {
		if reference := vendors.Of(args[0]).Reference; reference != nil {
			for _, d := range reference().Defects {
				all = append(all, d.Name+"\t"+d.About)
			}
		}
	}
	return all
}

// faultPairs are what may follow in "operation=message,status=500".
func faultPairs(cmd *cobra.Command, args []string, begun string) []string {
	before := begun[:strings.LastIndexByte(begun, ',')+1]
	name, _, valued := strings.Cut(begun[len(before):], "=")
	if !valued {
		return behindText(before, faultNames())
	}
	var values []string
	switch name {
	case "vendor":
		values = vendorIDs(cmd, args, "")
	case "operation":
		values = operationIDs(cmd, args, "")
	case "event":
		values = eventIDs(cmd, args, "")
	case "answer":
		values = answerKinds()
	}
	return behindText(before+name+"=", values)
}

func faultNames() []string {
	var all []string
	var f faultFlags
	cmd := &cobra.Command{}
	f.register(cmd)
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if flag.NoOptDefVal != "" {
			all = append(all, flag.Name)
			return
		}
		all = append(all, flag.Name+"=")
	})
	return all
}

func behindText(before string, all []string) []string {
	list := make([]string, len(all))
	for i, one := range all {
		list[i] = before + one
	}
	return list
}
