package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/validator"
)

// contractFlags are the flags of every command that reads contracts.
type contractFlags struct {
	folders  []string
	readings []string
	paths    []string
}

func (f *contractFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.folders, "contract", nil, "load a contract from `DIR` beside the shipped ones (repeatable)")
	cmd.Flags().StringArrayVar(&f.readings, "reading", nil, "choose a reading where the documents do not decide, as `ID=option` (repeatable)")
	cmd.Flags().StringArrayVar(&f.paths, "path", nil, "where your vendor serves an operation, or all paths with one beginning, as `OPERATION=/PATH` or /FROM=/TO (repeatable)")
}

// load returns the contracts of these IDs, or all of them, the shipped ones
// first, with the chosen readings in force. A folder replaces a shipped contract
// of the same ID.
func (f *contractFlags) load(ids ...string) ([]*specs.Contract, error) {
	own, err := f.own()
	if err != nil {
		return nil, err
	}
	ids = slices.Clone(ids)
	for i, id := range ids {
		if !isDocument(id) {
			continue
		}
		c, err := loaded(openapi.Load(id))
		if err != nil {
			return nil, err
		}
		ids[i], own = c.ID, append(own, c)
	}
	if len(ids) == 0 {
		ids = specs.IDs()
		for _, c := range own {
			if !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
	}
	contracts := make([]*specs.Contract, len(ids))
	errs := make([]error, len(ids))
	var group sync.WaitGroup
	for i, id := range ids {
		group.Go(func() { contracts[i], errs[i] = find(id, own) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, usage("%w", err)
	}
	if contracts, err = f.choose(contracts); err != nil {
		return nil, err
	}
	return contracts, f.move(contracts)
}

func (f *contractFlags) own() ([]*specs.Contract, error) {
	var own []*specs.Contract
	for _, given := range f.folders {
		load := specs.LoadFolder
		if isDocument(given) {
			load = openapi.Load
		}
		c, err := loaded(load(given))
		if err != nil {
			return nil, err
		}
		own = append(own, c)
	}
	return own, nil
}

// loaded compiles every schema of a contract, so that a broken one is found now.
func loaded(c *specs.Contract, err error) (*specs.Contract, error) {
	if err == nil {
		_, err = validator.New(c)
	}
	if err != nil {
		return nil, usage("%w", err)
	}
	return c, nil
}

// cutVendor divides what begins with a vendor, or with the path of a document, from
// what follows: elma365/webhook, docs/api.yaml/operations/addPet.
func cutVendor(given string) (vendor, rest string) {
	for i := range len(given) {
		if (i+1 == len(given) || given[i+1] == '/') && isDocument(given[:i+1]) {
			return given[:i+1], strings.TrimPrefix(given[i+1:], "/")
		}
	}
	vendor, rest, _ = strings.Cut(given, "/")
	return vendor, rest
}

// isDocument reports whether somebody means an OpenAPI document where an ID or a
// folder may stand.
func isDocument(given string) bool {
	switch strings.ToLower(filepath.Ext(given)) {
	case ".yaml", ".yml", ".json":
		info, err := os.Stat(given)
		return err != nil || !info.IsDir()
	}
	return false
}

// find returns a contract of the user's, or one that Parley ships.
func find(id string, own []*specs.Contract) (*specs.Contract, error) {
	for _, c := range own {
		if c.ID == id {
			return c, nil
		}
	}
	return specs.Embedded(id)
}

// one returns the contract of that ID.
func (f *contractFlags) one(id string) (*specs.Contract, error) {
	contracts, err := f.load(id)
	if err != nil {
		return nil, err
	}
	return contracts[0], nil
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
			return nil, usage("--reading %s: no contract has a reading %s; `parley specs show <vendor> readings` lists them%s", text, id, near.Aside(id, readingIDs(contracts)))
		}
		if choices[owner] == nil {
			choices[owner] = map[string]string{}
		}
		choices[owner][id] = option
	}
	for i, c := range contracts {
		if choices[i] == nil {
			continue // its defaults are in force since it was loaded
		}
		next, err := c.WithReadings(choices[i])
		if err != nil {
			return nil, usage("--reading: %w", err)
		}
		contracts[i] = next
	}
	return contracts, nil
}

// move puts each --path into force, in their order. VENDOR/ before an operation
// says whose it is, where more than one vendor has it.
func (f *contractFlags) move(contracts []*specs.Contract) error {
	for _, text := range f.paths {
		what, path, ok := strings.Cut(text, "=")
		if !ok {
			return usage("--path %q: write OPERATION=/PATH or /FROM=/TO, for example --path %s", text, examplePath(contracts))
		}
		owners, what := ownersOf(contracts, what)
		switch {
		case len(owners) == 0:
			return usage("--path %s: no contract has such an operation or path; `parley specs show <vendor>` lists them", text)
		case len(owners) > 1 && !strings.HasPrefix(what, "/"):
			return usage("--path %s: %s and %s have an operation %s; write --path %s/%s", text, contracts[owners[0]].ID, contracts[owners[1]].ID, what, contracts[owners[0]].ID, text)
		}
		for _, i := range owners {
			next, err := contracts[i].WithPath(what, path)
			if err != nil {
				return usage("--path %s: %w", text, err)
			}
			contracts[i] = next
		}
	}
	return nil
}

// ownersOf are the places of the contracts that have an operation, or paths with
// that beginning, and what it is called without its vendor.
func ownersOf(contracts []*specs.Contract, what string) (owners []int, name string) {
	vendor, name, ok := strings.Cut(what, "/")
	if !ok || vendor == "" || vendor == "operations" {
		vendor, name = "", what
	}
	for i, c := range contracts {
		has := func(o *specs.Operation) bool {
			return o.ID == name || o.Name() == name || strings.HasPrefix(name, "/") && strings.HasPrefix(o.Path+"/", strings.TrimRight(name, "/")+"/")
		}
		if (vendor == "" || vendor == c.ID) && slices.ContainsFunc(c.Operations, has) {
			owners = append(owners, i)
		}
	}
	return owners, name
}

func examplePath(contracts []*specs.Contract) string {
	for _, c := range contracts {
		for _, o := range c.Operations {
			return o.ID + "=" + o.Path
		}
	}
	return "operation=/path"
}

func readingIDs(contracts []*specs.Contract) []string {
	var ids []string
	for _, c := range contracts {
		for _, s := range c.Settings() {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

func exampleReading(contracts []*specs.Contract) string {
	for _, c := range contracts {
		if settings := c.Settings(); len(settings) > 0 {
			return fmt.Sprintf("%s=%s", settings[0].ID, settings[0].Chosen)
		}
	}
	return "ID=option"
}
