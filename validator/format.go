package validator

import (
	"encoding/base64"
	"encoding/json"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/internal/regex"
)

// formats are the formats that are asserted. Any other is only a description.
var formats = map[string]func(text string) bool{
	"date-time": isDateTime,
	"date":      func(text string) bool { return parses(time.DateOnly, text) },
	"time":      func(text string) bool { return isDateTime("2000-01-01T" + text) },
	"email":     isEmail,
	"byte":      isBase64,
	"uuid":      func(text string) bool { return uuid().MatchString(text) },
	"uri":       isURI,
	"uri-reference": func(text string) bool {
		_, err := url.Parse(text)
		return err == nil && isPlain(text)
	},
	"ipv4": func(text string) bool { a, err := netip.ParseAddr(text); return err == nil && a.Is4() },
	"ipv6": func(text string) bool {
		a, err := netip.ParseAddr(text)
		return err == nil && a.Is6() && a.Zone() == ""
	},
	"hostname": func(text string) bool { return hostname().MatchString(text) },
	"regex":    func(text string) bool { _, err := regex.Compile(text); return err == nil },
}

var (
	uuid     = lazy.Regexp(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	hostname = lazy.Regexp(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.?$`)
)

// numberFormats are the formats of numbers that are asserted, with their bounds.
var numberFormats = map[string]*struct{ least, most json.Number }{
	"int32": {"-2147483648", "2147483647"},
	"int64": {"-9223372036854775808", "9223372036854775807"},
}

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}

func isURI(text string) bool {
	if isCommonURL(text) {
		return true
	}
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && isPlain(text)
}

// isCommonURL knows most URLs without taking them apart: letters, digits, "-", "_",
// "." and "/" behind the scheme of the web.
func isCommonURL(text string) bool {
	rest, ok := strings.CutPrefix(text, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(text, "http://")
	}
	for i := 0; ok && i < len(rest); i++ {
		c := rest[i]
		ok = c >= 'a' && c <= 'z' || c >= '-' && c <= '9' || c >= 'A' && c <= 'Z' || c == '_'
	}
	return ok
}

// isDateTime judges by RFC 3339: zone required, leap seconds allowed.
func isDateTime(text string) bool {
	if len(text) > 18 && text[17:19] == "60" { // only at the end of a minute of UTC; which, tables would have to say
		text = text[:17] + "59" + text[19:]
	}
	return !strings.Contains(text, ",") && (parses(time.RFC3339Nano, text) || parses(time.RFC3339Nano, strings.ToUpper(text)))
}

func parses(layout, text string) bool {
	_, err := time.Parse(layout, text)
	return err == nil
}

// isEmail refuses the display name that a mail header may carry.
func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// isPlain refuses what RFC 3986 has percent-encoded.
func isPlain(text string) bool { return !strings.ContainsAny(text, " \\\"<>^`{|}\t\r\n") }
