package origin_test

import (
	"net/url"
	"testing"

	"github.com/parleykit/parley/internal/origin"
)

func TestSame(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"http://h.example/a", "http://H.example:80/b?c", true}, {"https://h.example", "https://h.example:443/", true},
		{"http://[::1]:8080/", "http://[::1]:8080/x", true}, {"http://h.example", "https://h.example", false},
		{"http://h.example:8080", "http://h.example", false}, {"http://h.example", "http://i.example", false},
	} {
		a, errA := url.Parse(test.a)
		b, errB := url.Parse(test.b)
		if errA != nil || errB != nil || origin.Same(a, b) != test.same || origin.Same(b, a) != test.same {
			t.Errorf("%s and %s: want %v", test.a, test.b, test.same)
		}
	}
}

func TestAbsolute(t *testing.T) {
	for text, whole := range map[string]bool{
		"https://h.example/a?b": true, "http://[::1]:8080": true,
		"h.example": false, "//h.example/a": false, "/a": false, "http:///a": false, "http://h.example:x": false, "": false,
	} {
		u, err := origin.Absolute(text)
		if (err == nil) != whole || err == nil && u.String() != text {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
}
