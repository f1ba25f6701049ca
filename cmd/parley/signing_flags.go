package main

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// signingFlags say how events are signed, where the contract does not, and with what.
type signingFlags struct {
	schemes []string
	given   []string
}

func (f *signingFlags) register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.schemes, "signature", nil, "events are signed by this `scheme`: "+plural.List(signature.Names(), "or")+"; VENDOR=scheme where several vendors send some (repeatable)")
	flags.StringArrayVar(&f.given, "secret", nil, "`secret` that events are signed with, or @FILE; VENDOR=secret where several vendors sign (repeatable: the new one before the old one while it is replaced)")
}

// choose puts each --signature into force.
func (f *signingFlags) choose(contracts []*specs.Contract) ([]*specs.Contract, error) {
	contracts = slices.Clone(contracts)
	for _, text := range f.schemes {
		i, scheme := ofVendor(text, contracts)
		if i < 0 {
			if i = onlyOne(contracts, func(c *specs.Contract) bool { return len(c.Events) > 0 }); i < 0 {
				return nil, usage("--signature %s: say whose events are signed so, as VENDOR=%s; there are %s", text, text, strings.Join(idsOf(contracts), ", "))
			}
		}
		next, err := contracts[i].WithSignature(scheme)
		if err != nil {
			return nil, usage("--signature: %w", err)
		}
		contracts[i] = next
	}
	return contracts, nil
}

// secrets are those of each vendor, by contract ID. An empty one is none.
func (f *signingFlags) secrets(contracts []*specs.Contract) (map[string][]string, error) {
	all := map[string][]string{}
	for _, text := range f.given {
		i, text := ofVendor(text, contracts)
		if i < 0 {
			i = onlyOne(contracts, signs)
		}
		if i < 0 || !signs(contracts[i]) {
			return nil, usage("--secret: %s", f.unclear(contracts, i))
		}
		secret, err := tokenOf("--secret", text)
		if err != nil {
			return nil, err
		}
		if id := contracts[i].ID; secret != "" {
			all[id] = append(all[id], secret)
		}
	}
	for _, c := range contracts {
		if c.Signature == nil {
			continue
		}
		if _, err := c.Signature.Keys(all[c.ID]...); err != nil {
			return nil, usage("--secret of %s: %w", c.ID, err)
		}
	}
	return all, nil
}

// judge is the validator of one contract, which verifies signatures where a secret is
// given. It returns what of the secrets nothing may show.
func (f *signingFlags) judge(c *specs.Contract) (*validator.Validator, []string, error) {
	contracts, err := f.choose([]*specs.Contract{c})
	if err != nil {
		return nil, nil, err
	}
	all, err := f.secrets(contracts)
	if err != nil {
		return nil, nil, err
	}
	judge, err := validator.New(contracts[0])
	if err == nil {
		judge, err = judge.Verifying(all[c.ID]...)
	}
	if err != nil {
		return nil, nil, usage("%w", err)
	}
	hidden := all[c.ID]
	for _, secret := range all[c.ID] {
		hidden = append(hidden, strings.TrimPrefix(secret, contracts[0].Signature.SecretPrefix))
	}
	return judge, hidden, nil
}

func (f *signingFlags) unclear(contracts []*specs.Contract, i int) string {
	switch n := len(slices.DeleteFunc(slices.Clone(contracts), func(c *specs.Contract) bool { return !signs(c) })); {
	case i >= 0:
		return contracts[i].ID + " does not say how it signs its events; choose a scheme with --signature, or write x-parley.signature into its contract"
	case n == 0:
		return "no contract here says how events are signed; choose a scheme with --signature, or write x-parley.signature into the contract"
	}
	return "several vendors sign their events; say whose it is, as VENDOR=secret"
}

func signs(c *specs.Contract) bool { return c.Signature != nil }

// ofVendor takes the name of a vendor off the beginning of a flag's value; -1: it has
// none.
func ofVendor(text string, contracts []*specs.Contract) (int, string) {
	id, rest, _ := strings.Cut(text, "=")
	i := slices.IndexFunc(contracts, func(c *specs.Contract) bool { return c.ID == id })
	if i < 0 {
		return i, text
	}
	return i, rest
}

// onlyOne is the place of the only contract of a kind; -1: there is none, or several.
func onlyOne(contracts []*specs.Contract, is func(*specs.Contract) bool) int {
	i := slices.IndexFunc(contracts, is)
	if i >= 0 && slices.ContainsFunc(contracts[i+1:], is) {
		return -1
	}
	return i
}

// know lets a redactor know all secrets.
func know(redact *redaction.Redactor, secrets map[string][]string) {
	for _, list := range secrets {
		redact.Know(list...)
	}
}

// newSecret makes one up, in the form of a scheme.
func newSecret(s signature.Scheme) string {
	if s.SecretPrefix == "" {
		return newToken()
	}
	key := make([]byte, 24)
	rand.Read(key) // never fails
	return s.SecretPrefix + base64.StdEncoding.EncodeToString(key)
}
