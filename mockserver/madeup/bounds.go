package madeup

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
)

type bounds struct{ least, most *int }

type limit struct {
	at        *big.Rat
	exclusive bool
}

func higher(a, b *limit) *limit {
	if a == nil || a.at.Cmp(b.at) < 0 || a.at.Cmp(b.at) == 0 && b.exclusive {
		return b
	}
	return a
}

func lower(a, b *limit) *limit {
	if a == nil || a.at.Cmp(b.at) > 0 || a.at.Cmp(b.at) == 0 && b.exclusive {
		return b
	}
	return a
}

func (b *bounds) narrow(least, most any) {
	if n, ok := whole(least); ok && (b.least == nil || n > *b.least) {
		b.least = &n
	}
	if n, ok := whole(most); ok && (b.most == nil || n < *b.most) {
		b.most = &n
	}
}

// within is the number of the range that is nearest to one.
func (b bounds) within(n int) int {
	if b.most != nil {
		n = min(n, *b.most)
	}
	if b.least != nil {
		n = max(n, *b.least)
	}
	return n
}

func whole(value any) (int, bool) {
	r := rational(value)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	return int(r.Num().Int64()), true
}

// rational reads a number as it is written; nil for what is none.
func rational(value any) *big.Rat {
	var text string
	switch value := value.(type) {
	case json.Number:
		text = value.String()
	case float64, int, int64:
		text = fmt.Sprint(value)
	default:
		return nil
	}
	if exponent := strings.IndexAny(text, "eE"); exponent >= 0 && len(text)-exponent > 4 {
		return nil // a number with a thousand digits bounds nothing that is made here
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil
	}
	return r
}
