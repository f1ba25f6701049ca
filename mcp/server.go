// Package mcp lets a coding assistant work against a vendor that is not there: it offers
// what the commands do as tools of the Model Context Protocol, over standard input and
// output and over HTTP. It is the only room that knows the protocol's library.
package mcp

import (
	"context"
	"io"
	"net/url"
	"sync"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/fault"
	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic/redaction"
	"github.com/parleykit/parley/validator/summary"
)

// Options are what the tools are made of. All members but AllowTarget are required.
type Options struct {
	Version string
	// Dir is the folder below which all files lie that a tool is told to read.
	Dir string
	// Contracts lists the contracts that there are without a path.
	Contracts func() ([]*specs.Contract, error)
	// Contract returns one of these by its ID, or that of an OpenAPI document by its path.
	Contract func(name string) (*specs.Contract, error)
	// Show writes a contract, or one thing of it by its name, for people.
	Show func(w io.Writer, c *specs.Contract, name string) error
	// Judge judges a file, which holds one body or a capture.
	Judge func(ctx context.Context, c *specs.Contract, file File) (*summary.Report, error)
	// Suites returns the suite of that name, or all of the contract's for "".
	Suites func(c *specs.Contract, name string) ([]conformance.Suite, error)
	// Fault reads "operation=message,status=500,times=2".
	Fault func(text string) (fault.Rule, error)
	// Play returns a mock that plays a contract and serves at its base URL; it is asked
	// once for each.
	Play func(c *specs.Contract) (*mockserver.Server, error)
	// AllowTarget allows URLs that are not on this machine; nil: none.
	AllowTarget func(*url.URL) bool
	// Redactor takes secrets out of every answer; it is that of the mocks.
	Redactor *redaction.Redactor
}

// File is what Options.Judge judges.
type File struct {
	Path     string
	Payload  string   // of a body: "operations/message"; "" to tell by its content what it is
	Webhooks []string // of a capture: calls to these URLs are events
	Base     string   // of a capture: the URL at which the vendor's API begins
}

// instructions are what an assistant reads before it sees the tools.
const instructions = `Parley plays a vendor that serves an API and calls your webhook. The loop: contract_read what the vendor documents; mock_start it; write the integration against its url; event_send as the vendor; traffic_wait for what the integration must do, and read how the closest differs; fault_set and clock_set for bad days; conform_run for the verdict. Only outcome "passed" is success: "incomplete" means that something was not judged. Files are paths below the folder that Parley was started in; start programs yourself.`

// session is what one assistant works in: a sandbox of each mock that it uses.
type session struct {
	Options
	sandbox string // its name; "" for the default one

	mu    sync.Mutex
	mocks map[string]*mockserver.Server // by contract ID
	given map[string]string             // tokens of mock_start, by contract ID
	last  string                        // ID of the contract that was started last
	run   lastRun
}

// server offers the tools of a session.
func (s *session) server() *sdk.Server {
	server := sdk.NewServer(
		&sdk.Implementation{Name: "parley", Version: s.Version},
		&sdk.ServerOptions{Instructions: instructions, Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}}},
	)
	s.addReading(server)
	s.addPlaying(server)
	s.addActing(server)
	s.addJudging(server)
	return server
}

func newSession(o Options, sandbox string) *session {
	return &session{Options: o, sandbox: sandbox, mocks: map[string]*mockserver.Server{}, given: map[string]string{}}
}

// Serve answers one assistant on a pair of streams until it has gone or ctx ends.
func Serve(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	return newSession(o, "").server().Run(ctx, &sdk.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}})
}

// unclosed is a writer that somebody else closes.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
