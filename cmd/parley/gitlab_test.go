package main

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// component is a job of the GitLab component, as GitLab makes it of inputs.
type component struct {
	Script    []string `yaml:"script"`
	Artifacts struct {
		When    string            `yaml:"when"`
		Paths   []string          `yaml:"paths"`
		Reports map[string]string `yaml:"reports"`
	} `yaml:"artifacts"`
}

var interpolation = regexp.MustCompile(`\$\[\[ inputs\.(\w+) \]\]`)

// componentOf fills in the inputs, or their defaults.
func componentOf(t *testing.T, inputs map[string]string) component {
	t.Helper()
	data, err := os.ReadFile("../../templates/parley.yml")
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := bytes.Cut(data, []byte("\n---\n"))
	var spec struct {
		Spec struct {
			Inputs map[string]struct {
				Default *string `yaml:"default"`
			} `yaml:"inputs"`
		} `yaml:"spec"`
	}
	if err := yaml.Unmarshal(head, &spec); err != nil {
		t.Fatal(err)
	}
	text := interpolation.ReplaceAllStringFunc(string(body), func(place string) string {
		name := interpolation.FindStringSubmatch(place)[1]
		input, known := spec.Spec.Inputs[name]
		value, given := inputs[name]
		if !known || !given && input.Default == nil {
			t.Errorf("%s is no input, or was not given", place)
		}
		if !given && input.Default != nil {
			value = *input.Default
		}
		return value
	})
	var jobs map[string]component
	if err := yaml.Unmarshal([]byte(text), &jobs); err != nil {
		t.Fatal(err)
	}
	return jobs["parley"]
}

// runComponent runs the script of a job in one shell, as GitLab does.
func runComponent(t *testing.T, releases http.Handler, command, args string) (code int, out string, a *action) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the component is for Linux")
	}
	a = newAction(t, releases)
	job := componentOf(t, map[string]string{"version": "1.2.3", "command": command, "args": args, "releases": a.releases})
	if job.Artifacts.When != "always" || job.Artifacts.Reports["junit"] != "parley-report/junit.xml" {
		t.Errorf("the artifacts are %+v", job.Artifacts)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", strings.Join(job.Script, "\n"))
	cmd.Dir, cmd.Env = a.dir, append(os.Environ(), "no_proxy=127.0.0.1")
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(output), a
}

func TestGitLabComponent(t *testing.T) {
	t.Parallel()
	addr := freePort(t)
	code, out, a := runComponent(t, release(t, buildParley(t), ""), "conform", "elma365/webhook --run webhook/wrong-token --target http://"+addr+
		"/webhook --token confirm -- parley partner elma365 --token confirm --defect accepts-any-token --addr "+addr)
	a.says(code, out, 1, "FAILED")
	if report := a.read("parley-report/junit.xml"); !strings.Contains(report, `<failure`) {
		t.Errorf("the report is %s", report)
	}
	code, out, a = runComponent(t, release(t, buildParley(t), ""), "validate", "elma365 nothing.har")
	a.says(code, out, 2, "nothing.har")
	code, out, a = runComponent(t, release(t, "/bin/false", strings.Repeat("ab", 32)), "conform", "elma365")
	a.says(code, out, 4, "nothing of it was run")
	code, out, a = runComponent(t, http.NotFoundHandler(), "conform", "elma365")
	a.says(code, out, 4, "404")
}
