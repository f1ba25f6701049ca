package control_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/parleykit/parley/mockserver"
	"github.com/parleykit/parley/mockserver/internal/acme"
	"github.com/parleykit/parley/mockserver/mocktest"
	"github.com/parleykit/parley/mockserver/store"
)

// item is one element of the lists of these tests.
type item struct {
	Name   string `json:"name"`
	Times  int    `json:"times"`
	Secret string `json:"secret,omitempty"`
}

// remembering is a vendor whose state is what tests add to it and what ended.
func remembering(stage *mockserver.Stage) mockserver.Behaviour {
	items := mockserver.Persist(stage, "items", store.NewMemory[item](stage.Bound(1_000), nil))
	return mockserver.Behaviour{
		State: func() any {
			list, _ := items.List()
			return map[string]any{"items": list, "name": "Acme"}
		},
		AddState: func(given json.RawMessage) error {
			var more item
			if err := json.Unmarshal(given, &more); err != nil {
				return err
			}
			_, err := items.Upsert(more.Name, func(i *item) error {
				i.Name, i.Times, i.Secret = more.Name, i.Times+1, more.Secret
				return nil
			})
			return err
		},
	}
}

// testElements: those of a list in a vendor's state are listed, waited for and
// streamed.
func testElements(t *testing.T, seen map[string]bool) {
	c := controlledBy(t, acme.New(t, remembering))
	c.seen = seen
	add := func(name string) {
		t.Helper()
		c.into(nil, 204, "POST", "state", `{"state":{"name":"`+name+`","secret":"s3cr3t"}}`)
	}
	type elements struct{ Elements []item }
	var list elements
	c.into(&list, 200, "GET", "state/list?path=/items", "")
	if list.Elements == nil || len(list.Elements) != 0 {
		t.Errorf("at first there are %+v", list.Elements)
	}

	stream := eventsFrom(open(mocktest.Soon(t), t, c.URL+"/_parley/state/stream?vendor=acme&path=/items&where=name=b").Body)
	next := func() string {
		t.Helper()
		_, data, ok := stream.next()
		if !ok {
			t.Fatal("the stream ended")
		}
		return data
	}
	waited := make(chan mocktest.Answer, 1)
	go func() { waited <- c.Do("GET", "/_parley/state/wait?path=/items&n=2&timeout=20s", "") }()
	add("a")
	add("b")
	if got := next(); got != `{"name":"b","secret":"[redacted]","times":1}` {
		t.Errorf("the stream says %s", got)
	}
	if a := <-waited; a.Status != 200 || !strings.Contains(a.Body, `"name":"b"`) || strings.Contains(a.Body, "s3cr3t") {
		t.Errorf("the wait answered %d %s", a.Status, a.Body)
	}
	add("b")
	if got := next(); !strings.Contains(got, `"times":2`) {
		t.Errorf("changed, the stream says %s", got)
	}
	if c.into(&list, 200, "GET", "state/list?path=/items&where=times=2", ""); len(list.Elements) != 1 || list.Elements[0].Name != "b" {
		t.Errorf("listed %+v", list.Elements)
	}
	c.into(nil, 204, "POST", "reset", "")
	add("b")
	if got := next(); !strings.Contains(got, `"times":1`) {
		t.Errorf("after the reset the stream says %s", got)
	}
	if c.into(&list, 200, "GET", "state/wait?path=/items", ""); len(list.Elements) != 1 || list.Elements[0].Secret == "s3cr3t" {
		t.Errorf("waited for %+v", list.Elements)
	}
	a := c.call("GET", "state/wait?path=/items&n=3&where=name=b&timeout=10ms", "")
	if a.Status != 408 || acme.Detail(t, a) != "1 of 3 elements within 10ms at /items in the state of acme with name=b" || !strings.Contains(a.Body, `"elements":[{"name":"b"`) {
		t.Errorf("too late is %d %s", a.Status, a.Body)
	}
	c.refused(408, "GET", "state/wait?path=/later&timeout=10ms", "", "0 of 1 elements")
	for query, says := range map[string]string{
		"path=/name": `leads to "Acme" in the state of acme, which is no list`, "path=items": "is no JSON pointer; write it as /name", "": "is no JSON pointer",
		"path=/items&where=x": "write path.to.field=value", "path=/items&vendor=x": `no vendor "x"`, "path=/items&x=y": `no parameter "x"; it knows`,
	} {
		for _, route := range []string{"list", "wait", "stream"} {
			c.refused(400, "GET", "state/"+route+"?"+query, "", says)
		}
	}
	c.refused(400, "GET", "state/wait?path=/items&n=0", "", "from 1")
	c.refused(400, "GET", "state/wait?path=/items&timeout=1h", "", "at most 5m0s")
	stateless := controlledBy(t, acme.New(t, nil))
	stateless.refused(400, "GET", "state/list?path=/items", "", "Acme remembers nothing")
	testWaitEndsWithTheMock(t, c)
}

func testWaitEndsWithTheMock(t *testing.T, c *controlled) {
	waited := make(chan mocktest.Answer, 1)
	go func() { waited <- c.Do("GET", "/_parley/state/wait?path=/items&n=9&timeout=1m", "") }()
	c.Server().Close(mocktest.Soon(t))
	if a := <-waited; a.Status != 503 {
		t.Errorf("the wait answered %d %s", a.Status, a.Body)
	}
	c.call("GET", "state/stream?path=/items", "") // it ends at once
}

// TestAStateThatCannotBeShown fails who asks for it, and nobody else.
func TestAStateThatCannotBeShown(t *testing.T) {
	m := acme.New(t, func(stage *mockserver.Stage) mockserver.Behaviour {
		mockserver.Persist(stage, "items", store.NewMemory[item](1, nil))
		return mockserver.Behaviour{State: func() any { panic("oh") }}
	})
	for _, path := range []string{"list", "wait", "stream"} {
		if a := m.Do("GET", "/_parley/state/"+path+"?path=/items", ""); a.Status != 400 || !strings.Contains(acme.Detail(t, a), "the state of acme can't be shown: oh") {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
