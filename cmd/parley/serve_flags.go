package main

import (
	"net/url"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/dotsegment"
	"github.com/parleykit/parley/internal/near"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

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
