package main

import (
	"cmp"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/parleykit/parley/mockserver/ledger/jetstream"
	"github.com/parleykit/parley/traffic/redaction"
)

// How long the servers of a cluster hold what happened. A sandbox that does nothing is
// written anew in half of that time, so that it must not be short.
const (
	defaultClusterAge = 30 * 24 * time.Hour
	leastClusterAge   = time.Hour
)

// vetCluster refuses what does not go together with --cluster.
func (f serveFlags) vetCluster() error {
	if f.cluster == "" {
		for _, one := range []struct {
			flag  string
			given bool
		}{{"--cluster-name", f.clusterName != ""}, {"--advertise", f.advertise != ""}, {"--cluster-age", f.clusterAge != defaultClusterAge}, {"--cluster-bytes", f.clusterBytes != 0}} {
			if one.given {
				return usage("%s is for a replica; give --cluster, too", one.flag)
			}
		}
		return nil
	}
	for flag, given := range map[string]bool{"--fault": len(f.faults) > 0, "--scenario": f.scenario != ""} {
		if given {
			return usage("%s is for a mock that is alone: replicas go on with what they have been through, whenever one of them starts; use the control API of any of them when they run", flag)
		}
	}
	switch {
	case f.clusterAge != 0 && f.clusterAge < leastClusterAge || f.clusterBytes < 0:
		return usage("--cluster-age is at least %v, or 0 for ever, and --cluster-bytes is not negative", leastClusterAge)
	case f.data != "":
		return usage("--data and --cluster exclude each other: replicas keep what happens in their cluster")
	case f.controlToken == "":
		return usage("--cluster needs --control-token, the same for all replicas: by it they know each other")
	}
	if err := jetstream.CheckName(f.nameOfCluster()); err != nil {
		return usage("--cluster-name: %w", err)
	}
	return nil
}

func (f serveFlags) nameOfCluster() string { return cmp.Or(f.clusterName, "parley") }

// natsServers are the addresses of --cluster. No error has one of them in it, since there
// may be credentials in it.
func (f serveFlags) natsServers(redact *redaction.Redactor) ([]string, error) {
	text, err := tokenOf("--cluster", f.cluster)
	if err != nil {
		return nil, err
	}
	var servers []string
	for i, one := range strings.Split(text, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
			return nil, usage("--cluster: address %d is none; write nats://HOST:4222, or tls:// for servers that demand it, and commas between them", i+1)
		}
		if password, ok := u.User.Password(); ok {
			redact.Know(password)
		} else {
			redact.Know(u.User.Username()) // a token
		}
		servers = append(servers, u.String())
	}
	return servers, nil
}

// advertised is where the other replicas reach this one.
func (f serveFlags) advertised(addr net.Addr) (string, error) {
	if f.advertise == "" {
		if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
			return "", usage("--addr %s says nothing of how the other replicas reach this one; give --advertise http://HOST:%d", f.addr, tcp.Port)
		}
		return "http://" + addr.String(), nil
	}
	u, err := url.Parse(f.advertise)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		return "", usage("--advertise %q: write a URL without a path, for example http://10.0.0.7:7357", f.advertise)
	}
	return strings.TrimSuffix(f.advertise, "/"), nil
}
