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
	lists    map[string]*shownList // by path
}

// shownList is a list in it.
type shownList struct {
	elements []any
	texts    []string // JSON of each
	err      error    // that it is none
	// having are the texts of elements by the name of a field that somebody asks for and its
	// value, so that thousands who ask for a value each cost one look at the elements.
	having map[string]map[string][]string
}

// showState writes a state down. A vendor that panics has none to show.
func (l *Lists) showState(vendor string) (s *shownState) {
	s = &shownState{lists: map[string]*shownList{}}
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
	list := s.lists[l.Path]
	if list == nil {
		list = s.show(l)
		s.lists[l.Path] = list
	}
	name, value, ok := strings.Cut(l.Where, "=")
	if !ok || list.err != nil {
		return &View{Texts: list.texts, Err: list.err}
	}
	return &View{Texts: list.by(name)[value]}
}

func (s *shownState) show(l List) *shownList {
	value, _ := s.document.Lookup(l.Path)
	elements, isList := value.([]any)
	if value != nil && !isList {
		return &shownList{err: fmt.Errorf("path=%s leads to %.60s in the state of %s, which is no list", l.Path, valuepath.JSON(value), l.Vendor)}
	}
	list := &shownList{elements: elements, having: map[string]map[string][]string{}}
	for _, element := range elements {
		list.texts = append(list.texts, valuepath.JSON(element))
	}
	return list
}

// by are the texts of the elements that have a field, by its value: as JSON, and a string
// also by itself.
func (l *shownList) by(name string) map[string][]string {
	if known, ok := l.having[name]; ok {
		return known
	}
	texts := map[string][]string{}
	for i, element := range l.elements {
		got, found := valuepath.Dotted(element, name)
		if !found {
			continue
		}
		if text, ok := got.(string); ok {
			texts[text] = append(texts[text], l.texts[i])
		}
		written := valuepath.JSON(got)
		texts[written] = append(texts[written], l.texts[i])
	}
	l.having[name] = texts
	return texts
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
