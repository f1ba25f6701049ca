package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shells complete a line, which is their arguments, with the script that parley completion
// writes, and print what they make of it.
var shells = map[string][]string{
	// The function is what the script takes of the package bash-completion, for words
	// without = and :.
	"bash": {"--noprofile", "--norc", "-c", `
_get_comp_words_by_ref() { words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=${words[cword]}; prev=${words[cword-1]}; }
source <(parley completion bash) || exit 1
complete -p parley || exit 1
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
__start_parley 2>&1
printf '%s\n' "${COMPREPLY[@]}"
`, "bash"},
	// Zsh completes where somebody types, so that it types into a second one.
	"zsh": {"-f", "-c", `
zmodload zsh/zpty && zpty shell zsh -f -i || exit 1
zpty -w shell 'PS1=; autoload -U compinit; compinit -D -u; source <(parley completion zsh); print -r READ""Y'
zpty -r shell answer '*READY*' || exit 1
zpty -w -n shell "$*"$'\t'
zpty -r shell answer "*$WANT*" || exit 1
print -r -- "$answer"
`, "zsh"},
	"fish": {"--no-config", "-c", `parley completion fish | source; complete -C (string join " " -- $argv)`},
}

// TestShellsComplete by themselves, with the built command.
func TestShellsComplete(t *testing.T) {
	t.Parallel()
	mock := mockToComplete(t)
	for name, script := range shells {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(name); err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatal(err)
				}
				t.Skip(err)
			}
			for line, want := range map[string]string{
				"parley conform el": "elma365",
				"parley state --mock " + mock + " --control-token t0ken --sandbox blue-": "blue-1",
				"parley send elma365 markA": "markAsRead",
				"parley serve --cluster-n":  "--cluster-name",
			} {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // of one that waits for what never comes
				shell := exec.CommandContext(ctx, name, append(script[:len(script):len(script)], strings.Fields(line)...)...)
				shell.Env = append(os.Environ(), "WANT="+want, "PATH="+filepath.Dir(buildParley(t))+string(filepath.ListSeparator)+os.Getenv("PATH"))
				shell.Dir = t.TempDir()
				out, err := shell.CombinedOutput()
				cancel()
				if err != nil || !strings.Contains(string(out), want) || strings.Contains(string(out), "`") {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
			}
		})
	}
}
