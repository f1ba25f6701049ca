package elma365

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/parleykit/parley/conformance/partner/internal/partnerkit"
)

// fragile are the defects of a messenger that breaks on what it is sent, each
// with what it breaks on.
var fragile = map[string]func(event) bool{
	breaksOnEmoji:        func(e event) bool { return strings.ContainsFunc(e.words(), beyondBasicPlane) },
	breaksOnRightToLeft:  func(e event) bool { return strings.ContainsFunc(e.words(), rightToLeft) },
	breaksOnLongText:     func(e event) bool { return len(e.words()) > 16<<10 },
	breaksOnLineBreaks:   func(e event) bool { return strings.ContainsAny(e.words(), "\n\t") },
	breaksOnQuotes:       func(e event) bool { return strings.ContainsAny(e.fileNames(), `"'\`) },
	breaksOnWhiteSpace:   func(e event) bool { return bytes.ContainsAny(e.raw, "\n") },
	breaksOnUnknownField: event.hasUnknownField,
	breaksOnEmptyFiles:   func(e event) bool { return e.data.Has("files") && len(e.files()) == 0 },
	breaksOnSeveralFiles: func(e event) bool { return len(e.files()) > 1 },
	breaksOnMissingSize:  func(e event) bool { return e.fileLacks("size") },
	readsURLInLowerCase:  func(e event) bool { return e.fileLacks("url") },
	breaksWithoutFiles:   func(e event) bool { return e.kind == "message" && !e.data.Has("files") },
	breaksWithoutText:    func(e event) bool { return e.kind == "message" && !e.data.Has("text") },
	breaksOnChannelID:    func(e event) bool { return e.Has("channelId") && !namesChannel[e.kind] },
}

// namesChannel has the types whose samples carry channelId.
var namesChannel = map[string]bool{"connect": true, "message": true, "disconnect": true}

// documentedMembers are the names that the page's samples have, in any place.
var documentedMembers = map[string]bool{
	"type": true, "token": true, "channelId": true, "data": true, "webhook": true, "targetChatId": true, "text": true,
	"files": true, "name": true, "size": true, "URL": true, "success": true, "messageId": true, "userId": true,
}

func beyondBasicPlane(r rune) bool { return r > 0xffff }

func rightToLeft(r rune) bool { return unicode.In(r, unicode.Hebrew, unicode.Arabic) }

func (e event) words() string {
	words, _ := partnerkit.Member[string](e.data, "text")
	return words
}

func (e event) files() []partnerkit.Object {
	files, _ := partnerkit.Member[[]partnerkit.Object](e.data, "files")
	return files
}

func (e event) fileNames() string {
	var all strings.Builder
	for _, f := range e.files() {
		name, _ := partnerkit.Member[string](f, "name")
		all.WriteString(name)
	}
	return all.String()
}

func (e event) fileLacks(member string) bool {
	for _, f := range e.files() {
		if !f.Has(member) {
			return true
		}
	}
	return false
}

func (e event) hasUnknownField() bool {
	for _, o := range append(e.files(), e.Object, e.data) {
		for name := range o {
			if !documentedMembers[name] {
				return true
			}
		}
	}
	return false
}
