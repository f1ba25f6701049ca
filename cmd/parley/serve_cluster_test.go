package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/parleykit/parley/cluster"
	"github.com/parleykit/parley/mockserver/ledger/jetstream/natstest"
)

// TestReplicasThatCannotBegin say why, by exit code and in words, and never a password.
func TestReplicasThatCannotBegin(t *testing.T) {
	t.Parallel()
	plain := natstest.Start(t, 1, nil)
	guarded := natstest.Start(t, 1, func(o *server.Options) { o.Username, o.Password = "ada", "right-password" })
	other := natstest.Start(t, 1, func(o *server.Options) { o.JetStream = false })
	gone := natstest.Start(t, 1, nil)
	gone.Stop(0)
	as := func(s *natstest.Servers, user string) string {
		return strings.Replace(s.URLs()[0], "nats://", "nats://"+user+"@", 1)
	}
	place, err := cluster.Connect(t.Context(), cluster.PlaceOptions{Servers: plain.URLs(), Cluster: "taken", Secret: "another-token", Age: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { place.Close(context.Background()) })
	for title, test := range map[string]struct {
		args string
		code int
		says string
	}{
		"no NATS":                  {"--control-token hush-hush --cluster " + as(gone, "ada:some-password"), exitEnvironment, "no NATS server can be reached at nats://127.0.0.1:"},
		"no JetStream":             {"--control-token hush-hush --cluster " + other.URLs()[0], exitEnvironment, "has no JetStream for this account"},
		"wrong credentials":        {"--control-token hush-hush --cluster " + as(guarded, "ada:wrong-password"), exitEnvironment, "the NATS server refuses these credentials"},
		"a wrong token":            {"--control-token hush-hush --cluster " + as(guarded, "wrong-password"), exitEnvironment, "the NATS server refuses these credentials"},
		"two clusters of one name": {"--control-token hush-hush --cluster-name taken --cluster " + plain.URLs()[0], exitEnvironment, "belongs to another cluster of that name"},
		"another seed":             {"--control-token another-token --seed 8 --cluster-name taken --cluster " + plain.URLs()[0], exitEnvironment, "with another secret or seed"},
		"no URL":                   {"--control-token hush-hush --cluster nats://ada:some-password@[::1", exitUsage, "address 1 is none"},
		"another scheme":           {"--control-token hush-hush --cluster nats://a:4222,https://ada:some-password@b", exitUsage, "address 2 is none"},
		"a name that is none":      {"--control-token hush-hush --cluster nats://a:4222 --cluster-name A", exitUsage, "small letters, digits and hyphens"},
		"no control token":         {"--cluster nats://a:4222", exitUsage, "the same for all replicas"},
		"another age":              {"--control-token another-token --cluster-name taken --cluster-age 2h --cluster " + plain.URLs()[0], exitEnvironment, "the longest age 1h0m0s, and 2h0m0s was asked for"},
		"an age that is none":      {"--control-token hush-hush --cluster nats://a:4222 --cluster-age 1m", exitUsage, "--cluster-age is at least 1h0m0s"},
		"--cluster-bytes alone":    {"--cluster-bytes 5", exitUsage, "give --cluster, too"},
		"with --data":              {"--control-token hush-hush --cluster nats://a:4222 --data x", exitUsage, "--data and --cluster exclude each other"},
		"with --fault":             {"--control-token hush-hush --cluster nats://a:4222 --fault operation=message,status=500", exitUsage, "--fault is for a mock that is alone"},
		"--advertise alone":        {"--advertise http://10.0.0.7:1", exitUsage, "give --cluster, too"},
		"no address for others":    {"--control-token hush-hush --addr :0 --cluster " + plain.URLs()[0], exitUsage, "give --advertise http://HOST:"},
		"advertised with a path":   {"--control-token hush-hush --advertise http://a/b --cluster " + plain.URLs()[0], exitUsage, "a URL without a path"},
	} {
		t.Run(title, func(t *testing.T) {
			args := append([]string{"serve", "elma365"}, strings.Fields(test.args)...)
			if !strings.Contains(test.args, "--addr") {
				args = append(args, "--addr", "127.0.0.1:0")
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var out bytes.Buffer
			if code := run(ctx, args, strings.NewReader(""), &out, &out); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if text := out.String(); !strings.Contains(text, test.says) || strings.Contains(text, "-password") || strings.Contains(text, "hush-hush") {
				t.Errorf("%q is not said, or too much, in:\n%s", test.says, text)
			}
		})
	}
}
