package file_test

import (
	"testing"
	"time"

	"github.com/parleykit/parley/mockserver/ledger"
	"github.com/parleykit/parley/mockserver/ledger/file"
	"github.com/parleykit/parley/mockserver/ledger/ledgertest"
)

func open(t *testing.T, dir string, o file.Options) *file.Ledger {
	t.Helper()
	l, err := file.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(t.Context()) })
	return l
}

func TestLedger(t *testing.T) {
	for name, o := range map[string]file.Options{
		"step":     {Durability: ledger.Step},
		"interval": {Durability: ledger.Interval, Every: time.Hour}, // nothing is written unless somebody asks
	} {
		t.Run(name, func(t *testing.T) {
			o.Cut = func(c file.Cut) { t.Errorf("something was cut off: %+v", c) }
			dirs := map[ledger.Ledger]string{}
			ledgertest.Run(t, ledgertest.Backend{
				New: func(t *testing.T) ledger.Ledger {
					dir := t.TempDir()
					l := open(t, dir, o)
					dirs[l] = dir
					return l
				},
				Again: func(t *testing.T, l ledger.Ledger) ledger.Ledger {
					if err := l.Close(t.Context()); err != nil {
						t.Fatal(err)
					}
					next := open(t, dirs[l], o)
					dirs[next] = dirs[l]
					return next
				},
			})
		})
	}
}
