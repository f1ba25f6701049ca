package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/specs"
)

// contractFlags are the flags of every command that reads contracts.
type contractFlags struct {
	folders  []string
	readings []string
}

func (f *contractFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.folders, "contract", nil, "load a contract from `DIR` beside the shipped ones (repeatable)")
	cmd.Flags().StringArrayVar(&f.readings, "reading", nil, "choose a reading where the documents do not decide, as `ID=option` (repeatable)")
}

// load returns all contracts, the shipped ones first, with the chosen readings
// in force. A folder replaces a shipped contract of the same ID.
func (f *contractFlags) load() ([]*specs.Contract, error) {
	contracts, err := specs.All()
	if err != nil {
		return nil, usage("%w", err)
	}
	for _, dir := range f.folders {
		c, err := specs.LoadFolder(dir)
		if err != nil {
			return nil, usage("%w", err)
		}
		contracts = slices.DeleteFunc(contracts, func(other *specs.Contract) bool { return other.ID == c.ID })
		contracts = append(contracts, c)
	}
	return f.choose(contracts)
}

// one returns the contract of that ID.
func (f *contractFlags) one(id string) (*specs.Contract, error) {
	contracts, err := f.load()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range contracts {
		if c.ID == id {
			return c, nil
		}
		ids = append(ids, c.ID)
	}
	return nil, usage("no contract %q; there are %s, and --contract DIR loads a folder of yours", id, strings.Join(ids, ", "))
}

// choose puts each --reading into force in the contract that has it.
func (f *contractFlags) choose(contracts []*specs.Contract) ([]*specs.Contract, error) {
	choices := make([]map[string]string, len(contracts))
	for _, text := range f.readings {
		id, option, ok := strings.Cut(text, "=")
		if !ok {
			return nil, usage("--reading %q: write ID=option, for example --reading %s", text, exampleReading(contracts))
		}
		owner := slices.IndexFunc(contracts, func(c *specs.Contract) bool { return c.Chosen(id) != "" })
		if owner < 0 {
			return nil, usage("--reading %s: no contract has a reading %s; `parley specs show <vendor> readings` lists them", text, id)
		}
		if choices[owner] == nil {
			choices[owner] = map[string]string{}
		}
		choices[owner][id] = option
	}
	for i, c := range contracts {
		next, err := c.WithReadings(choices[i])
		if err != nil {
			return nil, usage("--reading: %w", err)
		}
		contracts[i] = next
	}
	return contracts, nil
}

func exampleReading(contracts []*specs.Contract) string {
	for _, c := range contracts {
		if settings := c.Settings(); len(settings) > 0 {
			return fmt.Sprintf("%s=%s", settings[0].ID, settings[0].Chosen)
		}
	}
	return "ID=option"
}
