package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/specs"
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// maxFile is the largest file that is judged, in bytes.
const maxFile = 64 << 20

func validateCommand() *cobra.Command {
	var flags validateFlags
	cmd := &cobra.Command{
		Use:   "validate VENDOR[/PAYLOAD] FILE|-...",
		Short: "Judge JSON bodies against a contract",
		Long: `Validate judges bodies that were written down: files, or standard input as "-".

Name the payload after the vendor, as in elma365/events/message; without one,
Parley guesses it from the content and says what it guessed. What is wrong comes
with line and column, with what was expected, and with a hint where the cause is
likely. A text that is no JSON for a known reason (quotes or spaces copied from a
web page, a comma too many) is judged as if it were corrected.

Exit codes: 0 every body is valid, 1 a body has an error, 2 wrong usage.`,
		Example: `  parley validate elma365 body.json
  parley validate elma365/events/message body.json other.json --format json
  pbpaste | parley validate elma365 -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.codes {
				return writeCodes(cmd.OutOrStdout())
			}
			return flags.run(args, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&flags.format, "format", "text", "`text` for a person or json for a program")
	cmd.Flags().BoolVar(&flags.codes, "codes", false, "list what can be found, by code, and nothing else")
	flags.contracts.register(cmd)
	return cmd
}

type validateFlags struct {
	contracts contractFlags
	format    string
	codes     bool
}

func (f *validateFlags) run(args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) < 2 {
		return usage("name a contract and a file: parley validate elma365 body.json, or - for standard input")
	}
	if f.format != "text" && f.format != "json" {
		return usage("--format %q is not known; write text or json", f.format)
	}
	id, payload, _ := strings.Cut(args[0], "/")
	c, err := f.contracts.one(id)
	if err != nil {
		return err
	}
	if len(c.Payloads) == 0 {
		return usage("contract %s describes no body: there is no %s", c.ID, c.Path("schemas/<payload>.schema.json"))
	}
	judge, err := validator.New(c)
	if err != nil {
		return usage("%w", err)
	}
	if payload, err = payloadNamed(c, payload); err != nil {
		return err
	}
	results, err := validateFiles(judge, payload, args[1:], stdin)
	if err != nil {
		return err
	}
	return writeResults(stdout, f.format, c, results)
}

// payloadNamed accepts the name of a payload, and that of an operation or event
// for its body; "" stays "", to be guessed.
func payloadNamed(c *specs.Contract, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, ok := c.Payloads[name]; ok {
		return name, nil
	}
	if o := c.Operation(name); o != nil && o.Payload != "" {
		return o.Payload, nil
	}
	return "", usage("contract %s has no payload %q; it has %s", c.ID, name, strings.Join(c.PayloadNames(), ", "))
}

// validated is what was found in one file.
type validated struct {
	File     string            `json:"file"` // "-" is standard input
	Payload  string            `json:"payload"`
	Guessed  bool              `json:"guessed"`
	Also     []string          `json:"also,omitempty"` // payloads that fit equally well
	Valid    bool              `json:"valid"`          // no finding is an error
	Findings []traffic.Finding `json:"findings"`
}

func validateFiles(judge *validator.Validator, payload string, files []string, stdin io.Reader) ([]validated, error) {
	if i := slices.Index(files, "-"); i >= 0 && slices.Contains(files[i+1:], "-") {
		return nil, usage("standard input can be read once only; write - once")
	}
	var results []validated
	for _, file := range files {
		body, err := readBody(file, stdin)
		if err != nil {
			return nil, err
		}
		results = append(results, validateBody(judge, payload, file, body))
	}
	return results, nil
}

func readBody(file string, stdin io.Reader) ([]byte, error) {
	source := stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, usage("%w", err)
		}
		defer opened.Close()
		source = opened
	}
	body, err := io.ReadAll(io.LimitReader(source, maxFile+1))
	if err != nil {
		return nil, usage("%s: %w", file, err)
	}
	if len(body) > maxFile {
		return nil, usage("%s is larger than %d MiB; a body is one JSON value, not a log of them", file, maxFile>>20)
	}
	return body, nil
}

func validateBody(judge *validator.Validator, payload, file string, body []byte) validated {
	d := validator.Decode(body)
	if isForm(judge.Contract(), payload) {
		d = validator.DecodeForm(body)
	}
	result := validated{File: file, Payload: payload, Guessed: payload == ""}
	if result.Guessed {
		if fitting := judge.Guess(d); len(fitting) > 0 {
			result.Payload, result.Also = fitting[0], fitting[1:]
		}
	}
	if result.Payload == "" {
		result.Findings = unguessed(judge, d)
	} else {
		result.Findings = judge.Payload(result.Payload, d)
	}
	result.Valid = !slices.ContainsFunc(result.Findings, func(f traffic.Finding) bool { return f.Severity.AtLeast(traffic.Error) })
	return result
}

// isForm tells whether a payload is only ever sent as a form.
func isForm(c *specs.Contract, payload string) bool {
	sent := false
	for _, o := range slices.Concat(c.Operations, c.Events) {
		if o.Payload == payload && payload != "" {
			if !slices.Equal(o.ContentTypes, []string{"application/x-www-form-urlencoded"}) {
				return false
			}
			sent = true
		}
	}
	return sent
}

// unguessed says why nothing could be guessed: the text itself is wrong, or the
// contract knows nothing in it.
func unguessed(judge *validator.Validator, d *validator.Document) []traffic.Finding {
	if !d.Valid {
		return d.Findings
	}
	c := judge.Contract()
	return append(slices.Clone(d.Findings), traffic.Finding{
		Code: "payload.unknown", Severity: traffic.Error,
		Expected: "an object with keys that a payload of the contract has", Actual: "none of them",
		Hint: fmt.Sprintf("name the payload, for example %s/%s; `parley specs show %s` lists them", c.ID, c.PayloadNames()[0], c.ID),
	})
}
