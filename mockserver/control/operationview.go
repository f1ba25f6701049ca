package control

import (
	"github.com/parleykit/parley/specs"
)

// operationView is an operation or an event of a contract.
type operationView struct {
	Name         string             `json:"name"` // "operations/message"
	ID           string             `json:"id"`
	Summary      string             `json:"summary"`
	Description  string             `json:"description"`
	Method       string             `json:"method"`
	Path         string             `json:"path,omitempty"` // an event has none
	Selector     *selectorView      `json:"selector,omitempty"`
	Payload      string             `json:"payload,omitempty"`
	Bodies       map[string]string  `json:"bodies,omitempty"`
	ContentTypes []string           `json:"contentTypes"`
	BodyRequired bool               `json:"bodyRequired"`
	Credentials  [][]credentialView `json:"credentials"` // of which a call needs one set
	Parameters   []parameterView    `json:"parameters"`
	Responses    []responseView     `json:"responses"`
	Requirements []string           `json:"requirements"`
	Readings     []string           `json:"readings"`
	Evidence     evidenceView       `json:"evidence"`
}

// selectorView is what tells an operation from others on the same method and path.
type selectorView struct {
	Property string `json:"property"`
	Value    string `json:"value"`
}

// credentialView is what a call proves itself with.
type credentialView struct {
	Type     string       `json:"type"`
	In       string       `json:"in,omitempty"`
	Name     string       `json:"name,omitempty"`
	Scheme   string       `json:"scheme,omitempty"`
	Evidence evidenceView `json:"evidence"`
}

// parameterView is a parameter, or a header of an answer.
type parameterView struct {
	Name        string         `json:"name"`
	In          string         `json:"in"`
	Required    bool           `json:"required"`
	Description string         `json:"description"`
	Type        string         `json:"type"`
	Style       string         `json:"style"`
	Explode     bool           `json:"explode"`
	ContentType string         `json:"contentType,omitempty"`
	Requirement string         `json:"requirement,omitempty"`
	Secret      bool           `json:"secret,omitempty"`
	Schema      map[string]any `json:"schema"`
	Assumed     []string       `json:"assumed,omitempty"` // keywords of the schema
	Evidence    evidenceView   `json:"evidence"`
	OfValues    evidenceView   `json:"ofValues"`
}

type responseView struct {
	Status       string            `json:"status"` // "200", "4XX" or "default"
	Description  string            `json:"description"`
	Payload      string            `json:"payload,omitempty"`
	Bodies       map[string]string `json:"bodies,omitempty"`
	ContentTypes []string          `json:"contentTypes"`
	Echo         string            `json:"echo,omitempty"`
	Headers      []parameterView   `json:"headers"`
	Evidence     evidenceView      `json:"evidence"`
}

func operationViews(c *specs.Contract, list []*specs.Operation) []operationView {
	views := []operationView{}
	for _, o := range list {
		v := operationView{
			Name: o.Name(), ID: o.ID, Summary: o.Summary, Description: o.Description, Method: o.Method, Path: o.Path,
			Payload: o.Payload, Bodies: o.Bodies, ContentTypes: orNone(o.ContentTypes), BodyRequired: o.BodyRequired, Credentials: credentialViews(c, o),
			Parameters: parameterViews(c, o.Parameters), Responses: responseViews(c, o), Requirements: orNone(o.Requirements),
			Readings: idsOf(c.Affecting(append(o.Payloads(), o.Name())...)), Evidence: evidenceOf(c, o.Evidence),
		}
		if o.Selector != (specs.Selector{}) {
			v.Selector = &selectorView{o.Selector.Property, o.Selector.Value}
		}
		views = append(views, v)
	}
	return views
}

func credentialViews(c *specs.Contract, o *specs.Operation) [][]credentialView {
	sets := [][]credentialView{}
	for _, set := range c.Credentials(o) {
		var views []credentialView
		for _, k := range set {
			views = append(views, credentialView{Type: k.Type, In: k.In, Name: k.Name, Scheme: k.Scheme, Evidence: evidenceOf(c, k.Evidence)})
		}
		sets = append(sets, views)
	}
	return sets
}

func parameterViews(c *specs.Contract, list []specs.Parameter) []parameterView {
	views := []parameterView{}
	for _, p := range list {
		views = append(views, parameterView{
			Name: p.Name, In: p.In, Required: p.Required, Description: p.Description, Type: p.Type(), Style: p.Style, Explode: p.Explode,
			ContentType: p.ContentType, Requirement: p.Requirement, Secret: p.Secret, Schema: p.Schema, Assumed: p.Assumed,
			Evidence: evidenceOf(c, p.Evidence), OfValues: evidenceOf(c, p.OfValues),
		})
	}
	return views
}

func responseViews(c *specs.Contract, o *specs.Operation) []responseView {
	views := []responseView{}
	statuses := o.Answers()
	if _, ok := o.Responses[specs.AnyStatus]; ok {
		statuses = append(statuses, specs.AnyStatus)
	}
	for _, status := range statuses {
		r := o.Responses[status]
		views = append(views, responseView{
			Status: specs.StatusName(status), Description: r.Description, Payload: r.Payload, Bodies: r.Bodies,
			ContentTypes: orNone(r.ContentTypes), Echo: r.Echo, Headers: parameterViews(c, r.Headers), Evidence: evidenceOf(c, r.Evidence),
		})
	}
	return views
}
