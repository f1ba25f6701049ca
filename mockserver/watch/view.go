package watch

import (
	"fmt"
	"strings"
	"sync"

	"github.com/parleykit/parley/internal/plainjson"
	"github.com/parleykit/parley/internal/valuepath"
	"github.com/parleykit/parley/validator"
)

// List is a list in a vendor's state, and which of its elements are meant.
type List struct {
	Vendor string // contract ID
	Path   string // JSON pointer
	Where  string // "dotted.path=value", or "" for all
}

// View is what a list had at one time.
type View struct {
	Texts []string // JSON of the elements
	Err   error    // that it is none

	number uint64
	mu     sync.Mutex
	added  map[uint64][]byte // see AddedTo
}

// View returns a list as it is now.
func (l *Lists) View(list List) *View {
	return l.viewAll(map[List]*View{list: nil})[list]
}

// viewAll looks at lists as they are now, each state once.
func (l *Lists) viewAll(lists map[List]*View) map[List]*View {
	states := map[string]*shownState{}
	for list := range lists {
		state := states[list.Vendor]
		if state == nil {
			state = l.showState(list.Vendor)
			states[list.Vendor] = state
		}
		lists[list] = state.view(list)
	}
	return lists
}

// shownState is a vendor's state at one time, whose lists many may ask for.
type shownState struct {
	document *validator.Document
	err      error
	lists    map[string][]shownElement // by path
}

type shownElement struct {
	value any
	text  string // JSON
}

// showState writes a state down. A vendor that panics has none to show.
func (l *Lists) showState(vendor string) (s *shownState) {
	s = &shownState{lists: map[string][]shownElement{}}
	defer func() {
		if failed := recover(); failed != nil {
			s.err = fmt.Errorf("the state of %s can't be shown: %v", vendor, failed)
		}
	}()
	data, err := plainjson.Marshal(l.state(vendor))
	if err != nil {
		s.err = fmt.Errorf("the state of %s can't be written as JSON: %w", vendor, err)
		return s
	}
	s.document = validator.Decode(data)
	return s
}

// view is a list in the state; an empty one while the path leads nowhere. Its error
// says what stands there instead of a list.
func (s *shownState) view(l List) *View {
	if s.err != nil {
		return &View{Err: s.err}
	}
	all, ok := s.lists[l.Path]
	if !ok {
		value, _ := s.document.Lookup(l.Path)
		elements, isList := value.([]any)
		if value != nil && !isList {
			return &View{Err: fmt.Errorf("path=%s leads to %.60s in the state of %s, which is no list", l.Path, valuepath.JSON(value), l.Vendor)}
		}
		for _, element := range elements {
			all = append(all, shownElement{element, valuepath.JSON(element)})
		}
		s.lists[l.Path] = all
	}
	v := &View{}
	for _, element := range all {
		if l.means(element.value) {
			v.Texts = append(v.Texts, element.text)
		}
	}
	return v
}

func (l List) means(element any) bool {
	name, text, ok := strings.Cut(l.Where, "=")
	if !ok {
		return true
	}
	got, found := valuepath.Dotted(element, name)
	return found && (got == text || valuepath.JSON(got) == text)
}

// AddedTo returns what a stream writes that wrote an older view (nil: none) before:
// the elements that were not there in this form, each with write. All streams that
// come from there share it.
func (v *View) AddedTo(older *View, write func(text string) []byte) []byte {
	var from uint64
	there := map[string]int{}
	if older != nil {
		from = older.number
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if text, ok := v.added[from]; ok {
		return text
	}
	if older != nil {
		for _, text := range older.Texts {
			there[text]++
		}
	}
	var all []byte
	for _, text := range v.Texts {
		if there[text]--; there[text] < 0 {
			all = append(all, write(text)...)
		}
	}
	if v.added == nil {
		v.added = map[uint64][]byte{}
	}
	v.added[from] = all
	return all
}
