package cluster

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

// member is what a replica says of itself.
type member struct {
	URL      string `json:"url"` // where the others reach it
	Draining bool   `json:"draining,omitempty"`
}

// holder is what a lease says of its owner.
type holder struct {
	Replica string `json:"replica"`
}

// The keys of a bucket. Names are written so that dots and capitals do not matter.
const (
	memberPrefix = "member."
	leasePrefix  = "lease."
)

func keyOf(prefix, name string) string { return prefix + hex.EncodeToString([]byte(name)) }

// view is what a replica knows of a bucket. It may be late, so nothing rests on it: it
// says whom to ask.
type view struct {
	now func() time.Time

	mu      sync.Mutex
	entries map[string]seen
	turned  chan struct{} // closed at the next change
	count   uint64        // of changes
	told    time.Time     // when it last was
}

type seen struct {
	value []byte
	at    time.Time
}

func newView(now func() time.Time) *view {
	return &view{now: now, entries: map[string]seen{}, turned: make(chan struct{})}
}

// tell notes what a watch tells.
func (v *view) tell(key string, value []byte, gone bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.told = v.now()
	v.note(key, value, gone)
}

// note changes an entry. What is merely renewed wakes nobody. The lock is held.
func (v *view) note(key string, value []byte, gone bool) {
	before, known := v.entries[key]
	if gone {
		delete(v.entries, key)
	} else {
		v.entries[key] = seen{value, v.now()}
	}
	if gone || !known || string(before.value) != string(value) {
		v.count++
		close(v.turned)
		v.turned = make(chan struct{})
	}
}

// silent reports whether nothing was told for so long that the watch must be lost: each
// replica writes more often.
func (v *view) silent() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now().Sub(v.told) > 2*renewEvery
}

// changes is how many there were.
func (v *view) changes() uint64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.count
}

// changed is closed at the next change.
func (v *view) changed() <-chan struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.turned
}

// forget drops what proved to be wrong, until it is told again.
func (v *view) forget(key string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.note(key, nil, true)
}

// read decodes a value that is still alive. The lock is held.
func (v *view) read(key string, into any) bool {
	e, ok := v.entries[key]
	return ok && v.now().Sub(e.at) < TTL && json.Unmarshal(e.value, into) == nil
}

// owner is the replica that has a sandbox; "": nobody is known to.
func (v *view) owner(sandbox string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var h holder
	v.read(keyOf(leasePrefix, sandbox), &h)
	return h.Replica
}

// url is where a replica is reached; "": it is not there.
func (v *view) url(replica string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var m member
	v.read(keyOf(memberPrefix, replica), &m)
	return m.URL
}

// members are the replicas that are there, sorted; staying leaves out those that drain.
func (v *view) members(staying bool) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []string
	for key := range v.entries {
		name, ok := strings.CutPrefix(key, memberPrefix)
		id, err := hex.DecodeString(name)
		var m member
		if ok && err == nil && v.read(key, &m) && !(staying && m.Draining) {
			all = append(all, string(id))
		}
	}
	slices.Sort(all)
	return all
}

// choose is the replica that should have a sandbox (rendezvous hashing): when one comes or
// goes, only what is its own moves. It is "" when there are none.
func choose(sandbox string, replicas []string) string {
	best, most := "", uint64(0)
	for _, replica := range replicas {
		sum := sha256.Sum256([]byte(replica + "\x00" + sandbox))
		if weight := binary.BigEndian.Uint64(sum[:]); best == "" || weight > most {
			best, most = replica, weight
		}
	}
	return best
}
