package cluster

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// leaseTraffic is what the leases of a cluster need, when nobody asks for anything.
type leaseTraffic struct {
	Renewals int // written a second, with what replicas say of themselves
	Told     int // messages to those who watch, a second
	Bytes    int // of these, without what NATS puts around them
	Bucket   int // bytes of keys and values
}

// trafficOf computes it, with names and IDs as long as those of a pod.
func trafficOf(t *testing.T, replicas, sandboxes int) leaseTraffic {
	t.Helper()
	size := func(key string, value any) int {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return len("$KV.parley-parley-leases.") + len(key) + len(text)
	}
	bucket := sandboxes*size(keyOf(leasePrefix, "team-a-000001"), holder{"parley-0-1a2b3c4d"}) +
		replicas*size(keyOf(memberPrefix, "parley-0-1a2b3c4d"), member{URL: "http://10.244.10.100:7357"})
	perSecond := int(time.Second / renewEvery)
	renewals := (sandboxes + replicas) * perSecond
	return leaseTraffic{renewals, renewals * replicas, bucket * replicas * perSecond, bucket}
}

// TestLeaseTraffic: replicas with a clock of the test write and are told as much as is
// computed.
func TestLeaseTraffic(t *testing.T) {
	const replicas, sandboxes, seconds = 5, 100, 60
	c := newCluster(t)
	for i := range sandboxes {
		c.held[fmt.Sprint("s", i)] = true
	}
	for i := range replicas {
		c.join(fmt.Sprint("r", i))
	}
	c.until("all are owned by whom they should be", func() bool {
		for name := range c.held {
			if c.owner(name) != choose(name, []string{"r0", "r1", "r2", "r3", "r4"}) {
				return false
			}
		}
		return true
	})
	count := func() (int, int) {
		c.bucket.mu.Lock()
		defer c.bucket.mu.Unlock()
		return c.bucket.writes, c.bucket.told
	}
	writes, told := count()
	for range seconds {
		c.tick()
	}
	nowWrites, nowTold := count()
	want := trafficOf(t, replicas, sandboxes)
	if got := (nowWrites - writes) / seconds; got != want.Renewals {
		t.Errorf("%d renewals a second, want %d", got, want.Renewals)
	}
	if got := (nowTold - told) / seconds; got != want.Told {
		t.Errorf("%d messages to those who watch a second, want %d", got, want.Told)
	}
}

// TestScaleIsWhatIsComputed compares the page about it with what this code does.
func TestScaleIsWhatIsComputed(t *testing.T) {
	page, err := os.ReadFile("../docs/explanation/scale.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, size := range [][2]int{{3, 1_000}, {10, 10_000}, {100, 100_000}} {
		traffic := trafficOf(t, size[0], size[1])
		rows = append(rows, fmt.Sprintf("| %d | %s | %s | %s | %.1f MB | %.1f MB |", size[0], grouped(size[1]), grouped(traffic.Renewals), grouped(traffic.Told), float64(traffic.Bytes)/1e6, float64(traffic.Bucket)/1e6))
	}
	const number, sandboxes = 10, 10_000
	shares, moved := shared(number, sandboxes)
	rows = append(rows, fmt.Sprintf("of %s sandboxes on %d replicas the fullest has %s, the emptiest %s; one more replica moves %s", grouped(sandboxes), number, grouped(slices.Max(shares)), grouped(slices.Min(shares)), grouped(moved)))
	for _, row := range rows {
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/explanation/scale.md does not say %q", row)
		}
	}
}

// shared is how many sandboxes each of some replicas should have, and how many move when
// one more comes.
func shared(number, sandboxes int) (shares []int, moved int) {
	var replicas []string
	for i := range number + 1 {
		replicas = append(replicas, fmt.Sprintf("parley-%d", i))
	}
	shares = make([]int, number)
	for i := range sandboxes {
		name := fmt.Sprintf("team-a-%06d", i)
		owner := choose(name, replicas[:number])
		shares[slices.Index(replicas, owner)]++
		if choose(name, replicas) != owner {
			moved++
		}
	}
	return shares, moved
}

// grouped writes a number with a comma before each three digits.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
