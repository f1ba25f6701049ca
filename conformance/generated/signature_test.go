package generated_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/generated"
	"github.com/parleykit/parley/conformance/internal/checktest"
	"github.com/parleykit/parley/conformance/internal/testvendor"
	"github.com/parleykit/parley/internal/signature"
	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/specs"
)

const signatureChecks = "acme/webhook/signature/"

// written is a scheme that no vendor has.
var written = signature.Scheme{
	Header: "X-Sig", Hash: "sha512", Encoding: "base64", Prefix: "s=", Before: "id={id};t={timestamp};", Between: ";",
	Payload: "{id}/{timestamp}/{body}", Tolerance: 10 * time.Minute,
}

// signedAcme is Acme's contract with signed events; class is why that is believed.
func signedAcme(t *testing.T, scheme string, class specs.Class) *specs.Contract {
	t.Helper()
	c := acme(t)
	if scheme == "written" {
		c.Signature = &specs.Signature{Scheme: written}
	} else {
		var err error
		if c, err = c.WithSignature(scheme); err != nil {
			t.Fatal(err)
		}
	}
	c.Signature.Evidence = specs.Evidence{Class: class}
	return c
}

// runSigned judges Acme's good partner behind what verifies signatures.
func runSigned(t *testing.T, c *specs.Contract, defect, secret string, only ...string) *conformance.Report {
	t.Helper()
	o := mockserver.Options{SelfCheck: true}
	if secret != "" {
		o.Secrets = map[string][]string{"acme": {secret}}
	}
	mock, err := mockserver.New(o, mockserver.Vendor{Contract: c})
	if err != nil {
		t.Fatal(err)
	}
	api := checktest.Serve(t, mock, func() { mock.Close(context.Background()) })
	mock.SetBaseURL(api)
	d := &desk{t: t, api: api, done: make(chan struct{}), seen: map[string]bool{}, meeting: make(chan struct{})}
	keys, err := c.Signature.Keys(secretOr(secret))
	if err != nil {
		t.Fatal(err)
	}
	webhook := checktest.Serve(t, &testvendor.Verifier{Scheme: c.Signature.Scheme, Keys: keys, Defect: defect, Next: d}, func() { close(d.done); d.work.Wait() })
	return checktest.JudgeFunc(conformance.Judge).Report(t, conformance.Options{
		Suites: generated.Suites(c), Only: only, Contract: c, Sandbox: mock.Sandbox(), Target: webhook + "/hook", Stimulus: d.act, Timing: quick, Seed: 1,
	})
}

const acmeSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func secretOr(secret string) string {
	if secret == "" {
		return acmeSecret
	}
	return secret
}

// forged is what a partner must not take; not all of it is there in every scheme.
const forged = "missing wrong truncated changed-body stale"

// signatureTable says what does not pass, of the checks that a scheme has.
var signatureTable = []checktest.Row{
	{},
	{Defect: "verifies-nothing", Fail: forged},
	{Defect: "takes-what-is-not-signed", Fail: "missing"},
	{Defect: "compares-what-is-there", Fail: "truncated"},
	{Defect: "never-looks-at-the-time", Fail: "stale"},
	{Defect: "verifies-its-own-writing", Fail: "changed-body"},
	{Defect: "knows-one-signature", Fail: "rotation"},
	{Defect: "refuses-all", Fail: "accepted rotation", Undetermined: forged}, // by a status that is not documented
	{Defect: "fails-instead-of-refusing", Warn: forged},
	{Defect: "hangs-up", Fail: forged},
}

// TestForgeries: of each scheme, each defect fails exactly the check that is about it.
func TestForgeries(t *testing.T) {
	t.Parallel()
	for _, scheme := range append(signature.Names(), "written") {
		for _, row := range signatureTable {
			t.Run(scheme+"/"+row.Name(), func(t *testing.T) {
				t.Parallel()
				c := signedAcme(t, scheme, specs.Documented)
				report := runSigned(t, c, row.Defect, acmeSecret, signatureChecks+"*")
				var there []string
				for _, r := range report.Results {
					there = append(there, strings.TrimPrefix(r.ID, signatureChecks))
				}
				if slices.Contains(there, "stale") != c.Signature.Timed() || slices.Contains(there, "rotation") != c.Signature.Several() || len(there) < 5 {
					t.Errorf("the checks are %v", there)
				}
				checktest.Compare(t, report, signatureChecks, only(row, there))
			})
		}
	}
	for _, defect := range testvendor.Defects {
		if !slices.ContainsFunc(signatureTable, func(r checktest.Row) bool { return r.Defect == defect }) {
			t.Errorf("no row has %s", defect)
		}
	}
}

// only is a row without the checks that a scheme does not have.
func only(r checktest.Row, there []string) checktest.Row {
	keep := func(names string) string {
		return strings.Join(slices.DeleteFunc(strings.Fields(names), func(name string) bool { return !slices.Contains(there, name) }), " ")
	}
	r.Fail, r.Warn, r.Undetermined = keep(r.Fail), keep(r.Warn), keep(r.Undetermined)
	return r
}

// TestSignedEventsAreJudgedAsOthers: with a signature a good partner passes all checks.
func TestSignedEventsAreJudgedAsOthers(t *testing.T) {
	t.Parallel()
	report := runSigned(t, signedAcme(t, "standard-webhooks", specs.Documented), "", acmeSecret)
	checktest.Compare(t, report, prefix, whole(checktest.Row{}))
}

// TestLevelsOfSignatures: a forgery that is taken is as grave as the evidence for the
// signature; what a user chose is agreed.
func TestLevelsOfSignatures(t *testing.T) {
	t.Parallel()
	for class, verdict := range map[specs.Class]conformance.Verdict{
		specs.Documented: conformance.VerdictFail, specs.Observed: conformance.VerdictFail, "": conformance.VerdictFail,
		specs.Agreed: conformance.VerdictFail, specs.Assumed: conformance.VerdictWarn,
	} {
		r := runSigned(t, signedAcme(t, "github", class), "verifies-nothing", acmeSecret, signatureChecks+"wrong").Results[0]
		if r.Verdict != verdict || r.Evidence != cmpClass(class) {
			t.Errorf("%s: %s by %s, %s", class, r.Verdict, r.Evidence, r.Actual)
		}
		if strings.Contains(r.Actual+r.Expected+r.Requirements[0].Text, acmeSecret) {
			t.Errorf("%s tells the secret: %+v", class, r)
		}
	}
}

func cmpClass(class specs.Class) specs.Class {
	if class == "" {
		return specs.Observed
	}
	return class
}

// TestWithoutASecretNothingIsSigned, and nothing of signatures is judged.
func TestWithoutASecretNothingIsSigned(t *testing.T) {
	t.Parallel()
	report := runSigned(t, signedAcme(t, "github", specs.Documented), "", "", signatureChecks+"*")
	for _, r := range report.Results {
		if r.Verdict != conformance.VerdictNotApplicable || !strings.Contains(r.Actual, "no secret was given") {
			t.Errorf("%s: %s %s", r.ID, r.Verdict, r.Actual)
		}
	}
}

// TestOwnChecksOfSignatures take the place of those that are generated.
func TestOwnChecksOfSignatures(t *testing.T) {
	c := signedAcme(t, "github", specs.Documented)
	own := conformance.Suite{ID: "acme/own", Vendor: "acme", Checks: []conformance.Check{{ID: "acme/own/one", Covers: []string{"signature"}}}}
	for _, id := range checkIDs(generated.Suites(c, own)) {
		if strings.HasPrefix(id, signatureChecks) {
			t.Errorf("%s is there", id)
		}
	}
}
