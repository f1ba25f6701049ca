package control

import "github.com/parleykit/parley/mockserver/access"

// need is what a route demands of a token.
type need struct {
	right access.Right
	of    scope
}

// scope is what a route is about.
type scope int

const (
	wholeMock    scope = iota
	itsSandbox         // that of the request
	namedSandbox       // that of the path
)

// needs says of each route, by method and path, what it demands.
var needs = map[string]need{
	"GET health": {},
	"GET ready":  {},

	"GET metrics":                    {access.Metrics, wholeMock},
	"GET version":                    {access.Read, wholeMock},
	"GET openapi.json":               {access.Read, wholeMock},
	"GET contracts":                  {access.Read, wholeMock},
	"GET contracts/{vendor}":         {access.Read, wholeMock},
	"GET contracts/{vendor}/payload": {access.Read, wholeMock},
	"POST judge":                     {access.Read, wholeMock},
	"GET run":                        {access.Read, wholeMock},
	"GET run/wait":                   {access.Read, wholeMock},

	"GET sandboxes":               {access.Read, wholeMock}, // shows those that the token sees
	"POST sandboxes":              {access.Act, wholeMock},  // makes those that it sees
	"GET sandboxes/{name}":        {access.Read, namedSandbox},
	"DELETE sandboxes/{name}":     {access.Administer, namedSandbox},
	"POST sandboxes/{name}/reset": {access.Act, namedSandbox},

	"GET journal":           {access.Read, itsSandbox},
	"GET journal.ndjson":    {access.Read, itsSandbox},
	"GET journal.har":       {access.Read, itsSandbox},
	"GET journal/wait":      {access.Read, itsSandbox},
	"GET journal/stream":    {access.Read, itsSandbox},
	"GET journal/{id}":      {access.Read, itsSandbox},
	"GET journal/{id}/diff": {access.Read, itsSandbox},
	"DELETE journal":        {access.Act, itsSandbox},
	"GET coverage":          {access.Read, itsSandbox},
	"GET clock":             {access.Read, itsSandbox},
	"PUT clock":             {access.Act, itsSandbox},
	"POST clock":            {access.Act, itsSandbox},
	"GET channels":          {access.Read, itsSandbox}, // with ?token=show, Act
	"POST channels":         {access.Act, itsSandbox},
	"GET channels/{id}":     {access.Read, itsSandbox}, // likewise
	"PATCH channels/{id}":   {access.Act, itsSandbox},

	"DELETE channels/{id}":        {access.Act, itsSandbox},
	"POST send":                   {access.Act, itsSandbox},
	"POST compose":                {access.Act, itsSandbox}, // it uses IDs up
	"GET deliveries":              {access.Read, itsSandbox},
	"GET deliveries/{id}":         {access.Read, itsSandbox},
	"POST deliveries/{id}/retry":  {access.Act, itsSandbox},
	"POST deliveries/{id}/cancel": {access.Act, itsSandbox},
	"POST deliveries/{id}/replay": {access.Act, itsSandbox},
	"GET listen/{name}":           {access.Act, itsSandbox}, // it takes attempts away, and shows secrets
	"POST listen/{name}/{id}":     {access.Act, itsSandbox},
	"GET faults":                  {access.Read, itsSandbox},
	"POST faults":                 {access.Act, itsSandbox},
	"DELETE faults":               {access.Act, itsSandbox},
	"DELETE faults/{id}":          {access.Act, itsSandbox},
	"GET state":                   {access.Read, itsSandbox},
	"GET state/list":              {access.Read, itsSandbox},
	"GET state/wait":              {access.Read, itsSandbox},
	"GET state/stream":            {access.Read, itsSandbox},
	"POST state":                  {access.Act, itsSandbox},
	"GET changes":                 {access.Read, itsSandbox},
	"POST reset":                  {access.Act, itsSandbox},
}

// needOf is what a route demands; one on which nobody has decided demands most.
func needOf(r route) need {
	if decided, ok := needs[r.method+" "+r.path]; ok {
		return decided
	}
	return need{access.Administer, itsSandbox}
}

// beside is that of handlers which others put beside the control API, such as that of
// assistants, which see and do what is in the sandbox of their request.
var beside = need{access.Act, itsSandbox}
