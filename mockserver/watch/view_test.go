package watch_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parleykit/parley/mockserver/watch"
)

// TestAValueChoosesElements that have it where it is asked for, as JSON or as a string by
// itself, in order, whoever else asks for another in the same look.
func TestAValueChoosesElements(t *testing.T) {
	values := []any{"a", "1", 1, `"a"`, true, nil, []any{"a"}, map[string]any{"deep": "a"}}
	asked := []string{"a", "1", `"a"`, `"1"`, `"\"a\""`, "true", "null", `["a"]`, `{"deep":"a"}`, "", "none"}
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		var items []map[string]any
		for n := range r.IntN(30) {
			item := map[string]any{"n": n}
			if r.IntN(4) > 0 {
				item["x"] = values[r.IntN(len(values))]
			}
			items = append(items, item)
		}
		lists := watch.New(func(string) any { return map[string]any{"items": items} })
		for _, value := range asked {
			for path, field := range map[string]func(item map[string]any) (any, bool){
				"x": func(item map[string]any) (any, bool) { v, ok := item["x"]; return v, ok },
				"x.deep": func(item map[string]any) (any, bool) {
					inner, _ := item["x"].(map[string]any)
					v, ok := inner["deep"]
					return v, ok
				},
			} {
				var want []string
				for _, item := range items {
					v, ok := field(item)
					if text := asJSON(t, v); ok && (v == value || text == value) {
						want = append(want, asJSON(t, item))
					}
				}
				list := watch.List{Vendor: "acme", Path: "/items", Where: path + "=" + value}
				f, stop := lists.Follow(list, 0)
				for _, seen := range []*watch.View{lists.View(list), <-f.Came()} {
					if seen.Err != nil || !slices.Equal(seen.Texts, want) {
						t.Fatalf("seed %d: where %s=%s are %v, not %v (%v)", seed, path, value, seen.Texts, want, seen.Err)
					}
				}
				t.Cleanup(stop)
			}
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
