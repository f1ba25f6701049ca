package mockserver

import (
	"sync/atomic"

	"github.com/parleykit/parley/mockserver/internal/sampleorder"
)

// Prepared is a body that many replies have: it is written as JSON for the first, and
// all share the text.
type Prepared struct {
	value any
	text  atomic.Pointer[preparedText]
}

type preparedText struct {
	order *sampleorder.Order
	body  []byte
}

// Prepare returns a value as a reply's Body. It must not be changed afterwards.
func Prepare(value any) *Prepared { return &Prepared{value: value} }

// encoded is the text in an order, which is that of the last reply unless different
// operations answer with one value.
func (p *Prepared) encoded(o *sampleorder.Order) ([]byte, error) {
	if text := p.text.Load(); text != nil && text.order == o {
		return text.body, nil
	}
	body, err := o.Encode(p.value)
	if err == nil {
		p.text.Store(&preparedText{o, body})
	}
	return body, err
}
