package main

import (
	"errors"
	"strings"
)

// inFlags lets an error that tells which members of JSON to give, in quotes, name
// the flags of a command instead.
func inFlags(err error, members ...string) error {
	var exit exitError
	if !errors.As(err, &exit) || exit.err == nil {
		return err
	}
	text := exit.err.Error()
	for _, name := range members {
		flag := strings.ReplaceAll(name, "contentType", "content-type")
		text = strings.ReplaceAll(text, `"`+name+`"`, "--"+flag)
	}
	return exitError{exit.code, errors.New(text)}
}
