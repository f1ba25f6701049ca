package cluster

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/parleykit/parley/mockserver"
)

// aim is what a request is for.
type aim int

const (
	one  aim = iota // a sandbox
	all             // the list of all sandboxes
	here            // this replica itself
)

// ofReplica are the paths of the control API that every replica answers for itself.
var ofReplica = []string{"version", "metrics", "health", "ready"}

// named is how many bytes of a body are read to find the name of a sandbox to be made.
const named = 64 << 10

// address says what a request is for, and which sandbox; beside it the one that it makes
// where that is, "": none. Who asks for something wrong is answered here.
func address(r *http.Request) (what aim, sandbox, makes string) {
	sandbox, path, err := mockserver.SandboxAddress(r)
	if err != nil {
		return here, "", ""
	}
	control, ok := strings.CutPrefix(path, mockserver.ControlPrefix)
	switch {
	case !ok:
		return one, sandbox, ""
	case slices.Contains(ofReplica, control):
		return here, "", ""
	case control == "sandboxes" && r.Method == http.MethodPost:
		name, from := made(r)
		if from != "" {
			return one, from, name
		}
		return one, name, ""
	case control == "sandboxes":
		return all, "", ""
	}
	if below, ok := strings.CutPrefix(control, "sandboxes/"); ok {
		sandbox, _, _ = strings.Cut(below, "/")
	}
	return one, sandbox, ""
}

// request is what of a body that wants a sandbox made says where it is done.
type request struct {
	Name string
	From *struct{ Sandbox string }
}

// made are the sandbox that a request wants made, and the one that it is made from: "",
// none. The body is read and put back. Where it has no name, whoever has the default
// sandbox says so.
func made(r *http.Request) (name, from string) {
	text, err := io.ReadAll(io.LimitReader(r.Body, named))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), r.Body), r.Body}
	var q request
	if err != nil || json.Unmarshal(text, &q) != nil || q.Name == "" {
		return mockserver.DefaultSandbox, ""
	}
	if q.From != nil {
		from = cmp.Or(q.From.Sandbox, mockserver.DefaultSandbox)
	}
	return q.Name, from
}
