package charts

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// modes are the ways in which somebody installs the chart: values, and the kinds of
// objects that these make, in the order in which helm installs them.
var modes = map[string]struct {
	values string
	kinds  string
}{
	"as it is": {"control: {token: t0ken}", "Secret Service StatefulSet"},
	"with a secret of somebody else's": {
		"control: {existingSecret: mine, key: parley}\npersistence: {enabled: false}", "Service StatefulSet",
	},
	"with everything": {`
control: {token: "a \"quoted\" token"}
contracts: [elma365, /contracts/acme]
partners: {elma365: "http://bot.team/webhook?a=1,2"}
extraArgs: [--seed=1]
extraVolumes: [{name: contracts, configMap: {name: contracts}}]
extraVolumeMounts: [{name: contracts, mountPath: /contracts, readOnly: true}]
imagePullSecrets: [{name: registry}]
persistence: {storageClass: "-", size: 5Gi, accessModes: [ReadWriteOncePod]}
service: {type: NodePort, port: 8080}
ingress:
  enabled: true
  className: nginx
  annotations: {a: b}
  hosts: [{host: parley.example.com}, {host: other.example.com, path: /parley}]
  tls: [{secretName: tls, hosts: [parley.example.com]}]
networkPolicy:
  enabled: true
  from: [{namespaceSelector: {matchLabels: {team: a}}}]
  to: [{podSelector: {}}]
podDisruptionBudget: {enabled: true}
serviceMonitor: {enabled: true, labels: {release: prometheus}}
podAnnotations: {c: d}
podLabels: {e: f}
nodeSelector: {kubernetes.io/arch: arm64}
tolerations: [{key: a, operator: Exists}]
affinity: {podAntiAffinity: {}}
fullnameOverride: mock`, "NetworkPolicy PodDisruptionBudget Secret Service StatefulSet Ingress ServiceMonitor"},
	"as replicas": {
		"control: {token: t0ken}\ncluster: {enabled: true, urls: \"nats://a:b@nats-0:4222,nats://nats-1:4222\"}", "PodDisruptionBudget Secret Service StatefulSet",
	},
	"as replicas with secrets of somebody else's": {`
control: {existingSecret: mine}
partners: {elma365: "http://bot.team/webhook"}
cluster: {enabled: true, replicas: 5, name: team-a, existingSecret: nats, key: servers, durability: interval, baseURL: "https://mock.example.com", drain: 5s}
networkPolicy:
  enabled: true
  from: [{namespaceSelector: {matchLabels: {team: a}}}]
  to: [{podSelector: {matchLabels: {app: nats}}}]`, "NetworkPolicy PodDisruptionBudget Service StatefulSet"},
	"with a policy for everybody": {"control: {token: t}\nnetworkPolicy: {enabled: true}", "NetworkPolicy Secret Service StatefulSet"},
}

// release is what helm makes of the chart: its objects by kind, in order.
type release struct {
	kinds   []string
	objects map[string][]byte
}

func rendered(t *testing.T, values string) release {
	t.Helper()
	manifests, err := installed(values)
	if err != nil {
		t.Fatal(err)
	}
	made := release{objects: map[string][]byte{}}
	for _, manifest := range manifests {
		made.kinds = append(made.kinds, manifest.Head.Kind)
		made.objects[manifest.Head.Kind] = []byte(manifest.Content)
	}
	return made
}

// read demands that a type of Kubernetes' knows every member.
func (r release) read(t *testing.T, kind string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(r.objects[kind], into); err != nil {
		t.Errorf("%s: %v\n%s", kind, err, r.objects[kind])
	}
}

func TestHelmAcceptsTheChart(t *testing.T) {
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, message := range linted(t, mode.values) {
				t.Error(message)
			}
		})
	}
}

func TestEveryModeIsWhatKubernetesReads(t *testing.T) {
	types := map[string]func() any{
		"Secret": func() any { return &corev1.Secret{} }, "Service": func() any { return &corev1.Service{} },
		"StatefulSet": func() any { return &appsv1.StatefulSet{} }, "Ingress": func() any { return &networkingv1.Ingress{} },
		"NetworkPolicy": func() any { return &networkingv1.NetworkPolicy{} }, "PodDisruptionBudget": func() any { return &policyv1.PodDisruptionBudget{} },
		"ServiceMonitor": func() any { return &serviceMonitor{} },
	}
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := rendered(t, mode.values)
			if got := strings.Join(made.kinds, " "); got != mode.kinds {
				t.Errorf("it makes %s, want %s", got, mode.kinds)
			}
			for _, kind := range made.kinds {
				made.read(t, kind, types[kind]())
			}
			made.selectsItsPods(t)
		})
	}
}

