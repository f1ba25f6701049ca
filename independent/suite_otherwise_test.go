package independent

import "maps"

// Why Parley judges by some schemas of the suite otherwise than it demands.
const (
	notFetched     = "the schema refers to one that the suite serves, or the draft's own, and nothing is fetched: the reference is refused when the contract is loaded"
	assertsFormats = "to 2020-12 a format describes only, unless somebody asks for more; Parley asserts the formats that it knows, in every draft"
	oneDialect     = "the metaschema is one of the suite's own, with other vocabularies; Parley knows the two drafts"
	leadsAway      = "a $dynamicRef to an anchor of another schema is named as not judged, when a document is loaded"
)

var otherwiseDraft7 = map[string]string{
	"definitions: validate definition against metaschema":                    notFetched,
	"ref: remote ref, containing refs itself":                                notFetched,
	"refRemote: remote ref":                                                  notFetched,
	"refRemote: fragment within remote ref":                                  notFetched,
	"refRemote: ref within remote ref":                                       notFetched,
	"refRemote: base URI change":                                             notFetched,
	"refRemote: base URI change - change folder":                             notFetched,
	"refRemote: base URI change - change folder in subschema":                notFetched,
	"refRemote: root ref in remote ref":                                      notFetched,
	"refRemote: remote ref with ref to definitions":                          notFetched,
	"refRemote: Location-independent identifier in remote ref":               notFetched,
	"refRemote: retrieved nested refs resolve relative to their URI not $id": notFetched,
	"refRemote: $ref to $ref finds location-independent $id":                 notFetched,
}

// otherwiseNewer are those of 2020-12, wherever its schemas stand.
var otherwiseNewer = map[string]string{
	"dynamicRef: strict-tree schema, guards against misspelled properties":                        notFetched,
	"dynamicRef: tests for implementation dynamic anchor and reference link":                      notFetched,
	"dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first":                  notFetched,
	"dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first":                   notFetched,
	"dynamicRef: $ref to $dynamicRef finds detached $dynamicAnchor":                               notFetched,
	"format: email format: invalid email string is only an annotation by default":                 assertsFormats,
	"format: regex format: invalid regex string is only an annotation by default":                 assertsFormats,
	"format: ipv4 format: invalid ipv4 string is only an annotation by default":                   assertsFormats,
	"format: ipv6 format: invalid ipv6 string is only an annotation by default":                   assertsFormats,
	"format: hostname format: invalid hostname string is only an annotation by default":           assertsFormats,
	"format: date format: invalid date string is only an annotation by default":                   assertsFormats,
	"format: date-time format: invalid date-time string is only an annotation by default":         assertsFormats,
	"format: time format: invalid time string is only an annotation by default":                   assertsFormats,
	"format: uri format: invalid uri string is only an annotation by default":                     assertsFormats,
	"format: uri-reference format: invalid uri-reference string is only an annotation by default": assertsFormats,
	"format: uuid format: invalid uuid string is only an annotation by default":                   assertsFormats,
	"refRemote: remote ref":                                                  notFetched,
	"refRemote: fragment within remote ref":                                  notFetched,
	"refRemote: anchor within remote ref":                                    notFetched,
	"refRemote: ref within remote ref":                                       notFetched,
	"refRemote: base URI change":                                             notFetched,
	"refRemote: base URI change - change folder":                             notFetched,
	"refRemote: base URI change - change folder in subschema":                notFetched,
	"refRemote: root ref in remote ref":                                      notFetched,
	"refRemote: remote ref with ref to defs":                                 notFetched,
	"refRemote: Location-independent identifier in remote ref":               notFetched,
	"refRemote: retrieved nested refs resolve relative to their URI not $id": notFetched,
	"refRemote: remote HTTP ref with different $id":                          notFetched,
	"refRemote: remote HTTP ref with different URN $id":                      notFetched,
	"refRemote: remote HTTP ref with nested absolute ref":                    notFetched,
	"refRemote: $ref to $ref finds detached $anchor":                         notFetched,
}

var otherwise2020 = besides(otherwiseNewer, map[string]string{
	"vocabulary: schema that uses custom metaschema with with no validation vocabulary": oneDialect,
	"vocabulary: ignore unrecognized optional vocabulary":                               oneDialect,
})

var otherwiseDocument = besides(otherwiseNewer, map[string]string{
	"defs: validate definition against metaschema": notFetched,
	"dynamicRef: A $dynamicRef that initially resolves to a schema with a matching $dynamicAnchor resolves to the first $dynamicAnchor in the dynamic scope: The recursive part is not valid against the root": leadsAway,
	"dynamicRef: after leaving a dynamic scope, it is not used by a $dynamicRef: string matches /$defs/thingy, but the $dynamicRef does not stop here":                                                         leadsAway,
	"dynamicRef: after leaving a dynamic scope, it is not used by a $dynamicRef: first_scope is not in dynamic scope for the $dynamicRef":                                                                      leadsAway,
	"ref: remote ref, containing refs itself": notFetched,
	"vocabulary: schema that uses custom metaschema with with no validation vocabulary: no validation: invalid number, but it still validates": oneDialect,
})

func besides(all, more map[string]string) map[string]string {
	both := maps.Clone(all)
	maps.Copy(both, more)
	return both
}
