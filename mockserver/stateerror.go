package mockserver

import (
	"errors"

	"github.com/parleykit/parley/internal/jsonpointer"
)

// StateError says what of a state that was given cannot be.
type StateError struct {
	// Pointer is a JSON pointer into what was given: for one vendor (AddState), or by
	// contract ID (Options.State). "" is all of it.
	Pointer string
	Text    string
}

// Error names the place, and what is wrong there.
func (e *StateError) Error() string {
	if e.Pointer == "" {
		return e.Text
	}
	return e.Pointer + ": " + e.Text
}

// stateError places what one vendor refuses in the states of all.
func stateError(vendor string, err error) *StateError {
	below := &StateError{Text: err.Error()}
	errors.As(err, &below)
	return &StateError{Pointer: "/" + jsonpointer.Escape(vendor) + below.Pointer, Text: below.Text}
}
