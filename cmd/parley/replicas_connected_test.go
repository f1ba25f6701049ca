package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// TestReplicasConnectAPartner once for all of them, also when the one that did it is lost and
// another goes on; a partner that a later replica was given is connected beside it.
func TestReplicasConnectAPartner(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	called := map[string]int{}
	partner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		called[q.URL.Path]++
	}))
	t.Cleanup(partner.Close)
	connected := func(r *replicas, k *killed) (urls []string) {
		var list struct{ Channels []struct{ URL string } }
		if err := json.Unmarshal(r.must(k, http.StatusOK, "GET", "/_parley/channels", ""), &list); err != nil {
			t.Fatal(err)
		}
		for _, c := range list.Channels {
			if c.URL != "" { // else nobody is connected to it
				urls = append(urls, c.URL)
			}
		}
		return urls
	}
	r := newReplicas(t, 1)
	r.flags = []string{"--partner", "elma365=" + partner.URL + "/first", "--token", "confirm"}
	first, second := r.join(), r.join()
	want := []string{partner.URL + "/first"}
	for _, k := range []*killed{first, second} {
		if got := connected(r, k); !slices.Equal(got, want) {
			t.Errorf("there are channels to %v, want %v", got, want)
		}
	}
	calls := func(path string) int {
		mu.Lock()
		defer mu.Unlock()
		return called[path]
	}
	if !comesTrue(func() bool { return calls("/first") == 1 }) {
		t.Errorf("the partner was told %d times", calls("/first"))
	}
	r.must(second, http.StatusOK, "POST", "/_parley/send", `{"event":"message","set":{"data.text":"Hello"},"wait":true}`)

	first.command.Process.Kill()
	r.leaveOut(first)
	first.command.Wait() // its error says that it was killed
	if got := connected(r, second); !slices.Equal(got, want) {
		t.Errorf("after a loss there are channels to %v, want %v", got, want)
	}

	r.flags[1] = "elma365=" + partner.URL + "/second"
	third := r.join()
	second.command.Process.Kill()
	r.leaveOut(second)
	second.command.Wait()
	want = append(want, partner.URL+"/second")
	if !comesTrue(func() bool { return slices.Equal(connected(r, third), want) }) {
		t.Errorf("there are channels to %v, want %v", connected(r, third), want)
	}
	if !comesTrue(func() bool { return calls("/second") == 1 }) || calls("/first") != 2 {
		t.Errorf("the partners were told or called %v", called)
	}
}
