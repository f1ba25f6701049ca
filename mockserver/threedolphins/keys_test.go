package threedolphins_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parleykit/parley/specs"
)

// keysOf are the keys of JSON at any depth, in the order in which they stand. Of a
// list, the first item is looked at.
func keysOf(t *testing.T, text []byte) []string {
	t.Helper()
	var list []string
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	var value func(at string, counts bool)
	value = func(at string, counts bool) {
		token, err := decoder.Token()
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch token {
		case json.Delim('{'):
			for decoder.More() {
				name, _ := decoder.Token()
				below := strings.TrimPrefix(fmt.Sprintf("%s.%v", at, name), ".")
				if counts {
					list = append(list, below)
				}
				value(below, counts)
			}
			_, _ = decoder.Token()
		case json.Delim('['):
			for first := true; decoder.More(); first = false {
				value(at+"[]", counts && first)
			}
			_, _ = decoder.Token()
		}
	}
	value("", true)
	return list
}

// TestAnswersHaveTheKeysOfTheirSamples, in their order: all that differs is listed,
// and what is listed differs.
func TestAnswersHaveTheKeysOfTheirSamples(t *testing.T) {
	covered := map[string]bool{}
	for _, p := range theSamples() {
		covered[p.operation] = true
		t.Run(p.operation, func(t *testing.T) {
			m := newMock(t, "")
			if p.state != "" {
				m.add(p.state)
			}
			if p.steps != nil {
				p.steps(m)
			}
			m.Advance(time.Second)
			a := m.call(p.method, strings.Replace(p.path, "{message}", m.theMessage(), 1), p.body)
			if a.Status != 200 {
				t.Fatalf("answered %d %s", a.Status, a.Body)
			}
			sample, ok := sampleOf(p.operation)
			if !ok {
				t.Fatal("it has no printed sample")
			}
			p.compare(t, keysOf(t, []byte(a.Body)), keysOf(t, sample.Body))
		})
	}
	for _, o := range vendor().Contract.Operations {
		if s, ok := sampleOf(o.ID); ok && strings.HasPrefix(s.Source, "ticket-api#") && !covered[o.ID] {
			t.Errorf("%s has the sample %s, and is not compared with it", o.ID, s.File)
		}
	}
}

// sampleOf is the sample that the page prints for an operation, which has its name.
func sampleOf(operation string) (specs.Sample, bool) {
	contract := vendor().Contract
	response, _ := contract.Operation("operations/" + operation).Response(200)
	payload := contract.Payloads[response.Payload]
	if payload == nil {
		return specs.Sample{}, false
	}
	s, ok := payload.Sample(operation)
	return s, ok && s.Evidence == specs.Documented
}

func (p printed) compare(t *testing.T, sent, wanted []string) {
	t.Helper()
	used := map[string]bool{}
	listed := func(sign, key string) bool {
		for difference := range p.differs {
			if difference == sign+key || strings.HasSuffix(difference, ".") && strings.HasPrefix(sign+key, difference) {
				used[difference] = true
				return true
			}
		}
		return false
	}
	var common []string
	for _, key := range sent {
		if slices.Contains(wanted, key) {
			common = append(common, key)
		} else if !listed("+", key) {
			t.Errorf("%s is sent, and the sample does not have it", key)
		}
	}
	both := slices.DeleteFunc(slices.Clone(wanted), func(key string) bool { return !slices.Contains(sent, key) })
	for _, key := range wanted {
		if !slices.Contains(sent, key) && !listed("-", key) {
			t.Errorf("%s is not sent, and the sample has it", key)
		}
	}
	if !slices.Equal(common, both) {
		t.Errorf("the keys are in another order than the sample's:\n%v, want\n%v", common, both)
	}
	for difference := range p.differs {
		if !used[difference] {
			t.Errorf("%s is listed, and does not differ", difference)
		}
	}
}
