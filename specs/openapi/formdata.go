package openapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi3"
)

// encodeLists says of the lists in forms of Swagger 2.0 how they are written, which
// kin-openapi leaves out: with commas, where `collectionFormat` says nothing else.
func encodeLists(old *openapi2.T, converted *openapi3.T) {
	for path, item := range old.Paths {
		next := converted.Paths.Value(path)
		if item == nil || next == nil {
			continue
		}
		for method, operation := range item.Operations() {
			described := next.GetOperation(method)
			if described == nil || described.RequestBody == nil || described.RequestBody.Value == nil {
				continue
			}
			for _, p := range slices.Concat(item.Parameters, operation.Parameters) {
				if named := old.Parameters[strings.TrimPrefix(p.Ref, "#/parameters/")]; p.Ref != "" && named != nil {
					p = named
				}
				if how := listEncoding(p); how != nil {
					for _, media := range described.RequestBody.Value.Content {
						media.WithEncoding(p.Name, how)
					}
				}
			}
		}
	}
}

// listEncoding is nil for what is no list in a form, and for one whose name is repeated.
// OpenAPI has no style with tabs; that content type is named as not read.
func listEncoding(p *openapi2.Parameter) *openapi3.Encoding {
	if p.In != "formData" || !p.Type.Is("array") {
		return nil
	}
	switch separate := false; cmp.Or(p.CollectionFormat, "csv") {
	case "csv":
		return &openapi3.Encoding{Style: "form", Explode: &separate}
	case "ssv":
		return &openapi3.Encoding{Style: "spaceDelimited", Explode: &separate}
	case "pipes":
		return &openapi3.Encoding{Style: "pipeDelimited", Explode: &separate}
	case "tsv":
		return &openapi3.Encoding{ContentType: "text/tab-separated-values"}
	}
	return nil
}
