package near

import "testing"

func TestBest(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mesage", "message"},
		{"Message", "message"},
		{"mark_as_read", "markAsRead"},
		{"messaeg", "message"},
		{"message", "messages"}, // the text itself is no answer
		{"msg", ""},
		{"xy", ""},
		{"connect", "disconnect1"},
		{"", ""},
	} {
		candidates := []string{"message", "messages", "markAsRead", "id"}
		if c.text == "connect" {
			candidates, c.want = []string{"disconnect1"}, ""
		}
		if got := Best(c.text, candidates); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	if got := Aside("mesage", []string{"message"}); got != "; did you mean message?" {
		t.Errorf("got %q", got)
	}
}
