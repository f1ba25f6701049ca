package mockserver

import (
	"slices"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// carryToken lets a request carry the channel's token where the document of a contract
// demands a credential of the event, unless it has one there already.
func (s *Stage) carryToken(out *outgoing) error {
	k, token := s.credentialFor(*out)
	if token == "" || validator.Carries(&traffic.Request{URL: out.URL, Header: out.Header}, k) {
		return nil
	}
	address, err := k.Carry(token, out.Header, out.URL)
	out.URL = address
	return err
}

// credentialFor is the credential that an event is to carry, with the token of the channel
// that it goes to; "" where the document demands none that a token is, or nobody gave one.
func (s *Stage) credentialFor(out outgoing) (k specs.Credential, token string) {
	if out.event == nil || out.Channel == "" {
		return k, ""
	}
	k, demanded := s.vendor.contract.TokenCredential(out.event)
	if !demanded {
		return k, ""
	}
	c, _ := s.Channel(out.Channel)
	return k, c.Token
}

// withoutCredential leaves out that an event carries no credential: the mock has none that
// it could carry.
func withoutCredential(found []traffic.Finding) []traffic.Finding {
	return slices.DeleteFunc(found, func(f traffic.Finding) bool { return f.Code == validator.CredentialMissing })
}

// demandedOfEvents says what the document of a vendor demands of events that carry nothing
// without a token.
func (v *vendor) demandedOfEvents() []string {
	for _, event := range v.contract.Events {
		if k, ok := v.contract.TokenCredential(event); ok {
			return []string{"events carry " + describedCredential(k) + " where their channel has a token, for example by --token"}
		}
	}
	return nil
}

func describedCredential(k specs.Credential) string {
	if k.Scheme == "basic" {
		return k.String() + " (write the token as user:password)"
	}
	return k.String()
}
