// Package examples holds tests in other languages that use a mock through its
// control API. Here they are run as their readers would run them.
package examples

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/control"
	"github.com/parleykit/parley/mockserver/elma365"
)

func TestExamples(t *testing.T) {
	for _, test := range []struct {
		name    string
		command []string
		passed  string // what the runner prints when its tests ran and passed
	}{
		{"node", []string{"node", "--test", "--test-reporter=tap", "node/messenger.test.mjs"}, "# pass 2"},
		{"python", []string{"python3", "-m", "unittest", "discover", "-v", "python"}, "Ran 2 tests"},
		{"java", []string{"java", "java/MessengerTest.java"}, "2 tests passed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(test.command[0]); err != nil {
				if os.Getenv("CI") == "true" { // make tools installs it, or says that it does not
					t.Fatal(err)
				}
				t.Skipf("%s is not here: %v", test.command[0], err)
			}
			mock, err := mockserver.New(mockserver.Options{Control: control.New, SelfCheck: true}, elma365.Vendor())
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(mock)
			mock.SetBaseURL(server.URL)
			defer func() {
				server.CloseClientConnections()
				server.Close()
				mock.Close(t.Context())
			}()
			command := exec.CommandContext(t.Context(), test.command[0], test.command[1:]...)
			command.Env = append(os.Environ(), "PARLEY_MOCK="+server.URL, "PYTHONDONTWRITEBYTECODE=1")
			out, err := command.CombinedOutput()
			if err != nil || !strings.Contains(string(out), test.passed) {
				t.Errorf("%v: %v\n%s", test.command, err, out)
			}
		})
	}
}
