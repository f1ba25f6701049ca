package redaction

import "strings"

// deepestJSON is how many containers may be open in a JSON text, as encoding/json has it.
const deepestJSON = 10_000

// isJSON is json.Valid in a third of its time: every body that leaves is asked, and strings
// in it that may be JSON themselves. The fuzzer holds it to that.
func isJSON(text string) bool {
	var few [64]bool
	open := few[:0] // whether each container is an object
	at := 0
	for {
		at = afterSpace(text, at)
		if at == len(text) {
			return false
		}
		switch c := text[at]; c { // a value
		case '{', '[':
			object := c == '{'
			if open = append(open, object); len(open) > deepestJSON {
				return false
			}
			if at = afterSpace(text, at+1); at < len(text) && text[at] == c+2 { // its end
				break
			}
			if object {
				if at = afterKey(text, at); at < 0 {
					return false
				}
			}
			continue
		default:
			if at = afterScalar(text, at); at < 0 {
				return false
			}
		}
		for { // what may follow a value
			at = afterSpace(text, at)
			if len(open) == 0 || at == len(text) {
				return len(open) == 0 && at == len(text)
			}
			object := open[len(open)-1]
			if c := text[at]; object && c == '}' || !object && c == ']' {
				open = open[:len(open)-1]
				at++
				continue
			} else if c != ',' {
				return false
			}
			at++
			if object {
				if at = afterKey(text, afterSpace(text, at)); at < 0 {
					return false
				}
			}
			break
		}
	}
}

func afterSpace(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// afterKey passes a key and the colon behind it; -1: there is none.
func afterKey(text string, at int) int {
	if at == len(text) || text[at] != '"' {
		return -1
	}
	if at = afterString(text, at); at < 0 {
		return -1
	}
	if at = afterSpace(text, at); at == len(text) || text[at] != ':' {
		return -1
	}
	return at + 1
}

// afterScalar passes what is no container.
func afterScalar(text string, at int) int {
	switch c := text[at]; {
	case c == '"':
		return afterString(text, at)
	case c == '-' || c >= '0' && c <= '9':
		return afterNumber(text, at)
	}
	for _, word := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(text[at:], word) {
			return at + len(word)
		}
	}
	return -1
}

func afterString(text string, at int) int {
	for at++; at < len(text); at++ {
		switch c := text[at]; {
		case c == '"':
			return at + 1
		case c < ' ':
			return -1
		case c == '\\':
			if at++; at == len(text) {
				return -1
			}
			if text[at] == 'u' {
				if _, ok := unitAt(text[at-1:]); !ok {
					return -1
				}
				at += 4
			} else if strings.IndexByte(`"\/bfnrt`, text[at]) < 0 {
				return -1
			}
		}
	}
	return -1
}

func afterNumber(text string, at int) int {
	if text[at] == '-' {
		at++
	}
	whole := at
	if at = afterDigits(text, at); at == whole || at > whole+1 && text[whole] == '0' {
		return -1
	}
	if at < len(text) && text[at] == '.' {
		part := at + 1
		if at = afterDigits(text, part); at == part {
			return -1
		}
	}
	if at < len(text) && text[at]|0x20 == 'e' {
		if at++; at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
		part := at
		if at = afterDigits(text, part); at == part {
			return -1
		}
	}
	return at
}

func afterDigits(text string, at int) int {
	for at < len(text) && text[at] >= '0' && text[at] <= '9' {
		at++
	}
	return at
}
