package specs

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Collection is what a pair of paths serves, such as /items and /items/{id}, where the
// document says so with x-parley: {collection: items, id: id} on one of them: a mock
// then remembers what is created there.
type Collection struct {
	Name string // what the mock calls it
	ID   string // member of an element that tells it from others
	Item bool   // the path names one element, with its last parameter
}

// addCollections reads x-parley of paths.
func (c *Contract) addCollections() error {
	found := map[string]Collection{} // by path
	paths := c.Document().Paths.Map()
	for _, template := range slices.Sorted(maps.Keys(paths)) {
		given, ok := paths[template].Extensions["x-parley"]
		if !ok {
			continue
		}
		k, err := collectionOf(template, given)
		if err != nil {
			return err
		}
		whole, isItem := collectionPath(template)
		for _, other := range slices.Sorted(maps.Keys(paths)) {
			otherWhole, otherIsItem := collectionPath(other)
			if other != template && (otherIsItem == isItem || Shape(cmp.Or(otherWhole, other)) != Shape(cmp.Or(whole, template))) {
				continue
			}
			k.Item = otherIsItem
			if known, twice := found[other]; twice && known != k {
				return &flaw{fmt.Sprintf("x-parley makes path %s part of collection %q by %q and of collection %q by %q; say it once, on one path of the pair", other, known.Name, known.ID, k.Name, k.ID), template + ":"}
			}
			found[other] = k
		}
	}
	for _, o := range c.Operations {
		if k, ok := found[o.Path]; ok {
			o.Collection = &k
		}
	}
	return nil
}

// collectionPath is the path of the collection of which a path names an element; false
// where the path does not end in a parameter, and is that of a collection itself.
func collectionPath(template string) (string, bool) {
	i := strings.LastIndexByte(template, '/')
	last := template[i+1:]
	if !strings.HasPrefix(last, "{") || strings.IndexByte(last, '}') != len(last)-1 {
		return "", false
	}
	return template[:i], true
}

func collectionOf(template string, given any) (Collection, error) {
	k := Collection{ID: "id"}
	members, _ := given.(map[string]any)
	fail := func(format string, args ...any) (Collection, error) {
		return k, &flaw{fmt.Sprintf("x-parley of path %s: ", template) + fmt.Sprintf(format, args...) + "; write x-parley: {collection: items, id: id}", template + ":"}
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		text, ok := members[key].(string)
		if !ok || text == "" {
			return fail("%s is no name", key)
		}
		switch key {
		case "collection":
			k.Name = text
		case "id":
			k.ID = text
		default:
			return fail("%q is not read on a path", key)
		}
	}
	if k.Name == "" {
		return fail("it has no collection")
	}
	return k, nil
}
