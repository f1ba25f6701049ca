package charts

import (
	"fmt"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"helm.sh/helm/v3/pkg/releaseutil"
)

const chart = "../parley"

// kubernetes is the version that the chart is made for.
var kubernetes = &chartutil.KubeVersion{Version: "v1.34.0", Major: "1", Minor: "34"}

// installed is what helm install would send to a cluster: its objects in their order. It
// is an error when helm refuses the values.
func installed(values string) ([]releaseutil.Manifest, error) {
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		return nil, err
	}
	loaded, err := loader.Load(chart)
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(loaded, given); err != nil {
		return nil, err
	}
	capabilities := &chartutil.Capabilities{KubeVersion: *kubernetes, APIVersions: chartutil.DefaultVersionSet}
	options := chartutil.ReleaseOptions{Name: "r", Namespace: "team", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(loaded, given, options, capabilities) // the schema judges them here
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(loaded, all)
	if err != nil {
		return nil, err
	}
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, capabilities.APIVersions, releaseutil.InstallOrder)
	if err == nil && len(hooks) > 0 {
		err = fmt.Errorf("the chart has %d hooks, and no test looks at them", len(hooks))
	}
	return manifests, err
}

// linted is what helm lint --strict complains of.
func linted(t *testing.T, values string) []support.Message {
	t.Helper()
	given, err := chartutil.ReadValues([]byte(values))
	if err != nil {
		t.Fatal(err)
	}
	var bad []support.Message
	for _, message := range lint.AllWithKubeVersion(chart, given, "team", kubernetes).Messages {
		if message.Severity >= support.WarningSev {
			bad = append(bad, message)
		}
	}
	return bad
}
