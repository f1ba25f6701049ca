// Package charts has tests only: helm judges the charts, and what it makes of them must
// be what Kubernetes' own types read. It is a module of its own, so that nobody who uses
// Parley requires what these do.
package charts
