package conformance

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/parleykit/parley/internal/visible"
	"github.com/parleykit/parley/traffic"
)

//go:embed report.html.tmpl
var htmlText string

var htmlTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"join":  strings.Join,
		"when":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 MST") },
		"short": func(d time.Duration) string { return d.Round(time.Millisecond).String() },
	}).Parse(htmlText))
})

// page is what the template of report.html sees.
type page struct {
	*Report
	Groups []group
	Tally  []tally
	Causes []string // what failures have in common
}

// group is the results of one verdict, those to act on first.
type group struct {
	Title   string
	Name    string // a CSS class
	Open    bool   // shown in full
	Results []shownResult
}

type tally struct {
	Name  string // a CSS class
	Label string
	Count int
}

// shownResult is a result with the exchanges that are its evidence.
type shownResult struct {
	Result
	Seen []*traffic.Exchange // its evidence
}

// WriteHTML writes report.html: one file without scripts and without anything to
// fetch, readable by someone who was not there.
func (r *Report) WriteHTML(w io.Writer) error {
	byID := map[string]*traffic.Exchange{}
	for _, e := range r.Exchanges {
		byID[e.ID] = e
	}
	p := page{Report: r, Causes: r.causes()}
	for _, g := range []struct {
		title   string
		verdict Verdict
		open    bool
	}{
		{"Failed", VerdictFail, true}, {"Harness errors", VerdictHarnessError, true}, {"Could not run", VerdictCouldNotRun, true},
		{"Warnings", VerdictWarn, true}, {"Undetermined: the documents do not decide", VerdictUndetermined, false},
		{"Not applicable", VerdictNotApplicable, false}, {"Passed", VerdictPass, false},
	} {
		if n := r.Counts[g.verdict]; n > 0 {
			p.Tally = append(p.Tally, tally{string(g.verdict), strings.ReplaceAll(string(g.verdict), "_", " "), n})
			p.Groups = append(p.Groups, r.group(g.title, g.verdict, g.open, byID))
		}
	}
	var text strings.Builder
	if err := htmlTemplate().Execute(&text, p); err != nil {
		return err
	}
	_, err := io.WriteString(w, visible.HTML(text.String()))
	return err
}

func (r *Report) group(title string, verdict Verdict, open bool, byID map[string]*traffic.Exchange) group {
	g := group{Title: title, Name: string(verdict), Open: open}
	for _, result := range r.Results {
		if result.Verdict != verdict {
			continue
		}
		shown := shownResult{Result: result}
		for _, id := range result.Exchanges {
			if e := byID[id]; e != nil {
				shown.Seen = append(shown.Seen, e)
			}
		}
		g.Results = append(g.Results, shown)
	}
	return g
}
