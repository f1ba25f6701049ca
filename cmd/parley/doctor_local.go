package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/parleykit/parley/internal/files"
)

// local looks at what is on this machine, and learns the targets of parley.yaml.
func (d *doctor) local(cmd *cobra.Command) {
	d.say("version", isOK, "parley "+versionText(), "")
	p := d.settings(cmd)
	serve := d.inForce(p, "serve")
	d.contracts(serve)
	d.listening(cmd.Context(), "serve", one(serve["addr"], defaultAddr))
	if proxy := d.inForce(p, "proxy"); proxy["addr"] != nil || proxy["to"] != nil { // it is used
		d.listening(cmd.Context(), "proxy", one(proxy["addr"], defaultProxyAddr))
	}
	d.folder(one(serve["data"], ""))
	for _, command := range []string{"serve", "proxy"} {
		d.written("record", one(d.inForce(p, command)["record"], ""))
	}
	d.targets(p)
}

func one(values []string, usual string) string {
	if len(values) == 0 || values[0] == "" {
		return usual
	}
	return values[0]
}

// settings reads parley.yaml; nil where there is none, or none that can be read.
func (d *doctor) settings(cmd *cobra.Command) *project {
	file, err := findProject(chosenConfig(cmd))
	switch {
	case err != nil:
		d.say("settings", isFailure, textOf(err), "")
		return nil
	case file == "":
		d.say("settings", isOK, "there is no "+projectName+"; none is needed", "")
		return nil
	}
	p, err := readProject(file, rootCommand())
	if err != nil {
		d.say("settings", isFailure, textOf(err), "correct it; `parley config --help` says what may stand there")
		return nil
	}
	d.say("settings", isOK, file, "")
	unset := map[string]string{}
	shown := &inForce{}
	p.written(shown)
	for _, v := range shown.Settings {
		for _, name := range v.Unset {
			unset[name] = v.Place
		}
	}
	for _, name := range sortedKeys(unset) {
		d.say("settings", isWarning, "the environment has no "+name+", which "+unset[name]+" names", "set it, or commands that use that setting end with an error")
	}
	return p
}

// inForce are the settings of a command, as its line would get them.
func (d *doctor) inForce(p *project, path string) map[string][]string {
	all := map[string][]string{}
	if p == nil {
		return all
	}
	root := rootCommand()
	cmd, rest, err := root.Find(strings.Fields(path))
	if err != nil || cmd.ParseFlags(rest) != nil {
		return all
	}
	for _, s := range p.leftOpen(cmd) {
		if values, err := p.values(s, false); err == nil { // a variable that is not set was told
			all[s.flag.Name] = values
		}
	}
	return all
}

func (d *doctor) contracts(serve map[string][]string) {
	f := contractFlags{folders: serve["contract"], readings: serve["reading"], paths: serve["path"]}
	contracts, err := f.load(serve[vendorSetting]...)
	if err != nil {
		d.say("contracts", isFailure, textOf(err), "")
		return
	}
	d.say("contracts", isOK, strings.Join(idsOf(contracts), ", "), "")
}

// listening tells whether an address can be listened on, or has a mock already.
func (d *doctor) listening(ctx context.Context, command, addr string) {
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		listener.Close()
		d.say("address", isOK, addr+" is free for parley "+command, "")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	if command == "serve" && answersHealth(ctx, addr) {
		d.say("address", isOK, "a mock answers on "+addr+" already", "")
		return
	}
	d.say("address", isFailure, "parley "+command+" cannot listen on "+addr+": "+err.Error(), "choose another with --addr, or end what listens there")
}

func answersHealth(ctx context.Context, addr string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/_parley/health", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// folder looks at the folder of --data.
func (d *doctor) folder(dir string) {
	if dir == "" {
		return
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		d.written("data", filepath.Clean(dir))
		return
	case err == nil && !info.IsDir():
		d.say("data", isFailure, dir+" is "+files.Kind(info.Mode()), "name a folder with --data")
		return
	}
	file, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		d.say("data", isFailure, err.Error(), "let yourself write there, or name another folder with --data")
		return
	}
	err = errors.Join(file.Close(), os.Remove(file.Name()))
	if err != nil {
		d.say("data", isFailure, err.Error(), "")
		return
	}
	d.say("data", isOK, dir+" can be written", "")
	d.say("data", notChecked, "whether another process has "+dir, "parley serve says which one, if one does")
}

// written looks whether a file or folder could be made, or written where it is there.
func (d *doctor) written(check, name string) {
	if name == "" {
		return
	}
	if err := files.Writable(name); err != nil {
		d.say(check, isFailure, err.Error(), "make the folder, or name another place with --"+check)
		return
	}
	d.say(check, isOK, name+" can be made or is a regular file", "")
}

// targets are the URLs that parley.yaml names.
func (d *doctor) targets(p *project) {
	for _, command := range []string{"conform", "play", "proxy", "serve"} {
		settings := d.inForce(p, command)
		if len(settings[programSetting]) > 0 && len(settings["target"]) > 0 {
			d.say("target", notChecked, settings["target"][0]+": parley "+command+" starts what answers there", "")
			continue
		}
		all := slices.Concat(settings["target"], settings["to"])
		for _, partner := range settings["partner"] {
			if _, url, ok := strings.Cut(partner, "="); ok {
				all = append(all, url)
			}
		}
		for _, url := range all {
			if url != "" && !slices.Contains(d.configured, url) {
				d.configured = append(d.configured, url)
			}
		}
	}
}

func textOf(err error) string {
	var exit exitError
	if errors.As(err, &exit) && exit.err != nil {
		err = exit.err
	}
	return err.Error()
}
