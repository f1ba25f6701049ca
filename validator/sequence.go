package validator

import (
	"crypto/sha256"
	"net/http"
	"strconv"
	"sync"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
)

// The codes of what one exchange alone can't show.
const (
	CodeCredentialOmitted = "credential.omitted"
	CodeIDReused          = "exchange.id-reused"
)

// Sequence judges exchanges by those that came before them: a call without the
// credential that another to its operation had, and an ID that was used before with
// another body. It may be shared between goroutines; who gives it exchanges in the order
// of their time gets the same findings each time.
type Sequence struct {
	contract    *specs.Contract
	credentials func() []specs.Credential

	mu       sync.Mutex
	carried  map[string]string // what a call to an operation carried, by the operation's name
	ids      map[string]used
	previous map[string]used // the ids before those, so that what is remembered has a bound
}

// used is where an ID was seen, and the hash of the body that it came with.
type used struct {
	exchange string
	body     [sha256.Size]byte
}

// maxIDs is after how many IDs those before them are forgotten: some 16 MiB.
const maxIDs = 50_000

// Sequence begins with no exchange.
func (v *Validator) Sequence() *Sequence {
	return &Sequence{contract: v.contract, credentials: sync.OnceValue(v.contract.KnownCredentials), carried: map[string]string{}, ids: map[string]used{}}
}

// Exchange appends what is found to an exchange that was judged by itself, before it
// enters a journal. Of one whose operation is not known nothing is.
func (s *Sequence) Exchange(e *traffic.Exchange) {
	if e.Operation == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Findings = appendPart(e.Findings, traffic.InRequest, append(s.credential(e), s.id(e)...))
}

// credential finds a call that has none, where an earlier one to its operation had one.
// One of which the contract itself says so is not reported twice.
func (s *Sequence) credential(e *traffic.Exchange) []traffic.Finding {
	if name := s.carriedBy(&e.Request); name != "" {
		s.carried[e.Operation] = name
		return nil
	}
	name := s.carried[e.Operation]
	for _, f := range e.Findings {
		if f.Code == CredentialMissing {
			return nil
		}
	}
	if name == "" {
		return nil
	}
	return []traffic.Finding{finding(CodeCredentialOmitted, traffic.Finding{
		Expected: name + ", as earlier calls to " + e.Operation + " had", Actual: "nothing",
	})}
}

// carriedBy is the credential that a request carries, in words; "" for none. What is
// behind Authorization is one whatever the contract says.
func (s *Sequence) carriedBy(r *traffic.Request) string {
	if r.Header.Get("Authorization") != "" {
		return "the header Authorization"
	}
	for _, k := range s.credentials() {
		if k.Type == "apiKey" && Carries(r, k) {
			return k.String()
		}
	}
	return ""
}

// id finds an ID that came before with another body. Which header holds one, the scheme
// of the contract's signatures says for events, and for calls the name Idempotency-Key.
func (s *Sequence) id(e *traffic.Exchange) []traffic.Finding {
	header := "Idempotency-Key"
	if e.Caller == traffic.Vendor {
		if s.contract.Signature == nil || s.contract.Signature.IDHeader == "" {
			return nil
		}
		header = s.contract.Signature.IDHeader
	}
	id := e.Request.Header.Get(header)
	if id == "" || traffic.Hidden(id) || e.Request.Body.Cut() {
		return nil
	}
	key := string(e.Caller) + " " + e.Operation + " " + id
	now := used{e.ID, sha256.Sum256(e.Request.Body.Kept)}
	before, known := s.ids[key]
	if !known {
		before, known = s.previous[key]
	}
	if !known {
		s.remember(key, now)
		return nil
	}
	if before.body == now.body {
		return nil
	}
	return []traffic.Finding{finding(CodeIDReused, traffic.Finding{
		Pointer: "header:" + http.CanonicalHeaderKey(header), Expected: "an ID of its own, or the body that exchange " + before.exchange + " had with this ID", Actual: strconv.Quote(shorten(id)) + " with another body",
	})}
}

func (s *Sequence) remember(key string, u used) {
	if len(s.ids) >= maxIDs {
		s.ids, s.previous = map[string]used{}, s.ids
	}
	s.ids[key] = u
}
