package browser

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestLoad opens a journal of 4,000 exchanges, lets 500 a second arrive for 5 s, more than
// the page keeps, and prints how long it took to answer a key and how late its timers were.
// It asserts that all arrive and that the page goes on; how fast it was is for a reader,
// because machines are noisy.
func TestLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("5 s of load")
	}
	m := serve(t, "elma365", "--quiet")
	const before, rate, seconds = 4000, 500, 5
	var sent atomic.Int64
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	turns := make(chan struct{}, rate)
	for range 16 {
		go func() {
			for range turns {
				answer, err := client.Post(m.URL+"/api/messengers/external/other/webhook/nope", "application/json", strings.NewReader(goodMessage))
				if err == nil {
					io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
					sent.Add(1)
				}
			}
		}()
	}
	for range before {
		turns <- struct{}{}
	}
	p := open(t, m.URL+"/_parley/ui/", desk)
	p.Sees(".connection", "live")
	p.Eval(`(() => {
		window.keys = []; window.late = [];
		let due = performance.now() + 50;
		window.watch = setInterval(() => { const now = performance.now(); late.push(Math.max(0, now - due)); due = now + 50; }, 50);
		window.press = setInterval(() => {
			const began = performance.now(), before = document.querySelector(".row.chosen")?.id;
			dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
			const look = () => document.querySelector(".row.chosen")?.id !== before ? keys.push(performance.now() - began) : performance.now() - began < 5000 && requestAnimationFrame(look);
			requestAnimationFrame(look);
		}, 400);
		return true })()`)

	ctx, done := context.WithTimeout(t.Context(), seconds*time.Second)
	defer done()
	sent.Store(0)
	began := time.Now()
	for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		for range rate / 100 {
			select {
			case turns <- struct{}{}:
			default: // the mock is behind
			}
		}
	}
	close(turns)
	took := time.Since(began)
	p.Sees(".options", "5000 exchanges, the newest") // the page keeps so many
	p.Eval(`(clearInterval(watch), clearInterval(press), true)`)
	measured := p.Eval(`JSON.stringify({keys: keys.sort((a, b) => a - b), late: late.sort((a, b) => a - b)})`)
	var figures struct{ Keys, Late []float64 }
	if err := json.Unmarshal([]byte(measured.(string)), &figures); err != nil {
		t.Fatal(err)
	}
	if len(figures.Keys) < seconds || len(figures.Late) < 10*seconds {
		t.Errorf("the page stood still: %d keys, %d timers", len(figures.Keys), len(figures.Late))
	}
	of := func(list []float64, part float64) float64 { return list[int(part*float64(len(list)-1))] }
	if len(figures.Keys) > 0 && len(figures.Late) > 0 {
		t.Logf("%.0f exchanges a second for %.0f s: a key was answered after %.0f ms (median), %.0f ms (95 %%), %.0f ms (longest); timers were late by %.0f ms (95 %%), %.0f ms (longest)",
			float64(sent.Load())/took.Seconds(), took.Seconds(), of(figures.Keys, .5), of(figures.Keys, .95), of(figures.Keys, 1), of(figures.Late, .95), of(figures.Late, 1))
	}
}
