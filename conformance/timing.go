package conformance

import "time"

// DefaultDeadline is how long a run may take unless its user says otherwise: an
// unwilling partner does not make it longer.
const DefaultDeadline = 5 * time.Minute

// Timing says how long a check waits for what. Zero values mean the defaults.
type Timing struct {
	// Answer bounds one call of the vendor's, and how long a call of the partner's is
	// waited for; default 10 s.
	Answer time.Duration
	// Retry is how long a repetition is waited for after an error or a silence, and so
	// the longest pause of a partner that retries; default 30 s.
	Retry time.Duration
	// Quiet is how long nothing may come before "nothing comes" counts as seen;
	// default 2 s.
	Quiet time.Duration
	// Stimulus is how long the partner's calls are waited for after a stimulus;
	// default Answer. A person who acts by hand needs longer.
	Stimulus time.Duration
	// Check bounds a check as a whole; default 4 × Answer + 4 × Retry + 2 × Stimulus +
	// 4 × Quiet.
	Check time.Duration
}

func (t Timing) withDefaults() Timing {
	fill := func(d *time.Duration, standard time.Duration) {
		if *d <= 0 {
			*d = standard
		}
	}
	fill(&t.Answer, 10*time.Second)
	fill(&t.Retry, 30*time.Second)
	fill(&t.Quiet, 2*time.Second)
	fill(&t.Stimulus, t.Answer)
	fill(&t.Check, 4*t.Answer+4*t.Retry+2*t.Stimulus+4*t.Quiet)
	return t
}

// texts gives the figures as reports show them.
func (t Timing) texts(deadline time.Duration) map[string]string {
	texts := map[string]string{
		"answer": t.Answer.String(), "retry": t.Retry.String(), "quiet": t.Quiet.String(),
		"stimulus": t.Stimulus.String(), "check": t.Check.String(),
	}
	if deadline > 0 {
		texts["deadline"] = deadline.String()
	}
	return texts
}
