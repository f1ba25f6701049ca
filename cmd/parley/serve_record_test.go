package main

import (
	"context"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAnArchiveHasTheRealPort: with port 0 the system chooses one, under which partners
// called.
func TestAnArchiveHasTheRealPort(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "traffic.har")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out safeBuffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"serve", "elma365", "--addr", "127.0.0.1:0", "--record", file}, nil, &out, &out)
	}()
	plays := regexp.MustCompile(`on (http://127\.0\.0\.1:[0-9]+)`)
	if !comesTrue(func() bool { return plays.MatchString(out.String()) }) {
		t.Fatal(out.String())
	}
	base := plays.FindStringSubmatch(out.String())[1]
	answer, err := http.Get(base + "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	stop()
	if code := <-ended; code != exitOK {
		t.Fatalf("exit %d: %s", code, &out)
	}
	if text := string(readTestFile(t, file)); !strings.Contains(text, `"`+base+`/nowhere"`) {
		t.Errorf("the archive does not have %s/nowhere:\n%s", base, text)
	}
}
