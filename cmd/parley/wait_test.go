package main

import (
	"net/http"
	"time"
)

// comesTrue looks at a condition until it is true, and reports false when it is not
// within two minutes, which only a test that fails waits for.
func comesTrue(condition func() bool) bool {
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(5 * time.Millisecond) { // between two looks
		if condition() {
			return true
		}
	}
	return false
}

// answering reports whether something answers HTTP at a URL.
func answering(url string) bool {
	response, err := http.Get(url)
	if err != nil {
		return false
	}
	response.Body.Close()
	return true
}
