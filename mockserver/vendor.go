package mockserver

import (
	"errors"
	"fmt"
	"sync"

	"github.com/parleykit/parley/mockserver/internal/sampleorder"
	"github.com/parleykit/parley/mockserver/madeup"
	"github.com/parleykit/parley/mockserver/outbox"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/validator"
)

// Vendor is a contract and how it is played. Play is called once for each
// sandbox and again after each reset; without it the vendor
// remembers the collections that its document has, and answers from samples, or, where
// there is none, with what is made from the schema.
type Vendor struct {
	Contract *specs.Contract
	Play     func(*Stage) Behaviour
}

// Shipped is the vendor of a contract that Parley ships, with its default readings. A
// contract that can't be loaded is a defect of Parley, so that Shipped panics.
func Shipped(id string, play func(*Stage) Behaviour) Vendor {
	contract, err := specs.Embedded(id)
	if err != nil {
		panic(fmt.Sprintf("the contract %s that Parley ships can't be loaded: %v", id, err))
	}
	return Vendor{Contract: contract, Play: play}
}

// vendor is a Vendor made ready: immutable and shared by all sandboxes.
type vendor struct {
	contract *specs.Contract
	judge    *validator.Validator
	play     func(*Stage) Behaviour
	plan     outbox.Plan       // of deliveries
	readings map[string]string // in force, by ID
	events   map[string]*specs.Operation
	orders   *sampleorder.Orders // of what is written
	secrets  []string            // that events are signed with
	keys     [][]byte            // the same, read
	maker    *madeup.Maker       // of bodies that have no sample

	byDocument bool // it is not played in Go
}

func newVendor(v Vendor, o Options) (*vendor, error) {
	if v.Contract == nil {
		return nil, errors.New("a vendor without a contract can't be played; load one with specs.Embedded or specs.LoadFolder")
	}
	judge, err := validator.New(v.Contract)
	if err != nil {
		return nil, err
	}
	if judge, err = judge.IgnoringHeaders(o.IgnoreHeaders...); err != nil {
		return nil, err
	}
	made := &vendor{
		contract: v.Contract, judge: judge, play: v.Play,
		readings: map[string]string{}, events: map[string]*specs.Operation{}, orders: sampleorder.New(v.Contract), maker: madeup.New(judge.Sent(specs.FromVendor)),
	}
	if v.Play == nil {
		made.byDocument, made.play = true, playCollections(v.Contract)
	}
	if made.plan, err = outbox.NewPlan(v.Contract.Delivery); err != nil {
		return nil, fmt.Errorf("contract %s: %w", v.Contract.ID, err)
	}
	for _, s := range v.Contract.Settings() {
		made.readings[s.ID] = s.Chosen
	}
	for _, e := range v.Contract.Events {
		made.events[e.ID] = e
	}
	return made, nil
}

// newVendors makes vendors ready. Each contract can be played once.
func newVendors(list []Vendor, o Options) ([]*vendor, error) {
	if len(list) == 0 {
		return nil, errors.New("no vendor to play; give at least one contract")
	}
	made, errs := make([]*vendor, len(list)), make([]error, len(list))
	var group sync.WaitGroup // compiling schemas side by side: start-up is felt
	for i, v := range list {
		group.Go(func() { made[i], errs[i] = newVendor(v, o) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, v := range made {
		if seen[v.contract.ID] {
			return nil, fmt.Errorf("contract %s is given twice", v.contract.ID)
		}
		seen[v.contract.ID] = true
		if err := v.signWith(o.Secrets[v.contract.ID]); err != nil {
			return nil, fmt.Errorf("contract %s: %w", v.contract.ID, err)
		}
	}
	for id := range o.Secrets {
		if !seen[id] {
			return nil, fmt.Errorf("a secret is given for %q, which is not played", id)
		}
	}
	return made, nil
}

// signWith has events signed with these secrets; with none they are not.
func (v *vendor) signWith(secrets []string) (err error) {
	if len(secrets) == 0 {
		return nil
	}
	if v.contract.Signature == nil {
		return errors.New("a secret is given, and the contract does not say how events are signed; write x-parley.signature")
	}
	v.secrets = secrets
	v.keys, err = v.contract.Signature.Keys(secrets...)
	return err
}

// event returns the event with that ID, or nil.
func (v *vendor) event(id string) *specs.Operation { return v.events[id] }

func contractsOf(vendors []*vendor) []*specs.Contract {
	list := make([]*specs.Contract, len(vendors))
	for i, v := range vendors {
		list[i] = v.contract
	}
	return list
}
