package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

var settingsBlock = regexp.MustCompile("(?s)```json\n(\\{\"mcpServers\".*?)\n```")

// TestDocumentedAssistantSettings starts what the settings in the documents say, and has its tools.
func TestDocumentedAssistantSettings(t *testing.T) {
	block := settingsBlock.FindSubmatch(readTestFile(t, filepath.Join("..", "..", "docs", "how-to", "assistants.md")))
	if block == nil {
		t.Fatal("the page for assistants has no settings")
	}
	var settings struct {
		Servers map[string]struct {
			Command string
			Args    []string
		} `json:"mcpServers"`
	}
	if err := json.Unmarshal(block[1], &settings); err != nil || len(settings.Servers) != 1 {
		t.Fatalf("%v: %s", err, block[1])
	}
	for _, server := range settings.Servers {
		if server.Command != "parley" {
			t.Fatalf("it starts %s", server.Command)
		}
		a := (&assistant{}).connect(t, &sdk.CommandTransport{Command: exec.Command(buildParley(t), server.Args...)})
		a.call("contract_read", nil, &struct{}{})
		if err := a.session.Close(); err != nil {
			t.Errorf("it did not end well: %v", err)
		}
	}
}

// TestSkillNamesTheTools: the page for assistants names each tool, and arguments and
// members that there are.
func TestSkillNamesTheTools(t *testing.T) {
	text := string(readTestFile(t, filepath.Join("..", "..", "docs", "SKILL.md")))
	list, err := overStdio(t).session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"parley mcp", "--allow-target", "Parley-Ask", "incomplete", "undetermined", "warn", "[redacted]", `"outcome": "passed"`, `{"data.text": "Hello"}`}
	for _, tool := range list.Tools {
		known = append(known, tool.Name)
		if !strings.Contains(text, "`"+tool.Name+"`") {
			t.Errorf("%s is not named", tool.Name)
		}
		for _, schema := range []any{tool.InputSchema, tool.OutputSchema} {
			for name := range schema.(map[string]any)["properties"].(map[string]any) {
				known = append(known, name)
			}
		}
	}
	for _, m := range codeWords.FindAllStringSubmatch(text, -1) {
		rule := strings.ReplaceAll(m[1], "NAME", "message")
		if _, err := faultOf(rule); err != nil && !slices.Contains(known, m[1]) {
			t.Errorf("there is no %s", m[1])
		}
	}
}
