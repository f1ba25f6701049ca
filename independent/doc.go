// Package independent has judges that we did not write judge our contracts: ajv
// and an OpenAPI validator, of npm, and a second JSON Schema library of Go. They
// must agree with Parley's validator about every sample, and about samples in
// which one thing was changed. The tools that users have, redocly, spectral and
// ajv's strict mode, must accept what is exported; the libraries that receivers of
// webhooks use must take what the mock signs. JSON-Schema-Test-Suite says what a schema
// means, in both drafts. The package has tests only.
package independent
