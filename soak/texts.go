package main

import "bytes"

// What people write, to be spoiled.
const (
	storyText = `scenario: A story
vendor: elma365
faults:
  - {operation: message, status: 500, times: 1}
steps:
  - ask: Write one message (message).
  - {name: meets 500, expect: operations/message, status: 500, save: {id: data.externalMessageId}}
  - {name: writes again, expect: operations/message, body: {data.externalMessageId: "${id}"}, within: 30s}
`
	stateText = `3dolphins:
  replace: true
  tokenLife: 30s
  agents: [{id: agent-1, name: Agen Satu}]
  tickets:
    - {number: T-1, members: {accountId: "620000000900", message: Halo, assignedAgent: agent-1, status: Assigned}}
`
)

// spoilText breaks a text of several lines, mostly so that it can still be read in
// part.
func (d *dice) spoilText(text []byte) []byte {
	text = bytes.Clone(text)
	for range 1 + d.IntN(3) {
		lines := bytes.SplitAfter(text, []byte("\n"))
		at := d.IntN(len(lines))
		switch d.IntN(6) {
		case 0:
			lines[at] = nil
		case 1:
			lines[at] = append(lines[at], lines[d.IntN(len(lines))]...)
		case 2:
			lines[at] = append([]byte(pick(d, " ", "\t", "- ", "? ", "&a ", "*a ", "!!binary ", "{", "[", "|\n")), lines[at]...)
		case 3:
			lines[at] = d.spoilBody(lines[at])
		case 4:
			for _, pair := range [][2]string{{": ", ":"}, {"\"", "'"}, {"{", "["}, {"1", "-99999999999999999999"}, {"/", "/../"}, {"type", "$ref"}} {
				if d.once(3) {
					lines[at] = bytes.Replace(lines[at], []byte(pair[0]), []byte(pair[1]), 1)
				}
			}
		default:
			if len(text) > 0 {
				flipped := bytes.Join(lines, nil)
				if len(flipped) > 0 {
					flipped[d.IntN(len(flipped))] = byte(d.IntN(256))
				}
				lines = [][]byte{flipped}
			}
		}
		text = bytes.Join(lines, nil)
	}
	return text
}
