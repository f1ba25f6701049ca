package madeup

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// number makes a number as its name suggests, moved into its bounds.
func (h *hand) number(name string, s *shape, isWhole bool) (any, error) {
	step := stepOf(s.multiples, isWhole)
	low, high := s.least, s.most
	if s.format == "int32" {
		low, high = higher(low, &limit{at: big.NewRat(math.MinInt32, 1)}), lower(high, &limit{at: big.NewRat(math.MaxInt32, 1)})
	}
	value := h.likely(name, isWhole)
	if s.unit != "" {
		value = h.since1970(s.unit)
	}
	if step != nil {
		value = roundedDown(value, step)
	}
	if !low.below(value) || !high.above(value) {
		value = h.between(low, high)
		if step != nil {
			if value = roundedDown(value, step); !low.below(value) {
				value.Add(value, step)
			}
		}
	}
	if !low.below(value) || !high.above(value) {
		return nil, errors.New("no number is within its bounds")
	}
	return written(value), nil
}

// below and above report whether a value keeps a limit.
func (l *limit) below(value *big.Rat) bool {
	return l == nil || value.Cmp(l.at) > 0 || value.Cmp(l.at) == 0 && !l.exclusive
}

func (l *limit) above(value *big.Rat) bool {
	return l == nil || value.Cmp(l.at) < 0 || value.Cmp(l.at) == 0 && !l.exclusive
}

// between is a number between two limits, or near the one that there is.
func (h *hand) between(low, high *limit) *big.Rat {
	part := big.NewRat(int64(h.random.IntN(98)+1), 100)
	switch {
	case low != nil && high != nil:
		if low.at.Cmp(high.at) == 0 {
			return new(big.Rat).Set(low.at)
		}
		wide := new(big.Rat).Sub(high.at, low.at)
		return wide.Add(wide.Mul(wide, part), low.at)
	case low != nil:
		return new(big.Rat).Add(low.at, big.NewRat(int64(h.random.IntN(100)+1), 1))
	}
	return new(big.Rat).Sub(high.at, big.NewRat(int64(h.random.IntN(100)+1), 1))
}

// stepOf is what a number is a multiple of; nil: anything.
func stepOf(multiples []*big.Rat, isWhole bool) *big.Rat {
	all := slices.Clone(multiples)
	if isWhole {
		all = append(all, big.NewRat(1, 1))
	}
	if len(all) == 0 {
		return nil
	}
	step := new(big.Rat).Set(all[0])
	for _, next := range all[1:] { // the least common multiple of fractions
		top := new(big.Int).Mul(step.Num(), next.Denom())
		other := new(big.Int).Mul(next.Num(), step.Denom())
		divisor := new(big.Int).GCD(nil, nil, top, other)
		step = new(big.Rat).SetFrac(top.Mul(top, other), divisor.Mul(divisor, new(big.Int).Mul(step.Denom(), next.Denom())))
	}
	return step
}

func roundedDown(value, step *big.Rat) *big.Rat {
	times := new(big.Rat).Quo(value, step)
	down := new(big.Int).Div(times.Num(), times.Denom())
	return new(big.Rat).Mul(new(big.Rat).SetInt(down), step)
}

// written is a number as JSON has it.
func written(value *big.Rat) json.Number {
	if value.IsInt() {
		return json.Number(value.Num().String())
	}
	digits, exact := value.FloatPrec()
	if !exact || digits > 12 {
		near, _ := value.Float64()
		return json.Number(strconv.FormatFloat(near, 'f', -1, 64))
	}
	return json.Number(value.FloatString(digits))
}

// likely is a number that a member of that name may have.
func (h *hand) likely(name string, isWhole bool) *big.Rat {
	low := strings.ToLower(name)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(low, word) })
	}
	n := func(from, to int64) *big.Rat { return big.NewRat(from+h.random.Int64N(to-from+1), 1) }
	switch {
	case has("latitude") || low == "lat":
		return big.NewRat(-600_000+h.random.Int64N(1_200_000), 10_000)
	case has("longitude") || low == "lng" || low == "lon":
		return big.NewRat(-1_500_000+h.random.Int64N(3_000_000), 10_000)
	case has("price", "amount", "total", "cost", "fee", "balance") && !isWhole:
		return big.NewRat(100+h.random.Int64N(49_900), 100)
	case has("percent", "rate", "ratio", "score") && !isWhole:
		return big.NewRat(h.random.Int64N(1_000), 10)
	case has("year"):
		return n(1995, 2025)
	case low == "age" || strings.HasSuffix(low, "_age"):
		return n(18, 80)
	case has("timestamp", "epoch") || isWhole && (strings.HasSuffix(name, "At") || strings.HasSuffix(low, "_at")):
		return n(1_704_067_200, 1_767_139_200)
	case low == "id" || strings.HasSuffix(low, "_id") || strings.HasSuffix(name, "Id"):
		return n(1, 10_000)
	case has("port"):
		return n(1_024, 49_151)
	case has("size", "bytes", "length", "duration"):
		return n(1, 5_000)
	case has("month"):
		return n(1, 12)
	case has("day"):
		return n(1, 28)
	case isWhole:
		return n(1, 100)
	}
	return big.NewRat(h.random.Int64N(10_000), 100)
}

// since1970 is a moment in a unit.
func (h *hand) since1970(unit string) *big.Rat {
	moment := h.moment()
	switch unit {
	case "milliseconds":
		return big.NewRat(moment.UnixMilli(), 1)
	case "microseconds":
		return big.NewRat(moment.UnixMicro(), 1)
	}
	return big.NewRat(moment.Unix(), 1)
}
