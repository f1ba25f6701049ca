package traffic

import "strings"

// Redacted stands where a secret stood: package redaction puts it there.
const Redacted = "[redacted]"

// Masked stands for each character of a word in a body that could not be
// understood: nobody can say what in it is secret.
const Masked = '•'

// Hidden tells whether a text was recorded without what stood there. Nobody can
// judge it.
func Hidden(text string) bool {
	return strings.Contains(text, Redacted) || strings.ContainsRune(text, Masked)
}
