package main

import (
	"net/url"
	"testing"
)

func TestAllowedTargets(t *testing.T) {
	allowed, err := allowedTargets([]string{"http://h.example/allowed/", "https://all.example"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"http://h.example/allowed": true, "http://h.example/allowed/x": true, "http://h.example/allowed/x..y/...": true, "https://all.example/x": true,
		"http://h.example/allowedx": false, "http://h.example/": false, "https://h.example/allowed": false, "http://h.example:81/allowed": false,
		"http://h.example/allowed/../secret": false, "http://h.example/allowed/%2e%2e/secret": false, "http://h.example/allowed/.%2E/secret": false,
		"http://h.example/allowed%2f..%2fsecret": false, `http://h.example/allowed/..%5csecret`: false, "http://h.example/allowed/%252e%252e/secret": false,
		"http://h.example/allowed/./..": false, "http://h.example/x/../allowed": false,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := allowed(u); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
