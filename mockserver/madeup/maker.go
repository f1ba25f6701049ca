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

// tries is how many bodies are made until one is valid, and withGiven how many of them,
// the first, with what was given.
const (
	tries     = 40
	withGiven = 10
	bareFrom  = 36 // what may be left out is, which is valid where anything is
)

// Body makes a body of a payload. The error says in words why none could be made.
func (m *Maker) Body(payload string, w Wish) (any, error) {
	p := m.contract.Payloads[payload]
	if p == nil {
		return nil, fmt.Errorf("contract %s has no payload %s", m.contract.ID, payload)
	}
	var failed error
	var doubtful any // breaks nothing, but warns
	for try := range tries {
		hand := &hand{contract: m.contract, random: stream(w.Seed, payload, try), budget: mostValues, try: try, required: w.Required || try >= bareFrom}
		if try < withGiven {
			hand.given = w.Given
		}
		value, err := hand.value("", []place{{p, p.Schema()}}, 0)
		if err == nil {
			var broken bool
			if broken, err = m.valid(payload, value); err == nil {
				return value, nil
			}
			if !broken && doubtful == nil {
				doubtful = value
			}
		}
		failed = err
		if doubtful != nil && try >= withGiven {
			return doubtful, nil // so it is with a schema that demands a name and knows a similar one
		}
	}
	return nil, fmt.Errorf("no body of payload %s could be made from its schema: %w; a sample of it would be answered", payload, failed)
}

// Value makes a value of a schema outside a payload, such as that of a header. Name
// says what it is.
func Value(c *specs.Contract, name string, schema map[string]any, seed uint64) (any, error) {
	hand := &hand{contract: c, random: stream(seed, name, 0), budget: mostValues}
	return hand.value(name, []place{{specs.Unnamed(schema), schema}}, 0)
}

// valid judges a value as it would be judged on the wire: whether it breaks the schema,
// or only warns, and what is wrong with it.
func (m *Maker) valid(payload string, value any) (broken bool, wrong error) {
	text, err := plainjson.Marshal(value)
	if err != nil {
		return true, err
	}
	for _, f := range m.judge.Payload(payload, validator.Decode(text)) { // the worst first
		if f.Severity.AtLeast(traffic.Warn) {
			return f.Severity.AtLeast(traffic.Error), fmt.Errorf("%s at %q, expected %s, and what came was %s", f.Code, f.Pointer, f.Expected, f.Actual)
		}
	}
	return false, nil
}

// stream is the chance of one try.
func stream(seed uint64, what string, try int) *rand.Rand {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%s\n%d", what, try)
	return rand.New(rand.NewPCG(seed, sum.Sum64()))
}
