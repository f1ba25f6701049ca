package threedolphins

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// fragile are the defects of a bot that breaks on what it is sent, each with what
// it breaks on.
var fragile = map[string]func(event) bool{
	knowsTextOnly:             func(e event) bool { return e.kind != "text" },
	knowsSmallLettersOnly:     func(e event) bool { return e.kind != strings.ToLower(e.kind) },
	breaksOnSticker:           func(e event) bool { return e.message == "Sticker" },
	breaksOnEmptyLanguage:     func(e event) bool { return e.isEmpty("language") },
	breaksWithoutAdditional:   func(e event) bool { return !e.Has("groupId") || !e.Has("language") },
	breaksOnRoom:              func(e event) bool { return e.Has("groupId") && !e.isEmpty("groupId") },
	breaksWithoutCustomerName: func(e event) bool { return e.customer == "" },
	breaksOnUnknownField:      event.hasUnknownField,
	refusesUnknownChannel:     func(e event) bool { return !slices.Contains(knownChannels, e.channel) },
	breaksOnEmoji:             func(e event) bool { return strings.ContainsFunc(e.message, beyondBasicPlane) },
	breaksOnOtherScripts:      func(e event) bool { return strings.ContainsFunc(e.message, otherScript) },
	breaksOnLongText:          func(e event) bool { return len(e.message) > 4096 },
	breaksOnLineBreaks:        func(e event) bool { return strings.ContainsAny(e.message, "\n\t") },
	breaksOnQuotes:            func(e event) bool { return strings.ContainsAny(e.message+e.customer, `"'\`) },
	breaksOnMarkup:            func(e event) bool { return strings.ContainsAny(e.message, "<>&") },
	breaksOnWhiteSpace:        func(e event) bool { return bytes.ContainsAny(e.raw, "\n") },
}

// knownChannels are the types of channels that a bot without refusesUnknownChannel
// does not ask for.
var knownChannels = []string{"whatsapp", "webchat", "telegrambot"}

func (e event) isEmpty(name string) bool { return string(e.Object[name]) == `""` }

func beyondBasicPlane(r rune) bool { return r > 0xffff }

func otherScript(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }

func (e event) hasUnknownField() bool {
	for name := range e.Object {
		if !slices.Contains(mandatory, name) && name != "groupId" && name != "language" {
			return true
		}
	}
	return false
}
