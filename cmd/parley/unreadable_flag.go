package main

import (
	"github.com/spf13/cobra"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator"
)

// unreadableFlag says what becomes of bodies that nobody understands when they are
// shown or written down.
type unreadableFlag struct{ keep bool }

func (f *unreadableFlag) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.keep, "keep-unreadable", false, "show and record bodies that cannot be understood as they are, not as shape or hash: secrets in them that Parley does not know will be in every output")
}

func (f *unreadableFlag) redactor(contracts ...*specs.Contract) *redaction.Redactor {
	options := validator.Redaction(contracts...)
	options.KeepUnreadable = f.keep
	return redaction.New(options)
}
