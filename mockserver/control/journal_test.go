package control_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/traffic"
)

type exchanges struct {
	Exchanges []*traffic.Exchange
	More      bool
	Stats     traffic.Stats
}

func testJournal(t *testing.T, c *controlled) {
	before := c.Exchange(c.Do("GET", "/tickets/T-1", "")).ID
	c.Do("GET", "/tickets/T-2", "", "Prefer", "code=404")
	c.Do("POST", "/tickets/T-2/notes", `{"text":5,"secret":"s3cr3t"}`)
	var list exchanges
	for _, test := range []struct {
		query string
		want  int
	}{
		{"since=" + before, 2}, {"since=" + before + "&status=4xx", 2}, {"since=" + before + "&status=404", 1}, {"since=" + before + "&findings=error", 1},
		{"since=" + before + "&limit=1", 1}, {"since=" + before + "&caller=vendor", 0}, {"since=" + before + "&operation=operations/ticket", 1},
		{"since=" + before + "&text=tickets/t-2", 2}, {"since=" + before + "&text=T-2&status=404", 1}, {"since=" + before + "&text=%7B%22TEXT%22:5", 1}, {"since=" + before + "&text=%22error%22", 2},
		{"text=s3cr3t", 0}, {"since=" + before + "&text=redacted", 1}, {"since=" + before + "&text=nowhere", 0},
		{"channel=first&vendor=acme&operation=events/changed&caller=vendor&status=200&limit=2", 2}, {"status=0", 0},
	} {
		if c.into(&list, 200, "GET", "journal?"+test.query, ""); len(list.Exchanges) != test.want {
			t.Errorf("journal?%s lists %d exchanges, want %d", test.query, len(list.Exchanges), test.want)
		}
	}
	if c.into(&list, 200, "GET", "journal?limit=1", ""); !list.More || list.Stats.Kept < 3 {
		t.Errorf("a part of the journal says %+v", list)
	}
	last := list.Exchanges[0]
	if strings.Contains(last.Request.Body.String(), "s3cr3t") || last.Operation != "operations/note" {
		t.Errorf("the newest exchange is %s with %s", last.Operation, last.Request.Body)
	}
	c.into(last, 200, "GET", "journal/"+last.ID, "")
	c.refused(404, "GET", "journal/ex-999999", "", `no exchange "ex-999999"`)
	for query, says := range map[string]string{
		"status=abc": "404, 4xx, or 0", "status=9xx": "4xx", "findings=bad": "harness_error, error, warn or info", "caller=me": "partner or vendor",
		"vendor=x": "the mock plays acme", "operation=tickt": "operations/ticket, ", "limit=x": "from 1 to 10000", "nope=1": `no parameter "nope"; it knows vendor, operation`,
	} {
		c.refused(400, "GET", "journal?"+query, "", says)
	}

	a := c.call("GET", "journal.ndjson?since="+before, "")
	reader := traffic.NewReader(strings.NewReader(a.Body), 0)
	for i := range 2 {
		if e, err := reader.Read(); err != nil || !strings.HasPrefix(e.Operation, "operations/") {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
	if strings.Contains(a.Body, "s3cr3t") {
		t.Error("the export holds a secret")
	}

	var archive struct {
		Log struct {
			Entries []struct {
				Request struct{ URL string }
				Parley  traffic.Exchange `json:"_parley"`
			}
		}
	}
	if c.into(&archive, 200, "GET", "journal.har?text=%22text%22&since="+before, ""); len(archive.Log.Entries) != 1 {
		t.Fatalf("the archive has %+v", archive)
	}
	if one := archive.Log.Entries[0]; one.Request.URL != c.URL+"/tickets/T-2/notes" || one.Parley.Operation != "operations/note" || len(one.Parley.Findings) == 0 {
		t.Errorf("the entry is %+v", one)
	}
	if a := c.call("GET", "journal.har?since="+before, ""); strings.Contains(a.Body, "s3cr3t") {
		t.Error("the archive holds a secret")
	}
	if c.into(&list, 200, "GET", "journal/wait?n=1&timeout=20s&text=t-2/NOTES&since="+before, ""); len(list.Exchanges) != 1 {
		t.Errorf("waited for a text and got %d", len(list.Exchanges))
	}
	if c.into(&list, 200, "GET", "journal/wait?n=2&timeout=20s&since="+before, ""); len(list.Exchanges) != 2 {
		t.Errorf("waited for 2 and got %d", len(list.Exchanges))
	}
	c.refused(408, "GET", "journal/wait?n=3&timeout=10ms&since="+before, "", "2 of 3 matching exchanges within 10ms; the journal has")
	c.refused(400, "GET", "journal/wait?timeout=1h", "", "at most 5m0s")
	c.refused(400, "GET", "journal/wait?n=0", "", "from 1")
	c.into(nil, 204, "DELETE", "journal", "")
	if c.into(&list, 200, "GET", "journal", ""); len(list.Exchanges) != 0 || list.More {
		t.Error("the journal was not cleared")
	}
}

func testStream(t *testing.T, c *controlled) {
	missed := c.Exchange(c.Do("GET", "/tickets/T-1", "")).ID
	since := c.Exchange(c.Do("GET", "/tickets/T-2", "")).ID
	request, err := http.NewRequestWithContext(mocktest.Soon(t), "GET", c.URL+"/_parley/journal/stream?operation=operations/ticket&text=/tickets/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Last-Event-ID", missed)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	c.seen["streamJournal"] = true
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || kind != "text/event-stream" {
		t.Fatalf("answered %d with %s", response.StatusCode, kind)
	}
	lines := bufio.NewScanner(response.Body)
	next := func() string {
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				lines.Scan()
				var e traffic.Exchange
				data := strings.TrimPrefix(lines.Text(), "data: ")
				if err := json.Unmarshal([]byte(data), &e); err != nil || e.ID != id {
					t.Errorf("the event %s has %s", id, data)
				}
				return id
			}
		}
		t.Fatal("the stream ended")
		return ""
	}
	if got := next(); got != since {
		t.Errorf("the stream begins with %s, want %s", got, since)
	}
	c.Do("POST", "/tickets/T-1/notes", `{"text":"x"}`)
	now := c.Exchange(c.Do("GET", "/tickets/T-3", "")).ID
	if got := next(); got != now {
		t.Errorf("the stream goes on with %s, want %s", got, now)
	}
	c.refused(400, "GET", "journal/stream?status=x", "", "status=x is none")
}
