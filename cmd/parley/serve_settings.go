package main

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
)

// serveSettings are what the flags of serve ask for, read and vetted before anything begins.
type serveSettings struct {
	contracts []*specs.Contract
	secrets   map[string][]string // of each vendor's signatures
	partners  []mockserver.Channel
	targets   func(*url.URL) bool
	state     map[string]json.RawMessage
	token     string // for the control API; "": none was given
	tokens    *accessFile
}

// settings reads what the flags name, with the contracts of those IDs or of all.
func (f serveFlags) settings(ids []string) (s serveSettings, err error) {
	if s.contracts, err = f.load(ids...); err != nil {
		return s, err
	}
	if s.contracts, err = f.signing.choose(s.contracts); err != nil {
		return s, err
	}
	if s.secrets, err = f.signing.secrets(s.contracts); err != nil {
		return s, err
	}
	if err := cmp.Or(f.vetData(), f.apart(), f.vetCluster()); err != nil {
		return s, err
	}
	if s.partners, err = f.partnerChannels(s.contracts); err != nil {
		return s, err
	}
	if s.targets, err = allowedTargets(f.targets); err != nil {
		return s, err
	}
	if s.state, err = f.state.read(); err != nil {
		return s, err
	}
	if s.token, err = tokenOf("--control-token", f.controlToken); err != nil {
		return s, err
	}
	s.tokens, err = f.openAccess()
	return s, err
}

// redactor is what takes out all secrets that are known.
func (s *serveSettings) redactor(unreadable unreadableFlag) *redaction.Redactor {
	redact := unreadable.redactor(s.contracts...)
	for _, partner := range s.partners {
		redact.Know(partner.Token)
	}
	know(redact, s.secrets)
	return redact
}

// options are those of a mock, but for what is known when it listens.
func (f serveFlags) options(s serveSettings) mockserver.Options {
	return mockserver.Options{
		Control: withAssistants(s.targets),
		Seed:    f.seed, BodyLimit: f.bodyLimit, Journal: f.journal, Sandboxes: f.sandboxes,
		State: s.state, Channels: s.partners, Secrets: s.secrets, IgnoreHeaders: f.ignored, History: f.history, SelfCheck: f.selfCheck,
		ControlToken: s.token, Access: s.tokens.inForce(), AllowTargets: s.targets, CORS: f.cors,
	}
}

// allowedTargets lets URLs through that lie at or below one of the given ones. One
// with a dot segment lies where its server says, and is not let through.
func allowedTargets(texts []string) (func(*url.URL) bool, error) {
	var allowed []*url.URL
	for _, text := range texts {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, usage("--allow-target %q: write a URL, for example http://localhost:3000", text)
		}
		allowed = append(allowed, u)
	}
	return func(to *url.URL) bool {
		return !dotsegment.In(to.Path) && slices.ContainsFunc(allowed, func(u *url.URL) bool {
			path := strings.TrimSuffix(u.Path, "/")
			return u.Scheme == to.Scheme && u.Host == to.Host && (to.Path == path || strings.HasPrefix(to.Path, path+"/") || path == "")
		})
	}, nil
}

// addFaults puts each --fault in force.
func (f serveFlags) addFaults(mock *mockserver.Server) error {
	for _, text := range f.faults {
		fault, err := faultOf(text)
		if err != nil {
			return err
		}
		if _, err := mock.Sandbox().AddFault(fault); err != nil {
			return usage("--fault %q: %w", text, err)
		}
	}
	return nil
}

// partnerChannels pairs each --partner, of a vendor that is played, with its
// --token.
func (f serveFlags) partnerChannels(contracts []*specs.Contract) ([]mockserver.Channel, error) {
	if len(f.tokens) > len(f.partners) {
		return nil, usage("--token: %d tokens for %d partners; each --token follows its --partner VENDOR=URL", len(f.tokens), len(f.partners))
	}
	var channels []mockserver.Channel
	for i, text := range f.partners {
		id, target, ok := strings.Cut(text, "=")
		if !ok || !strings.Contains(target, "://") {
			return nil, usage("--partner %q: write VENDOR=URL, for example --partner %s=http://localhost:3000/webhook", text, specs.IDs()[0])
		}
		if !slices.ContainsFunc(contracts, func(c *specs.Contract) bool { return c.ID == id }) {
			return nil, usage("--partner %q: no vendor %q is played; there are %s%s", text, id, strings.Join(idsOf(contracts), ", "), near.Aside(id, idsOf(contracts)))
		}
		channel := mockserver.Channel{Vendor: id, URL: target}
		if i < len(f.tokens) {
			token, err := tokenOf("--token", f.tokens[i])
			if err != nil {
				return nil, err
			}
			channel.Token = token
		}
		channels = append(channels, channel)
	}
	return channels, nil
}

func idsOf(contracts []*specs.Contract) []string {
	var ids []string
	for _, c := range contracts {
		ids = append(ids, c.ID)
	}
	return ids
}

// beginWith puts what a scenario begins with into the mock.
func (f serveFlags) beginWith(mock *mockserver.Server) error {
	if f.scenario == "" {
		return nil
	}
	story, err := readStory(f.scenario)
	if err != nil {
		return err
	}
	if err := story.Prepare(mock.Sandbox()); err != nil {
		return usage("%s: %w", f.scenario, err)
	}
	return nil
}
