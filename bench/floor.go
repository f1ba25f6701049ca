package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/gorilla/mux"
)

// floorHandler is what anybody would write first: a gorilla/mux route that reads
// and decodes the body and answers a fixed one. It knows, checks and keeps nothing.
// Bare it does not even decode the body.
func floorHandler(bare bool) http.Handler {
	take := decodeAndAnswer
	if bare {
		take = readAndAnswer
	}
	router := mux.NewRouter()
	router.HandleFunc("/_parley/health", func(w http.ResponseWriter, _ *http.Request) {})
	for _, w := range workloads {
		router.HandleFunc(w.route, take).Methods(http.MethodPost)
	}
	router.HandleFunc(ticketRoute, fixedTicket).Methods(http.MethodGet)
	return router
}

func readAndAnswer(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func decodeAndAnswer(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var body any
	if err := json.Unmarshal(data, &body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func serveFloor(addr string, bare bool) error { return http.ListenAndServe(addr, floorHandler(bare)) }

// side starts what is measured beside its floor.
func side(ctx context.Context, binary, self string, serve func(addr string) []string) (floor, ours *process, stop func(), err error) {
	if ours, _, err = start(ctx, "parley serve", binary, serve); err != nil {
		return nil, nil, nil, err
	}
	if floor, _, err = start(ctx, "floor", self, floorArgs); err != nil {
		ours.stop()
		return nil, nil, nil, err
	}
	return floor, ours, func() { floor.stop(); ours.stop() }, nil
}
