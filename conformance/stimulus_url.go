package conformance

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// direct asks the address that was given and no other: a redirect is an answer.
var direct = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// StimulusAt is a stimulus that sends a POST without body to a URL, and says in the header
// Parley-Ask what is asked. Another status than a 2xx is an error, with what was answered.
func StimulusAt(url string) Stimulus {
	return func(ctx context.Context, ask string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
		if err != nil {
			return err
		}
		request.Header.Set("Parley-Ask", ask)
		request.Close = true // a partner that serves one connection at a time is free for the vendor's calls
		response, err := direct.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode < 200 || response.StatusCode > 299 {
			answer, _ := io.ReadAll(io.LimitReader(response.Body, 300))
			return fmt.Errorf("POST %s answered %d: %s", url, response.StatusCode, strings.TrimSpace(string(answer)))
		}
		return nil
	}
}
