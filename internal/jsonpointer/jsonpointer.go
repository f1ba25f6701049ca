// Package jsonpointer writes and reads JSON pointers (RFC 6901), by which findings,
// states and stories say where in a body something stands.
package jsonpointer

import "strings"

var (
	escapes   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

// Escape makes a key one segment of a pointer.
func Escape(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return escapes.Replace(key)
}

// Unescape makes a segment of a pointer the key that it stands for.
func Unescape(segment string) string {
	if strings.IndexByte(segment, '~') < 0 {
		return segment
	}
	return unescapes.Replace(segment)
}

// Keys returns the keys and indices of a pointer, unescaped; none for "", which is
// the whole body, and for what is no pointer.
func Keys(pointer string) []string {
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	keys := strings.Split(pointer[1:], "/")
	for i, segment := range keys {
		keys[i] = Unescape(segment)
	}
	return keys
}

// Last returns the key that a pointer ends in, "" for the whole body.
func Last(pointer string) string {
	return Unescape(pointer[strings.LastIndexByte(pointer, '/')+1:])
}

// Parent returns the pointer of what holds the value at pointer.
func Parent(pointer string) string { return pointer[:max(0, strings.LastIndexByte(pointer, '/'))] }

// General writes * for the indices of a pointer, so that one mistake in many items
// is one. What is no pointer, as in "header:Name", stays as it is.
func General(pointer string) string {
	if !strings.HasPrefix(pointer, "/") {
		return pointer
	}
	segments := strings.Split(pointer, "/")
	for i, segment := range segments[1:] {
		if segment != "" && strings.Trim(segment, "0123456789") == "" {
			segments[i+1] = "*"
		}
	}
	return strings.Join(segments, "/")
}
