//go:build !linux

package files

// holder is not told by the system.
func holder(string) string { return someone }
