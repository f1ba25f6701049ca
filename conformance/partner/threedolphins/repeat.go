package threedolphins

import "net/http"

// givesUp is where the defects of a bot that does not send again are.
func (b *bot) givesUp(s sending, status int) bool {
	switch {
	case status == http.StatusUnauthorized && b.has(neverRetriesAfter401),
		status == http.StatusInternalServerError && b.has(neverRetriesAfter500),
		status == 0 && b.has(neverRetriesAfterSilence),
		s.kind == command && b.has(neverRetriesCommands):
		b.Logf("takes %d for success", status)
		return true
	}
	return false
}

// spoil is where the defects of an event that is sent again are; a good one is the same.
func (b *bot) spoil(s *sending) {
	if b.has(retriesElsewhere) {
		s.at = elsewhere
	}
	if b.has(changesMessageOnRetry) && s.kind == outgoing {
		s.body["message"] = "Maaf, sekali lagi"
	}
}

// afterwards is where the defects of a bot that goes on after success are.
func (b *bot) afterwards(s sending) {
	if b.has(sendsRepliesTwice) && s.kind == outgoing || b.has(closesTwice) && s.kind == command {
		b.sendOnce(s)
	}
}
