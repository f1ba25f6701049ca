package jetstream

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// again asks once more what got no answer, as long as the context allows: what a server was
// asked that is lost is never answered, and until another one leads nobody answers.
func again[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	for {
		soon, cancel := context.WithTimeout(ctx, acknowledged)
		answer, err := ask(soon)
		cancel()
		if !unanswered(err) || !pause(ctx) {
			return answer, err
		}
	}
}

// unanswered tells an error that says nothing of what was asked.
func unanswered(err error) bool {
	for _, one := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrReconnectBufExceeded,
		jetstream.ErrNoStreamResponse, jetstream.ErrJetStreamNotEnabled, jetstream.ErrNoHeartbeat,
	} {
		if errors.Is(err, one) {
			return true
		}
	}
	var api *jetstream.APIError
	return errors.As(err, &api) && api.Code == 503 // the servers choose a leader
}

// pause waits before something is asked again, and reports false when the context ended.
func pause(ctx context.Context) bool {
	timer := time.NewTimer(acknowledged / 20)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
