package specs

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/files"
	"github.com/parleykit/parley/internal/near"
)

// embedded are the contracts that Parley ships: each folder beside this file that has
// a document.
//
//go:embed */openapi.yaml */requirements.yaml */readings.yaml */schemas */samples
var embedded embed.FS

// shipped are the names of those folders.
var shipped = sync.OnceValue(func() []string {
	var ids []string
	documents, _ := fs.Glob(embedded, "*/openapi.yaml") // the pattern is a good one
	for _, document := range documents {
		ids = append(ids, path.Dir(document))
	}
	return ids
})

// IDs lists the contracts that Parley ships.
func IDs() []string { return slices.Clone(shipped()) }

// Embedded loads one of the contracts that Parley ships.
func Embedded(id string) (*Contract, error) {
	if !slices.Contains(IDs(), id) {
		return nil, fmt.Errorf("no contract %q%s; Parley ships %s, and --contract DIR loads a folder of yours", id, meant(id), strings.Join(IDs(), ", "))
	}
	folder, err := fs.Sub(embedded, id)
	if err != nil {
		return nil, err
	}
	c := loadCompact(id, folder, "specs/"+id)
	if c == nil {
		if c, err = Load(folder, "specs/"+id); err != nil {
			return nil, err
		}
	}
	c.shipped = true
	return c, nil
}

// meant suggests the contract of which a name is the beginning, or that begins it.
func meant(id string) string {
	for _, known := range IDs() {
		low := strings.ToLower(id)
		if len(low) > 1 && (strings.HasPrefix(known, low) || strings.HasPrefix(low, known) || strings.HasSuffix(known, low)) {
			return fmt.Sprintf(", did you mean %s?", known)
		}
	}
	if best := near.Best(id, IDs()); best != "" {
		return fmt.Sprintf(", did you mean %s?", best)
	}
	return ""
}

// LoadFolder loads a contract from a directory of the user's and checks it
// whole, because nobody's tests did.
func LoadFolder(dir string) (*Contract, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("contract folder: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("contract folder %s is a file; name the folder that holds openapi.yaml", dir)
	}
	c, err := Load(files.Folder(dir), dir)
	if err != nil {
		return nil, err
	}
	return c, c.Validate()
}
