package specs

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/parleykit/parley/internal/files"
)

//go:embed elma365 3dolphins expertflow
var embedded embed.FS

// IDs lists the embedded contracts.
func IDs() []string { return []string{"elma365", "3dolphins", "expertflow"} }

// Embedded loads one of the contracts that Parley ships.
func Embedded(id string) (*Contract, error) {
	if !slices.Contains(IDs(), id) {
		return nil, fmt.Errorf("no contract %q%s; Parley ships %s, and --contract DIR loads a folder of yours", id, meant(id), strings.Join(IDs(), ", "))
	}
	folder, err := fs.Sub(embedded, id)
	if err != nil {
		return nil, err
	}
	if c := loadCompact(id, folder, "specs/"+id); c != nil {
		return c, nil
	}
	return Load(folder, "specs/"+id)
}

// meant suggests the contract of which a name is the beginning, or that begins it.
func meant(id string) string {
	for _, shipped := range IDs() {
		low := strings.ToLower(id)
		if len(low) > 1 && (strings.HasPrefix(shipped, low) || strings.HasPrefix(low, shipped) || strings.HasSuffix(shipped, low)) {
			return fmt.Sprintf(", did you mean %s?", shipped)
		}
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