// serviceMonitor is what the chart uses of the Prometheus operator's type.
type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []struct {
			Port, Path, Interval string
			Authorization        struct {
				Credentials corev1.SecretKeySelector `json:"credentials"`
			} `json:"authorization"`
		} `json:"endpoints"`
	} `json:"spec"`
}

// selectsItsPods demands that selectors fit the labels of pods, and ports and secrets
// what the pod has.
func (r release) selectsItsPods(t *testing.T) {
	t.Helper()
	var set appsv1.StatefulSet
	var service corev1.Service
	r.read(t, "StatefulSet", &set)
	r.read(t, "Service", &service)
	labels := set.Spec.Template.Labels
	for _, selector := range []map[string]string{set.Spec.Selector.MatchLabels, service.Spec.Selector} {
		for key, value := range selector {
			if labels[key] != value {
				t.Errorf("a selector has %s: %s, and pods %q", key, value, labels[key])
			}
		}
	}
	if set.Spec.ServiceName != service.Name || service.Spec.Ports[0].TargetPort.StrVal != set.Spec.Template.Spec.Containers[0].Ports[0].Name {
		t.Errorf("the service is %v, and the set has %s", service.Spec, set.Spec.ServiceName)
	}
	volumes := map[string]bool{}
	for _, volume := range set.Spec.Template.Spec.Volumes {
		volumes[volume.Name] = true
		if volume.Secret != nil && r.objects["Secret"] != nil {
			var secret corev1.Secret
			r.read(t, "Secret", &secret)
			if volume.Secret.SecretName != secret.Name || secret.StringData[volume.Secret.Items[0].Key] == "" {
				t.Errorf("pods have %v, and the secret is %v", volume.Secret, secret)
			}
		}
	}
	for _, claim := range set.Spec.VolumeClaimTemplates {
		volumes[claim.Name] = true
	}
	for _, mount := range set.Spec.Template.Spec.Containers[0].VolumeMounts {
		if !volumes[mount.Name] {
			t.Errorf("there is no volume %s", mount.Name)
		}
	}
}

// TestPodsAreRestricted, as the Pod Security Standards have it.
func TestPodsAreRestricted(t *testing.T) {
	t.Parallel()
	var set appsv1.StatefulSet
	rendered(t, modes["as it is"].values).read(t, "StatefulSet", &set)
	pod := set.Spec.Template.Spec
	own := pod.Containers[0].SecurityContext
	switch {
	case !*pod.SecurityContext.RunAsNonRoot, *pod.SecurityContext.RunAsUser == 0, pod.SecurityContext.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault,
		*own.AllowPrivilegeEscalation, !*own.ReadOnlyRootFilesystem, len(own.Capabilities.Add) > 0, own.Capabilities.Drop[0] != "ALL", *pod.AutomountServiceAccountToken:
		t.Errorf("the pod may do more than it must: %v %v", pod.SecurityContext, own)
	}
	if *set.Spec.Replicas != 1 {
		t.Errorf("%d processes would write one folder", *set.Spec.Replicas)
	}
}

