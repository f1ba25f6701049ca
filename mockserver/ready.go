package mockserver

import "errors"

var errDraining = errors.New("the mock is draining: it is about to end, answers what still comes, and wants no new traffic")

// Ready says why the mock should get no traffic: it is draining, or Options.Ready has a
// reason. It answers calls all the same.
func (s *Server) Ready() error {
	if s.draining.Load() {
		return errDraining
	}
	if s.options.Ready == nil {
		return nil
	}
	return s.options.Ready()
}

// Drain lets Ready say from now on that the mock is about to end, so that whoever shares
// out traffic sends it elsewhere. Close does so, too.
func (s *Server) Drain() { s.draining.Store(true) }
