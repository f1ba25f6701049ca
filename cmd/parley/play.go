package main

import (
	"github.com/spf13/cobra"

	"github.com/parleykit/parley/conformance"
	"github.com/parleykit/parley/conformance/scenario"
)

func playCommand() *cobra.Command {
	var f conformFlags
	cmd := &cobra.Command{
		Use: "play SCENARIO.yaml [flags] [-- PROGRAM ...]", Short: "Play a story against a partner: what happens to it, and what it is expected to do",
		Long: `Play reads a story from a YAML file and plays it against your integration, step by
step: an event of the vendor's, a fault, a call that is expected within two
seconds. Each step is judged like a check of "parley conform", which this command
shares its flags, its environment for a PROGRAM and its reports with.

A step that fails ends the story; the steps after it could not run. The last check
is that everything that your integration sent was as documented.
` + exitHelp,
		Example: `  parley play scenarios/elma365-story.yaml --target http://127.0.0.1:3000/webhook --token confirm
  parley play scenarios/3dolphins-bad-day.yaml --target http://127.0.0.1:3000/webhook -- node bot.js`,
		Args: func(cmd *cobra.Command, args []string) error {
			return oneAndProgram(cmd, args, "scenario file", "scenarios/elma365-story.yaml")
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, file := f.conforming(cmd, args)
			c.story = file
			if err := c.prepareStory(file); err != nil {
				return err
			}
			return c.judge(cmd.Context())
		},
	}
	f.register(cmd)
	return cmd
}

// readStory reads a scenario file.
func readStory(file string) (*scenario.Scenario, error) {
	data, err := readFile("", file)
	if err != nil {
		return nil, err
	}
	story, err := scenario.Read(file, data)
	if err != nil {
		return nil, usage("%w", err)
	}
	return story, nil
}

// prepareStory makes the story the suite that is judged.
func (c *conforming) prepareStory(file string) error {
	story, err := readStory(file)
	if err != nil {
		return err
	}
	if len(story.Steps) == 0 {
		return usage("%s has no steps, so there is nothing to play", file)
	}
	for id, option := range story.Readings {
		c.readings = append([]string{id + "=" + option}, c.readings...) // the flags come later
	}
	if c.contract, err = c.one(story.Vendor); err != nil {
		return err
	}
	suite, err := story.Suite(c.contract)
	if err != nil {
		return usage("%s: %w", file, err)
	}
	c.suites = []conformance.Suite{suite}
	return c.prepareRun(c.suites)
}
