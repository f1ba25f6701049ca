package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/validator/summary"
)

// validate runs the command on standard input.
func validate(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"validate"}, args...), strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestValidateAsJSON(t *testing.T) {
	code, stdout, _ := validate(t, `{"type":"markAsRead","token":5,"data":{"messageId":"m"}}`, "elma365", "-", "--format", "json")
	var got struct {
		Contract string
		Results  []summary.Body
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatalf("%v\n%s", err, stdout)
	}
	if code != exitFailed || got.Contract != "elma365" || len(got.Results) != 1 {
		t.Fatalf("exit %d: %+v", code, got)
	}
	r := got.Results[0]
	if r.File != "-" || r.Payload != "events/markAsRead" || !r.Guessed || r.Valid || len(r.Findings) != 1 {
		t.Fatalf("got %+v", r)
	}
	if f := r.Findings[0]; f.Code != "body.type" || f.Pointer != "/token" || strings.Contains(f.Actual, "5") {
		t.Errorf("got %+v", f)
	}
}

func TestValidateListsNoFindingsAsAnEmptyList(t *testing.T) {
	code, stdout, _ := validate(t, `{"type":"disconnect","token":""}`, "elma365/operations/disconnect", "-", "--format", "json")
	if code != exitOK || !strings.Contains(stdout, `"findings": []`) || !strings.Contains(stdout, `"guessed": false`) {
		t.Errorf("exit %d\n%s", code, stdout)
	}
}

// A form is read as a form where the payload is only sent as one.
func TestValidateForm(t *testing.T) {
	for body, want := range map[string]int{
		"grant_type=password&client_id=c&client_secret=s&username=u&password=p": exitOK,
		"grant_type=password": exitFailed,
	} {
		if code, stdout, stderr := validate(t, body, "expertflow/operations/requestToken", "-"); code != want {
			t.Errorf("%s: exit %d, want %d\n%s%s", body, code, want, stdout, stderr)
		}
	}
}

func TestValidateKeepsControlCharactersFromTheTerminal(t *testing.T) {
	_, stdout, _ := validate(t, `{"type":"disconnect","token":"","\u001b[31m":1}`, "elma365", "-")
	if strings.Contains(stdout, "\x1b") || !strings.Contains(stdout, "body.unknown-key") {
		t.Errorf("got %q", stdout)
	}
}

func TestValidateRefusesWrongUsage(t *testing.T) {
	for line, want := range map[string]string{
		"":                               "name a contract and a file",
		"elma365":                        "name a contract and a file",
		"nobody -":                       `no contract "nobody"`,
		"elma365/events/nothing -":       `no payload "events/nothing"; it has answers/userInfo`,
		"elma365 nowhere.json":           "nowhere.json: no such file",
		"elma365 - -":                    "write - once",
		"elma365 - --format xml":         `--format "xml" is not known`,
		"elma365 . ":                     ". is a folder; name the files in it, for example *.json",
		"elma365 - --reading ELMA365-R1": "write ID=option",
	} {
		code, stdout, stderr := validate(t, "{}", strings.Fields(line)...)
		if code != exitUsage || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("validate %s: exit %d, %q; want %q", line, code, stderr, want)
		}
	}
}
