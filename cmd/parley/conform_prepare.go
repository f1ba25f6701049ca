package main

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/suite/filter"
	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/vendors"
)

// prepare finds contract, suites, token and known failures.
func (c *conforming) prepare(name string) error {
	id, rest := cutVendor(name)
	contract, err := c.one(id)
	if err != nil {
		return err
	}
	c.contract = contract
	all, err := suitesOf(contract)
	if err != nil {
		return err
	}
	if c.suites, err = chooseSuites(all, path.Join(contract.ID, rest)); err != nil {
		return err
	}
	return c.prepareRun(all)
}

// prepareRun reads what the run of the chosen suites needs.
func (c *conforming) prepareRun(all []conformance.Suite) error {
	if err := c.vetFormat(); err != nil {
		return err
	}
	if err := c.prepareFilter(); err != nil || c.list || c.asks {
		return err
	}
	if err := c.viewer.vet(); err != nil {
		return err
	}
	sayNotJudged(c.err, c.contract)
	if c.stimulus != "" && c.stimulusURL != "" {
		return usage("give --stimulus or --stimulus-url, not both")
	}
	if c.programDir != "" && c.stimulus == "" && len(c.program) == 0 {
		return usage("--program-dir is where a PROGRAM and --stimulus run, and there is neither; leave it out")
	}
	if err := c.prepareToken(); err != nil {
		return err
	}
	if err := c.prepareSecret(); err != nil {
		return err
	}
	if c.knownFailing != "" {
		data, err := readFile("--known-failing", c.knownFailing)
		if err != nil {
			return err
		}
		if c.known, err = conformance.ParseKnownFailing(c.knownFailing, data, checkIDs(all)); err != nil {
			return exitOf(err)
		}
	}
	return c.prepareReport()
}

// vetFormat refuses a format where no run is reported.
func (c *conforming) vetFormat() error {
	if (c.list || c.asks) && c.set("format") {
		return usage("--format is how a run is reported, and --list and --asks run nothing; leave it out")
	}
	return c.format.vet()
}

// prepareReport makes the folder, and finds out before the run what would be in the
// way after it.
func (c *conforming) prepareReport() error {
	if c.report == "" {
		return nil
	}
	if err := os.MkdirAll(c.report, 0o700); err != nil {
		return environment("--report: %w", err)
	}
	for _, name := range append(conformance.ReportFiles(), programLog) {
		if err := files.Writable(filepath.Join(c.report, name)); err != nil {
			return environment("--report: %w", err)
		}
	}
	return nil
}

// prepareFilter reads --label-filter.
func (c *conforming) prepareFilter() error {
	if c.labelFilter == "" {
		return nil
	}
	chosen, err := filter.Parse(c.labelFilter)
	if err != nil {
		return usage("--label-filter %q: %v; write for example 'MUST && !assumed'", c.labelFilter, err)
	}
	c.filter = chosen
	return nil
}

// plan lists the checks that were chosen.
func (c *conforming) plan() ([]conformance.Planned, error) {
	return conformance.Plan(c.contract, c.suites, c.only, c.filter)
}

// prepareToken makes one up for a program that Parley starts: it is told.
func (c *conforming) prepareToken() error {
	switch {
	case c.set("token"):
		token, err := tokenOf("--token", c.token)
		c.token = token
		return err
	case len(c.program) > 0:
		c.token = newToken()
		return nil
	}
	if !slices.ContainsFunc(c.suites, func(s conformance.Suite) bool { return s.Needs.Token }) {
		return nil
	}
	if c.target == "" && c.needsTarget() {
		return usage("say with --target URL where your webhook is, and with --token what %s sends as token and expects in your calls; for example --target http://127.0.0.1:3000/webhook --token confirm (--token @FILE reads it from a file, --token '' means none)", c.contract.Name)
	}
	return usage("say with --token what %s sends as token and expects in your calls (--token @FILE reads it from a file, --token '' means none)", c.contract.Name)
}

// prepareSecret makes one up for a program that Parley starts: it is told.
func (c *conforming) prepareSecret() error {
	secrets, err := c.signing.secrets([]*specs.Contract{c.contract})
	switch {
	case err != nil, c.set("secret"), c.contract.Signature == nil:
		c.secrets = secrets
		return err
	case len(c.program) > 0:
		c.secrets = map[string][]string{c.contract.ID: {newSecret(c.contract.Signature.Scheme)}}
		return nil
	case !c.needsTarget():
		return nil
	}
	return usage("say with --secret what %s signs its events with and you verify them by: %s (--secret @FILE reads it from a file, --secret '' leaves events unsigned)", c.contract.Name, c.contract.Signature)
}

// needsTarget reports whether a check that is to run calls the webhook.
func (c *conforming) needsTarget() bool {
	plan, _ := c.plan() // Validate tells what is wrong with it
	return slices.ContainsFunc(c.suites, func(s conformance.Suite) bool {
		return s.Needs.Target && slices.ContainsFunc(plan, func(p conformance.Planned) bool { return p.Suite.ID == s.ID })
	})
}

// suitesOf are the vendor's own suites, and those that its documents give for what
// these leave out.
func suitesOf(contract *specs.Contract) ([]conformance.Suite, error) {
	var own []conformance.Suite
	if suites := vendors.For(contract).Suites; suites != nil {
		own = suites()
	}
	if all := generated.Suites(contract, own...); len(all) > 0 {
		return all, nil
	}
	return nil, usage("nothing can be judged by contract %s: it has neither operations (paths) nor events (webhooks)", contract.ID)
}

// chooseSuites returns the suite of that name, or all for a vendor's name alone.
func chooseSuites(all []conformance.Suite, name string) ([]conformance.Suite, error) {
	if !strings.Contains(name, "/") {
		return all, nil
	}
	var ids []string
	for _, s := range all {
		if s.ID == name {
			s.Optional = "" // it is asked for
			return []conformance.Suite{s}, nil
		}
		ids = append(ids, s.ID)
	}
	return nil, usage("no suite %q; there are %s%s", name, strings.Join(ids, ", "), near.Aside(name, ids))
}

func checkIDs(suites []conformance.Suite) []string {
	var ids []string
	for _, s := range suites {
		for _, check := range s.Checks {
			ids = append(ids, check.ID)
		}
	}
	return ids
}
