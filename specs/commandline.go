package specs

import (
	"io/fs"
	"path"

	"github.com/parleykit/parley/internal/shell"
)

// LoadDocument is Load of the folder that one OpenAPI document is the same as, and name
// the path of that document.
func LoadDocument(folder fs.FS, name string) (*Contract, error) {
	c, err := Load(folder, name)
	if err != nil {
		return nil, err
	}
	c.oneDocument = true
	return c, nil
}

// IsDocument reports whether the contract is one OpenAPI document, and no folder.
func (c *Contract) IsDocument() bool { return c.oneDocument }

// Place is where the contract was read from, as somebody named it: a folder, or a
// document. One that Parley ships has its ID.
func (c *Contract) Place() string {
	if c.shipped {
		return c.ID
	}
	return c.folderName
}

// SamplePlace says where a sample of a payload is to be written: a document has no folder
// of samples, but examples.
func (c *Contract) SamplePlace(payload string) string {
	if c.oneDocument {
		return c.folderName + ", as its example"
	}
	return c.Path(path.Join(sampleFolder, payload))
}

// Called is the word of a command line that names the contract where a vendor may stand:
// its ID, or the path of its document, which no ID leads to.
func (c *Contract) Called() string {
	if c.oneDocument {
		return shell.Word(c.folderName)
	}
	return c.ID
}

// OnLine is all that a command line needs to name the contract, as it stands in commands
// that Parley prints: Called, and the folder that it is in where Parley does not ship it.
func (c *Contract) OnLine() string {
	if c.oneDocument || c.shipped {
		return c.Called()
	}
	return c.ID + " --contract " + shell.Word(c.folderName)
}
