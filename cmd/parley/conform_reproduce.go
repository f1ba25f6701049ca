package main

import (
	"strings"

	"github.com/parleykit/parley/internal/shell"
)

// reproduce is the command that runs one check of a suite alone; the suite, where check is
// ""; or all. The token stands in it by name only.
func (c *conforming) reproduce(suite, check string) string {
	words := []string{"parley", "conform", c.contract.Called() + strings.TrimPrefix(suite, c.contract.ID)}
	if c.story != "" { // a step needs those before it
		words, check = []string{"parley", "play", shell.Word(c.story)}, ""
	}
	add := func(flag, value string) {
		if c.set(flag) {
			words = append(words, "--"+flag, shell.Word(c.redactor().Text(value)))
		}
	}
	add("target", c.target)
	if c.set("token") {
		words = append(words, "--token", `"$TOKEN"`)
	}
	for _, scheme := range c.signing.schemes {
		words = append(words, "--signature", shell.Word(scheme))
	}
	if c.set("secret") {
		words = append(words, "--secret", `"$SECRET"`)
	}
	add("channel", c.channel)
	add("stimulus", c.stimulus) // also for a webhook, whose chats the partner's own messages name
	add("stimulus-url", c.stimulusURL)
	add("stimulus-deadline", c.timing.Stimulus.String())
	add("chat", c.world.chat)
	add("message", c.world.message)
	add("user", c.world.user)
	add("other-channel", c.world.otherChannel)
	add("timeout", c.timing.Answer.String())
	add("retry-wait", c.timing.Retry.String())
	add("quiet-wait", c.timing.Quiet.String())
	add("program-dir", c.programDir)
	add("addr", c.addr)
	add("base-url", c.baseURL)
	for _, reading := range c.readings {
		add("reading", reading)
	}
	for _, path := range c.paths {
		add("path", path)
	}
	add("state", c.state.file)
	for _, folder := range c.folders {
		add("contract", folder)
	}
	if check != "" {
		words = append(words, "--run", shell.Word(check))
	}
	if len(c.program) > 0 {
		words = append(words, "--")
		for _, word := range c.program {
			words = append(words, shell.Word(c.redactor().Text(word)))
		}
	}
	return strings.Join(words, " ")
}
