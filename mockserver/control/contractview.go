package control

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/parleykit/parley/specs"
)

// contractSummary is a contract as a list has it.
type contractSummary struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Title        string   `json:"title"`
	Operations   int      `json:"operations"`
	Events       int      `json:"events"`
	Payloads     int      `json:"payloads"`
	Requirements int      `json:"requirements"`
	Readings     int      `json:"readings"`
	NotJudged    []string `json:"notJudged"`
}

// contractView is a contract without its schemas.
type contractView struct {
	ID           string                  `json:"id"`
	Name         string                  `json:"name"`
	Title        string                  `json:"title"`
	Sources      map[string]specs.Source `json:"sources"`
	Signature    *signatureView          `json:"signature,omitempty"`
	NotJudged    []string                `json:"notJudged"`
	Operations   []operationView         `json:"operations"`
	Events       []operationView         `json:"events"`
	Payloads     []payloadSummary        `json:"payloads"`
	Requirements []requirementView       `json:"requirements"`
	Readings     []readingView           `json:"readings"`
}

// evidenceView is an evidence with the page that its source names.
type evidenceView struct {
	Class  specs.Class `json:"class,omitempty"` // left out where nothing is said of it
	Source string      `json:"source,omitempty"`
	Title  string      `json:"title,omitempty"`
	URL    string      `json:"url,omitempty"`
	Quote  string      `json:"quote,omitempty"`
}

// signatureView is how events are signed.
type signatureView struct {
	Text     string       `json:"text"`
	Header   string       `json:"header"`
	Evidence evidenceView `json:"evidence"`
}

type payloadSummary struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Samples []string `json:"samples"`
}

// payloadView is one payload with all that is known of it.
type payloadView struct {
	Name        string         `json:"name"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Fields      []fieldView    `json:"fields"`
	Schema      map[string]any `json:"schema"`
	Samples     map[string]any `json:"samples"` // by name; what is no JSON is a string
	Readings    []string       `json:"readings"`
}

type fieldView struct {
	Pointer     string       `json:"pointer"`
	Type        string       `json:"type"`
	Required    bool         `json:"required"`
	Description string       `json:"description"`
	Requirement string       `json:"requirement,omitempty"`
	Evidence    evidenceView `json:"evidence"`
}

// requirementView is a requirement as it binds with the readings in force.
type requirementView struct {
	ID        string       `json:"id"`
	Level     string       `json:"level"`
	Binds     string       `json:"binds"`
	Text      string       `json:"text"`
	Evidence  evidenceView `json:"evidence"`
	Check     bool         `json:"check"` // one can decide it
	Excluded  string       `json:"excluded,omitempty"`
	BelongsTo []string     `json:"belongsTo"`
	Readings  []string     `json:"readings"`
}

type readingView struct {
	ID          string       `json:"id"`
	Question    string       `json:"question"`
	Quotes      []string     `json:"quotes"`
	Chosen      string       `json:"chosen,omitempty"`
	ChosenClass specs.Class  `json:"chosenClass,omitempty"`
	Default     string       `json:"default,omitempty"`
	Harmless    string       `json:"harmless,omitempty"`
	Options     []optionView `json:"options"`
	Affects     []string     `json:"affects"`
}

type optionView struct {
	ID    string   `json:"id"`
	Text  string   `json:"text"`
	Binds []string `json:"binds"` // requirements that it demands
}

func viewOfContract(c *specs.Contract) contractView {
	v := contractView{
		ID: c.ID, Name: c.Name, Title: c.Title, Sources: c.Sources, NotJudged: orNone(c.NotJudged),
		Operations: operationViews(c, c.Operations), Events: operationViews(c, c.Events),
		Payloads: []payloadSummary{}, Requirements: []requirementView{}, Readings: []readingView{},
	}
	if v.Sources == nil {
		v.Sources = map[string]specs.Source{}
	}
	if s := c.Signature; s != nil {
		v.Signature = &signatureView{Text: s.String(), Header: s.Header, Evidence: evidenceOf(c, s.Evidence)}
	}
	for _, name := range c.PayloadNames() {
		p := c.Payloads[name]
		one := payloadSummary{Name: name, Title: p.Title(), Samples: []string{}}
		for _, s := range p.Samples {
			one.Samples = append(one.Samples, s.Name)
		}
		v.Payloads = append(v.Payloads, one)
	}
	belongs := c.Belonging()
	for _, r := range c.Requirements {
		r, _ = c.Binding(r.ID)
		v.Requirements = append(v.Requirements, requirementView{
			ID: r.ID, Level: r.Level, Binds: r.Binds, Text: r.Text, Check: r.Excluded == "", Excluded: r.Excluded,
			Evidence:  evidenceOf(c, specs.Evidence{Class: r.Evidence, Source: r.Source, Quote: r.Quote}),
			BelongsTo: orNone(belongs[r.ID]), Readings: idsOf(c.Affecting(r.ID)),
		})
	}
	for _, r := range c.Readings {
		v.Readings = append(v.Readings, viewOfReading(c, r))
	}
	return v
}

func viewOfReading(c *specs.Contract, r specs.Reading) readingView {
	v := readingView{
		ID: r.ID, Question: r.Question, Quotes: orNone(r.Quotes), Default: r.Default, Harmless: r.Harmless,
		Options: []optionView{}, Affects: orNone(r.Affects),
	}
	if s, ok := c.Setting(r.ID); ok {
		v.Chosen, v.ChosenClass = s.Chosen, s.Class()
	}
	for _, id := range slices.Sorted(maps.Keys(r.Options)) {
		v.Options = append(v.Options, optionView{ID: id, Text: r.Options[id].Text, Binds: orNone(r.Options[id].Binds)})
	}
	return v
}

func viewOfPayload(c *specs.Contract, p *specs.Payload) payloadView {
	v := payloadView{
		Name: p.Name, Title: p.Title(), Description: p.Description(), Fields: []fieldView{}, Schema: p.Schema(),
		Samples: map[string]any{}, Readings: idsOf(c.Affecting(p.Name)),
	}
	for _, f := range c.Fields(p.Name) {
		v.Fields = append(v.Fields, fieldView{
			Pointer: f.Pointer, Type: f.Type, Required: f.Required, Description: f.Description, Requirement: f.Requirement,
			Evidence: evidenceOf(c, f.Evidence),
		})
	}
	for _, s := range p.Samples {
		if value, err := decodedJSON(s.Body); err == nil {
			v.Samples[s.Name] = value
		} else {
			v.Samples[s.Name] = string(s.Body)
		}
	}
	return v
}

func evidenceOf(c *specs.Contract, e specs.Evidence) evidenceView {
	key, _, _ := strings.Cut(e.Source, "#")
	page := c.Sources[key]
	return evidenceView{Class: e.Class, Source: e.Source, Title: page.Title, URL: page.URL, Quote: e.Quote}
}

func idsOf(readings []specs.Reading) []string {
	list := []string{}
	for _, r := range readings {
		list = append(list, r.ID)
	}
	return list
}

// decodedJSON reads JSON and keeps numbers as they are written.
func decodedJSON(data []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}
