// Package specs holds the vendors' contracts: documents first, and a little Go
// to load them. A contract is one folder; the embedded ones and a folder of the
// user's own are loaded by the same function.
package specs

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Contract is all that a vendor documents. It is immutable once loaded and may
// be shared between goroutines.
type Contract struct {
	ID         string              // the name users type, e.g. "elma365"
	Name       string              // the vendor's own name, e.g. "ELMA365"
	Title      string              // info.title of the document
	Sources    map[string]Source   // the pages that evidence refers to, by key
	Delivery   Delivery            // how the vendor delivers its events
	Signature  *Signature          // how it signs them; nil: it does not, or no page says so
	Operations []*Operation        // partner → vendor, in document order
	Events     []*Operation        // vendor → partner, in document order
	Payloads   map[string]*Payload // by name, e.g. "events/connect"

	Requirements []Requirement
	Readings     []Reading
	Servers      []string // base paths below which the vendor serves, such as "/api/v2"; none: "/"
	NotJudged    []string // what the documents have and nobody judges, a sentence each

	Folder fs.FS // the folder that the contract was loaded from

	folderName string // what errors call the folder
	settings   []Setting
	document   func() *openapi3.T
	vocabulary Vocabulary // of one that is proven
	proven     bool
	shipped    bool

	oneDocument bool // it is an OpenAPI document, not a folder
}

// Document returns the OpenAPI document; the schemas that it refers to are in
// Payloads, and empty in it. Of a shipped contract it is read when it is first
// asked for.
func (c *Contract) Document() *openapi3.T { return c.document() }

// Described is an operation or event as the document has it; nil when it does not.
func (c *Contract) Described(o *Operation) *openapi3.Operation {
	item := c.Document().Paths.Value(o.Path)
	if o.Event {
		item = c.Document().Webhooks[cmp.Or(o.Webhook, o.ID)]
	}
	if item == nil {
		return nil
	}
	return item.GetOperation(o.Method)
}

// Proven reports whether Parley's own tests have validated this contract and
// compiled its schemas: one that it ships, with the default readings in force. What
// only finds mistakes of its author, or costs much and is seldom needed, may then
// wait until it is.
func (c *Contract) Proven() bool { return c.proven }

// Source is one page of the vendor's documentation.
type Source struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url,omitempty"`
}

// Evidence says why Parley believes a fact. Source is "<source key>#<section>";
// Quote is at most one sentence of it.
type Evidence struct {
	Class  Class  `yaml:"class" json:"class"`
	Source string `yaml:"source" json:"source,omitempty"`
	Quote  string `yaml:"quote" json:"quote,omitempty"`
}

// Class is a class of evidence; "" where nothing was said of it.
type Class string

// The three classes of evidence.
const (
	Documented Class = "documented" // a page of the vendor states it
	Observed   Class = "observed"   // seen in a sample, in public code or in a client
	Assumed    Class = "assumed"    // ours, because nothing says it
)

// Delivery is the vendor's documented policy for events. Zero values mean that
// the documents do not specify it, and then a mock does not retry.
type Delivery struct {
	Timeout  string   `json:"timeout"`  // a Go duration, or "unspecified"
	Attempts int      `json:"attempts"` // 0: unspecified
	Backoff  string   `json:"backoff"`  // a Go duration, or "unspecified"
	Success  []int    `json:"success"`  // statuses that end the delivery well
	Evidence Evidence `json:"evidence"`
}

// Operation returns the operation or event of that full name ("operations/message",
// "events/connect"), or nil.
func (c *Contract) Operation(name string) *Operation {
	for _, list := range [][]*Operation{c.Operations, c.Events} {
		for _, o := range list {
			if o.Name() == name {
				return o
			}
		}
	}
	return nil
}

// Requirement returns the requirement with that ID.
func (c *Contract) Requirement(id string) (Requirement, bool) {
	i := slices.IndexFunc(c.Requirements, func(r Requirement) bool { return r.ID == id })
	if i < 0 {
		return Requirement{}, false
	}
	return c.Requirements[i], true
}

// PayloadNames returns the names of all payloads, sorted.
func (c *Contract) PayloadNames() []string { return slices.Sorted(maps.Keys(c.Payloads)) }

// Path is what errors call a file of the contract: its path with the folder's name.
func (c *Contract) Path(file string) string { return path.Join(c.folderName, file) }

// Link returns the address of the page that an evidence's source names, or "".
// Sections are names of ours, so that the address has no fragment.
func (c *Contract) Link(source string) string {
	key, _ := cutSection(source)
	return c.Sources[key].URL
}