// TestReplicasKeepNothingInTheirPods, reach each other, and have time to hand over.
func TestReplicasKeepNothingInTheirPods(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int32{"as replicas": 3, "as replicas with secrets of somebody else's": 5} {
		var set appsv1.StatefulSet
		made := rendered(t, modes[name].values)
		made.read(t, "StatefulSet", &set)
		pod := set.Spec.Template.Spec
		if *set.Spec.Replicas != want || len(set.Spec.VolumeClaimTemplates) > 0 || len(pod.TopologySpreadConstraints) != 1 {
			t.Errorf("%s: %d replicas, with %d claims, spread by %v", name, *set.Spec.Replicas, len(set.Spec.VolumeClaimTemplates), pod.TopologySpreadConstraints)
		}
		args := strings.Join(pod.Containers[0].Args, " ")
		if strings.Contains(args, "--data") || !strings.Contains(args, "--advertise=http://$(POD_IP):7357") || pod.Containers[0].Env[0].ValueFrom.FieldRef.FieldPath != "status.podIP" {
			t.Errorf("%s: they run %s with %v", name, args, pod.Containers[0].Env)
		}
		for _, volume := range pod.Volumes {
			if volume.Secret == nil {
				t.Errorf("%s: pods have the volume %v", name, volume)
			}
		}
		_, drain, _ := strings.Cut(args, "--drain=")
		drains, err := time.ParseDuration(strings.Fields(drain)[0])
		if grace := time.Duration(*pod.TerminationGracePeriodSeconds) * time.Second; err != nil || grace < drains+20*time.Second {
			t.Errorf("%s: they have %v to end, of which %v go before they hand over, %v", name, grace, drains, err)
		}
	}
	var policy networkingv1.NetworkPolicy
	rendered(t, modes["as replicas with secrets of somebody else's"].values).read(t, "NetworkPolicy", &policy)
	own := func(peers []networkingv1.NetworkPolicyPeer) bool {
		return slices.ContainsFunc(peers, func(p networkingv1.NetworkPolicyPeer) bool {
			return p.PodSelector != nil && reflect.DeepEqual(p.PodSelector.MatchLabels, policy.Spec.PodSelector.MatchLabels)
		})
	}
	if last := policy.Spec.Egress[len(policy.Spec.Egress)-1]; !own(policy.Spec.Ingress[0].From) || !own(last.To) {
		t.Errorf("replicas do not reach each other: %v", policy.Spec)
	}
}

// TestPodsRunWhatParleyHas: every flag is one of parley serve, and every path that is
// asked for is one of the control API.
func TestPodsRunWhatParleyHas(t *testing.T) {
	t.Parallel()
	var set, replicas appsv1.StatefulSet
	made := rendered(t, modes["with everything"].values)
	made.read(t, "StatefulSet", &set)
	rendered(t, modes["as replicas"].values).read(t, "StatefulSet", &replicas)
	page, err := os.ReadFile("../../docs/reference/commands/serve.md") // as the command says, by a test of its own
	if err != nil {
		t.Fatal(err)
	}
	container := set.Spec.Template.Spec.Containers[0]
	for _, arg := range slices.Concat(container.Args, replicas.Spec.Template.Spec.Containers[0].Args) {
		if flag, _, _ := strings.Cut(arg, "="); strings.HasPrefix(flag, "--") && !bytes.Contains(page, []byte("\n| `"+flag+" ")) {
			t.Errorf("parley serve has no %s", flag)
		}
	}
	api, err := os.ReadFile("../../mockserver/control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var monitor serviceMonitor
	made.read(t, "ServiceMonitor", &monitor)
	for _, path := range []string{
		container.StartupProbe.HTTPGet.Path, container.LivenessProbe.HTTPGet.Path, container.ReadinessProbe.HTTPGet.Path, monitor.Spec.Endpoints[0].Path,
	} {
		if !bytes.Contains(api, []byte("\n  "+path+":\n")) {
			t.Errorf("the control API has no %s", path)
		}
	}
	if got, want := strings.Join(container.Args[:3], " "), "serve elma365 /contracts/acme"; got != want {
		t.Errorf("it runs %s", got)
	}
}

// TestTheSchemaRefusesMistakes, in values as in the names of them.
func TestTheSchemaRefusesMistakes(t *testing.T) {
	for values, want := range map[string]string{
		"control: {}":                                        "give control.token",
		"control: {token: t}\nreplicas: 2":                   "replicas",
		"control: {token: 7}":                                "token",
		"control: {token: t}\npersistence: {size: big}":      "size",
		"control: {token: t}\ningress: {enabled: true}":      "hosts",
		"control: {token: t}\npartners: {elma365: bot}":      "partners",
		"control: {token: t}\nservice: {type: ClusterIP2}":   "type",
		"control: {token: t}\nserviceMonitor: {interval: 5}": "interval",
		"control: {token: t}\ncluster: {enabled: true}":      "give cluster.urls",
		"control: {token: t}\ncluster: {name: A.b}":          "name",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if _, err := installed(values); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q is not refused for %s: %v", values, want, err)
			}
		})
	}
}
