package infer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/plural"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/specs/openapi"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Contract is what was inferred.
type Contract struct {
	Files      []specs.File
	Operations []Made // events last
	LeftOut    []string
	Notes      []string // what of the calls the contract does not describe
	Samples    int
	Base       string // URL without which calls of other hosts would be taken for this API's; "" where the document's server is enough
}

// Made is an operation or an event that was made.
type Made struct {
	Name     string // "operations/getTickets"
	Method   string
	Path     string // "" of an event
	Seen     int
	Statuses map[int]int // how often, by status
}

// Contract returns the contract of what was added. An error says why there is none, and
// what to choose.
func (i *Inference) Contract() (*Contract, error) {
	hosts, err := i.choose()
	if err != nil {
		return nil, err
	}
	const rounds = 5 // each takes calls back, which may lead to others
	for range rounds {
		d := i.write(hosts)
		files, err := openapi.WriteValues(d.files, i.options.ID)
		if err != nil {
			return nil, err
		}
		scope, base, err := i.scope(files)
		if err != nil {
			return nil, err
		}
		if !i.takeBack(scope, hosts) {
			return &Contract{Files: files, Operations: d.made, LeftOut: i.asides(hosts), Notes: d.notes, Samples: d.samples, Base: base}, nil
		}
	}
	return nil, errors.New("what belongs to the API cannot be told from what does not; say with --base where it begins")
}

// choose returns the hosts whose calls are operations; "" is that of exchanges which
// name the vendor themselves.
func (i *Inference) choose() ([]string, error) {
	count := map[string]int{}
	for _, c := range i.calls {
		if c.left == "" {
			count[c.host] += c.seen
		}
	}
	hosts := slices.Sorted(maps.Keys(count))
	switch {
	case i.base != nil && len(hosts) > 0, len(hosts) == 1:
		return hosts, nil
	case count[""] > 0:
		return []string{""}, nil
	case len(hosts) > 1:
		return nil, fmt.Errorf("calls of %s are in it, %s; choose one with --base, for example --base %s",
			plural.Of(len(hosts), "host"), counted(count), mostOf(count))
	case len(i.events) > 0:
		return nil, nil
	case len(i.vendors) > 0:
		return nil, fmt.Errorf("its exchanges are those of another vendor, %s; a contract is called as the vendor in them is: parley specs init %s", counted(i.vendors), mostOf(i.vendors))
	case len(i.beyond) > 0:
		return nil, fmt.Errorf("nothing in it was called below %s; there are calls of %s", i.options.Base, counted(i.beyond))
	}
	return nil, fmt.Errorf("no call of an API is in its %s%s", plural.Of(i.seen, "exchange"), listed("; left out were ", i.asides(nil)))
}

func listed(before string, list []string) string {
	if len(list) == 0 {
		return ""
	}
	return before + strings.Join(list, ", ")
}

// counted lists names with their counts, the greatest first.
func counted(count map[string]int) string {
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	const most = 10
	var list []string
	for _, name := range names[:min(len(names), most)] {
		list = append(list, fmt.Sprintf("%s (%d)", name, count[name]))
	}
	if left := len(names) - most; left > 0 {
		list = append(list, fmt.Sprintf("%d more", left))
	}
	return strings.Join(list, ", ")
}

func mostOf(count map[string]int) string {
	return slices.MinFunc(slices.Collect(maps.Keys(count)), func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
}

// taken are the calls of operations, in order.
func (i *Inference) taken(hosts []string) []*call {
	var list []*call
	for _, key := range slices.Sorted(maps.Keys(i.calls)) {
		if c := i.calls[key]; c.left == "" && slices.Contains(hosts, c.host) {
			list = append(list, c)
		}
	}
	return list
}

// scope is by which whoever judges by the contract chooses exchanges: by the server that
// it names, unless a base with a path was given, or calls of others would be taken for
// its own.
func (i *Inference) scope(files []specs.File) (*validator.Scope, string, error) {
	folder, err := openapi.InMemory(files)
	if err != nil {
		return nil, "", err
	}
	c, err := specs.Load(folder, i.options.ID)
	if err != nil {
		return nil, "", err
	}
	if err := c.Validate(); err != nil {
		return nil, "", err
	}
	judge, err := validator.New(c)
	if err != nil {
		return nil, "", err
	}
	byServer, err := judge.Scope("")
	if err != nil || i.base == nil {
		return byServer, "", err
	}
	others := slices.ContainsFunc(slices.Collect(maps.Keys(i.elsewhere)), func(other string) bool {
		method, address, _ := strings.Cut(other, " ")
		return takes(byServer, method, address)
	})
	if strings.Trim(i.base.Path, "/") == "" && !others {
		return byServer, "", nil
	}
	byBase, err := judge.Scope(i.options.Base)
	return byBase, i.options.Base, err
}

func takes(scope *validator.Scope, method, address string) bool {
	return scope.Take(&traffic.Exchange{Request: traffic.Request{Method: method, URL: address}})
}

// takeBack finds calls that were left out and that whoever judges by the contract would
// take for its operations, such as a picture below the path of a resource. They become
// operations, so that the traffic fits the contract.
func (i *Inference) takeBack(scope *validator.Scope, hosts []string) (again bool) {
	for _, left := range i.calls {
		if left.left == "" || !slices.Contains(hosts, left.host) || !slices.Contains(methods, left.method) {
			continue
		}
		if left.host == "" || takes(scope, left.method, left.url) {
			left.left, again = "", true
		}
	}
	return again
}

// asides says what was left out, and why.
func (i *Inference) asides(hosts []string) []string {
	reasons, others := maps.Clone(i.leftOut), maps.Clone(i.beyond)
	for _, c := range i.calls {
		switch {
		case c.left != "":
			reasons[c.left] += c.seen
		case !slices.Contains(hosts, c.host):
			others[c.host] += c.seen
		}
	}
	var list []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		list = append(list, fmt.Sprintf("%s (%d)", reason, reasons[reason]))
	}
	if len(others) > 0 {
		list = append(list, "calls elsewhere: "+counted(others))
	}
	if len(i.vendors) > 0 {
		list = append(list, "exchanges of other vendors: "+counted(i.vendors))
	}
	return list
}
