package file

import "strings"

const (
	sandboxes = "sandbox-"
	removing  = "removed-" // begins the name of what is being removed
)

// folderOf is the folder of a sandbox. Some systems do not tell capital letters from
// small ones, or take a dot at the end away.
func folderOf(sandbox string) string {
	var name strings.Builder
	name.WriteString(sandboxes)
	for _, c := range []byte(sandbox) {
		switch {
		case c >= 'A' && c <= 'Z':
			name.WriteString("+" + strings.ToLower(string(c)))
		case c == '.':
			name.WriteString("+0")
		default:
			name.WriteByte(c)
		}
	}
	return name.String()
}

// sandboxOf is the sandbox of a folder.
func sandboxOf(folder string) (string, bool) {
	rest, ok := strings.CutPrefix(folder, sandboxes)
	var name strings.Builder
	for i := 0; i < len(rest); i++ {
		if rest[i] != '+' {
			name.WriteByte(rest[i])
			continue
		}
		if i++; i == len(rest) {
			return "", false
		}
		if rest[i] == '0' {
			name.WriteByte('.')
		} else {
			name.WriteString(strings.ToUpper(rest[i : i+1]))
		}
	}
	return name.String(), ok && folderOf(name.String()) == folder
}
