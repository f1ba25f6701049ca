package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// startPartner runs the command and returns the URL that it prints.
func startPartner(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"partner", "elma365", "--addr", "127.0.0.1:0"}, args...), nil, writer, io.Discard)
		writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	printed := regexp.MustCompile(`curl -sS -X POST (http://\S+)/say`)
	base := ""
	for base == "" && lines.Scan() {
		if found := printed.FindStringSubmatch(lines.Text()); found != nil {
			base = found[1]
		}
	}
	go io.Copy(io.Discard, reader) // until the command ends
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != exitOK {
			t.Errorf("the partner ended with exit %d", code)
		}
	})
	if base == "" {
		t.Fatal("the partner printed no line with curl")
	}
	return base
}

func postJSON(t *testing.T, url, body string) int {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// TestPartnerTakesItsSettingsFromTheEnvironment, as any partner does that
// `parley conform ... -- COMMAND` starts.
func TestPartnerTakesItsSettingsFromTheEnvironment(t *testing.T) {
	called := make(chan string, 1)
	vendor := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		called <- string(body)
	}))
	defer vendor.Close()
	t.Setenv("PARLEY_TOKEN", "secret-1")
	t.Setenv("PARLEY_CHANNEL", "c1")
	t.Setenv("PARLEY_WEBHOOK_URL", vendor.URL)
	base := startPartner(t)

	message := `{"type":"message","token":"secret-1","channelId":"c1","data":{"targetChatId":"chat1","text":"Hi"}}`
	if status := postJSON(t, base+"/webhook", message); status != http.StatusOK {
		t.Errorf("a message was answered %d", status)
	}
	if status := postJSON(t, base+"/say", ""); status != http.StatusAccepted {
		t.Fatalf("/say was answered %d", status)
	}
	if body := <-called; !strings.Contains(body, `"token":"secret-1"`) {
		t.Errorf("the vendor was sent %s", body)
	}
}

func TestPartnerHasTheDefectThatWasChosen(t *testing.T) {
	for defect, want := range map[string]int{"": http.StatusUnauthorized, "accepts-any-token": http.StatusOK} {
		args := []string{"--token", "confirm"}
		if defect != "" {
			args = append(args, "--defect", defect)
		}
		base := startPartner(t, args...)
		if got := postJSON(t, base+"/webhook", `{"type":"markAsRead","token":"other","data":{"messageId":"m1"}}`); got != want {
			t.Errorf("defect %q: a foreign token was answered %d, want %d", defect, got, want)
		}
	}
}
