package threedolphins

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// theRule is the ID of the one tokenRule.
const theRule = "tokens"

func (d *dolphins) rule() tokenRule {
	r, err := d.rules.Get(theRule)
	must(err) // it is put there at the start, and never taken away
	return r
}

// addState changes how long tokens live, the one part of State that can be given.
// All tokens that were issued before end at once, so that a test need not wait
// for that.
func (d *dolphins) addState(given json.RawMessage) error {
	var more struct {
		TokenLife string `json:"tokenLife"`
	}
	decoder := json.NewDecoder(bytes.NewReader(given))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&more); err != nil {
		return fmt.Errorf("%w; tokenLife can be given", err)
	}
	life, err := time.ParseDuration(more.TokenLife)
	if err != nil || life <= 0 {
		return fmt.Errorf("tokenLife %q is no time above 0; write it like 90s or 1h", more.TokenLife)
	}
	return put(d.rules, theRule, tokenRule{life: life, since: d.stage.Now()})
}
