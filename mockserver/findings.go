package mockserver

import (
	"github.com/parleykit/parley/traffic"
	"github.com/parleykit/parley/validator"
)

// Codes lists the findings that only a server can make; all others are the
// validator's.
func Codes() []validator.Code {
	return []validator.Code{
		{Code: codeTooLarge, Severity: traffic.Error, Text: "The body is larger than the mock reads."},
		{Code: codeIncomplete, Severity: traffic.Error, Text: "The body did not arrive whole."},
		{Code: codeCoding, Severity: traffic.Error, Text: "The body is not in the coding that its header names; a warning where Parley can't read that coding."},
		{Code: codeRefused, Severity: traffic.Warn, Text: "The vendor refuses the call for what it knows, such as a token or a channel."},
		{Code: CodeDoubtful, Severity: traffic.Warn, Text: "A call has what the contract allows, but what the vendor's own documents contradict or another version of the vendor does not read."},
		{Code: codeMismatch, Severity: traffic.Warn, Text: "The call does not fit what the vendor knows of what it names, and is taken all the same."},
		{Code: codePrefer, Severity: traffic.Warn, Text: "The call prefers an answer that the mock can't give."},
		{Code: codePanic, Severity: traffic.HarnessError, Text: "The mock itself failed."},
	}
}

// CodeDoubtful is the finding of a Behaviour.Judge about a call that may be meant
// otherwise than the vendor takes it.
const CodeDoubtful = "call.doubtful"

const (
	codeTooLarge   = "body.too-large"
	codeIncomplete = "body.incomplete"
	codeCoding     = "body.coding"
	codeRefused    = "call.refused"
	codeMismatch   = "call.mismatch"
	codePrefer     = "call.prefer"
	codePanic      = "mock.panic"
)

func appendFindings(list []traffic.Finding, part traffic.Part, found []traffic.Finding) []traffic.Finding {
	for _, f := range found {
		f.Part = part
		list = append(list, f)
	}
	return list
}

// appendOwn appends what was found in a half that the mock made itself.
func appendOwn(list []traffic.Finding, part traffic.Part, found []traffic.Finding) []traffic.Finding {
	for _, f := range found {
		if f.Severity.AtLeast(traffic.Warn) {
			f.Part, f.Severity = part, traffic.HarnessError
			list = append(list, f)
		}
	}
	return list
}

func countFindings(findings []traffic.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Severity.AtLeast(traffic.Warn) {
			n++
		}
	}
	return n
}

// judgeEvent judges the partner's answer, and with SelfCheck the request too.
func (s *Stage) judgeEvent(e *traffic.Exchange, out outgoing) {
	if out.event == nil {
		return
	}
	if s.instance.sandbox.server.options.SelfCheck && !out.Broken {
		document := validator.Decode(out.Body)
		found := s.vendor.judge.Request(out.event, &e.Request, document)
		if _, token := s.credentialFor(out); token == "" {
			found = withoutCredential(found)
		}
		e.Findings = appendOwn(e.Findings, traffic.InRequest, found)
	}
	if e.Response != nil {
		e.Findings = appendFindings(e.Findings, traffic.InResponse, s.vendor.judge.Response(out.event, e.Response))
		e.Findings = appendFindings(e.Findings, traffic.InResponse, s.vendor.judge.Echo(out.event, &e.Request, e.Response))
	}
}
