package specs

import "testing"

func TestTheUsualStatus(t *testing.T) {
	for want, lists := range map[int][][]int{
		200: {{200, 404}, {AnyStatus}, {AnyStatus, 404}, {200, 202}, {2}, {2, 404}, {}, {1}},
		202: {{202, 302}, {202, AnyStatus}, {202, 4}},
		302: {{302, 404}, {302, AnyStatus}, {3, 400}},
		404: {{404}, {404, 500}, {404, 5}},
		400: {{4}, {4, 5}},
		500: {{500}, {5}},
	} {
		for _, list := range lists {
			o := &Operation{Responses: map[int]Response{}}
			for _, status := range list {
				o.Responses[status] = Response{}
			}
			if got := o.Usual(); got != want {
				t.Errorf("%v: %d, want %d", list, got, want)
			}
		}
	}
}
