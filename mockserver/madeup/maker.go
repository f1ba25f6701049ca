// Package madeup makes JSON bodies where a contract has no sample: from the schema of
// a payload, as a vendor might have written them. What is made follows from a seed, and
// is what the validator finds nothing in.
package madeup

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Maker makes bodies of one contract. It may be used by several goroutines at once.
type Maker struct {
	contract *specs.Contract
	judge    *validator.Validator
}

// New returns a maker for the contract of a validator, which judges what is made.
func New(judge *validator.Validator) *Maker { return &Maker{judge.Contract(), judge} }

// Wish says which of all bodies is made. Equal wishes are given equal bodies.
type Wish struct {
	Seed uint64
	// Given are values that members of an object at the top should have, by name, as
	// long as the body is valid with them. A text also stands for the number or the
	// boolean that it shows.
	Given map[string]any
	// Required leaves out what an object need not have, apart from what is given.
	Required bool
}

// tries is how many bodies are made until one is valid, the last half without what
// was given.
const tries = 40

// Body makes a body of a payload. The error says in words why none could be made.
func (m *Maker) Body(payload string, w Wish) (any, error) {
	p := m.contract.Payloads[payload]
	if p == nil {
		return nil, fmt.Errorf("contract %s has no payload %s", m.contract.ID, payload)
	}
	var failed error
	for try := range tries {
		if try == tries/2 && len(w.Given) == 0 {
			break
		}
		hand := &hand{contract: m.contract, random: stream(w.Seed, payload, try), budget: mostValues, try: try, required: w.Required}
		if try < tries/2 {
			hand.given = w.Given
		}
		value, err := hand.value("", []place{{p, p.Schema}}, 0)
		if err == nil {
			if err = m.valid(payload, value); err == nil {
				return value, nil
			}
		}
		failed = err
	}
	return nil, fmt.Errorf("no body of payload %s could be made from its schema: %w; a sample of it would be answered", payload, failed)
}

// Value makes a value of a schema outside a payload, such as that of a header. Name
// says what it is.
func Value(c *specs.Contract, name string, schema map[string]any, seed uint64) (any, error) {
	hand := &hand{contract: c, random: stream(seed, name, 0), budget: mostValues}
	return hand.value(name, []place{{&specs.Payload{Schema: schema}, schema}}, 0)
}

// valid judges a value as it would be judged on the wire.
func (m *Maker) valid(payload string, value any) error {
	text, err := plainjson.Marshal(value)
	if err != nil {
		return err
	}
	for _, f := range m.judge.Payload(payload, validator.Decode(text)) {
		if f.Severity.AtLeast(traffic.Warn) {
			return fmt.Errorf("%s at %q, expected %s, and what came was %s", f.Code, f.Pointer, f.Expected, f.Actual)
		}
	}
	return nil
}

// stream is the chance of one try.
func stream(seed uint64, what string, try int) *rand.Rand {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%d", what, try)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}
