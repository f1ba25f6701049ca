package redaction

import (
	"slices"
	"strings"
)

// weight says how sure it is that what has a name is secret.
type weight int

const (
	harmless weight = iota
	maybe           // an ordinary word, such as key or code: the value decides
	certain
)

// The lists are of names as normal writes them. They hold for JSON, forms,
// multipart, headers, cookies, queries and prose alike.
var (
	certainNames = newNameSet("bearer", "pwd", "passcode", "sas", "sig", "hapikey", "sid", "sessid", "phpsessid", "jsessionid", "authcode",
		"authorizationcode", "verificationcode", "securitycode", "accesscode", "activationcode", "otp", "totp", "mfacode", "recoverycode", "backupcode", "dpop",
		"connectionstring", "dsn", "databaseurl", "pin", "cvv", "cvc",
		"tokenvalue", "tkn", "tok", "ssn", "samlresponse", "samlrequest", "cardnumber", "securityanswer", "пароль", "токен", "секрет")
	certainParts = []string{"password", "passwd", "passphrase", "secret", "apikey", "privatekey", "kennwort", "passwort"}
	certainEnds  = []string{"token", "csrf", "xsrf", "jwt", "signature", "hmacsha", "credential", "credentials", "authorization", "cookie",
		"assertion", "verifier", "accesskey", "accesskeyid", "subscriptionkey", "sessionid", "sessionkey", "authkey", "signingkey", "encryptionkey", "licensekey", "sharedkey", "accountkey"}

	maybeNames = newNameSet("authentication", "code", "auth", "session", "sess", "pass", "pw", "tokens", "mac", "hmac", "nonce", "digest")
	maybeEnd   = "key"

	harmlessEnds = []string{"pagetoken", "nexttoken", "continuationtoken", "synctoken", "deltatoken", "publickey", "primarykey", "foreignkey",
		"idempotencykey", "sortkey", "partitionkey", "publicsignature"}
	harmlessParts = []string{"secretar", "passwordless"}
)

func setOf(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// hides tells whether a value is not shown that such a name stands beside.
func (w weight) hides(value string) bool {
	return w == certain || w == maybe && mustBeSecret(value)
}

// mustBeSecret tells whether a value that has an ordinary name is hardly anything
// else than a secret.
func mustBeSecret(value string) bool { return looksRandom(value) && !isTelling(value) }

// longestName is how many bytes the name of a secret has at most.
const longestName = 64

func weigh(name string) weight {
	var space [longestName]byte
	if plain, ok := appendNormal(space[:0], name); ok {
		return weighNormal(plain)
	}
	if len(name) > longestName || strings.ContainsAny(name, "=?&{}<>,;\r\n") {
		return harmless
	}
	return weighWhole(normal(name))
}

// weighWhole looks for a name in all lists.
func weighWhole(name string) weight {
	has := func(list []string, matches func(string, string) bool) bool {
		return slices.ContainsFunc(list, func(part string) bool { return matches(name, part) })
	}
	switch {
	case len(name) < 2 || has(harmlessEnds, strings.HasSuffix) || has(harmlessParts, strings.Contains):
		return harmless
	case certainNames.all[name] || has(certainEnds, strings.HasSuffix) || has(certainParts, strings.Contains):
		return certain
	case maybeNames.all[name] || strings.HasSuffix(name, maybeEnd):
		return maybe
	}
	return harmless
}

// weigh also knows the contract's names.
func (r *Redactor) weigh(name string) weight {
	l := r.lexicon.Load()
	var space [longestName]byte
	if plain, ok := appendNormal(space[:0], name); ok {
		return l.corrected(weighNormal(plain), plain)
	}
	if w, ok := l.weights.Load(name); ok {
		return w.(weight)
	}
	w := l.corrected(weigh(name), []byte(normal(name)))
	const most = 4096
	if len(name) <= longestName && l.weighed.Add(1) <= most {
		l.weights.Store(strings.Clone(name), w)
	}
	return w
}

// corrected is a name's weight by common use, unless the contracts say otherwise. One
// that says secret outweighs one that says open.
func (l *lexicon) corrected(usual weight, name []byte) weight {
	switch {
	case usual != certain && l.names.has(name):
		return certain
	case usual != harmless && l.open.has(name) && !l.names.has(name):
		return harmless
	}
	return usual
}

// normal writes a name as the lists have it: without case, separators, an x- in
// front, digits at the end, and what it is nested in, as in user[token] and
// data.token.
func normal(name string) string {
	name = strings.TrimRight(name, "] \t\"'[")
	name = name[1+strings.LastIndexAny(name, "[.:/"):]
	plain := true
	for i := range len(name) {
		if c := name[i]; c < 'a' || c > 'z' {
			plain = false
			break
		}
	}
	if !plain {
		name = strings.ToLower(name)
		if rest, ok := strings.CutPrefix(name, "x-"); ok {
			name = rest
		}
		name = separators.Replace(name)
		name = strings.TrimRight(name, "0123456789")
	}
	return name
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "", "\u00a0", "", "\t", "", "$", "", "@", "", "#", "")

// isPlain tells whether a value is a word or a number of everyday use, or too short
// to be told from one: it is secret in some places only.
func isPlain(value string) bool {
	const shortest, longestWord, longestNumber = 4, 11, 5
	if len(value) < shortest {
		return true
	}
	letters, digits := 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case c >= 'a' && c <= 'z', i == 0 && c >= 'A' && c <= 'Z':
			letters++
		case c >= '0' && c <= '9':
			digits++
		}
	}
	return letters == len(value) && letters <= longestWord || digits == len(value) && digits <= longestNumber
}

// isTelling tells whether the value of an ordinary name, such as "code", can be no
// secret: a short number, or words as programs write them.
func isTelling(value string) bool {
	const longest = 48
	if len(value) < 4 || isPlain(value) {
		return true
	}
	if len(value) > longest {
		return false
	}
	lower, upper, joined := 0, 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case c >= 'a' && c <= 'z':
			lower++
		case c >= 'A' && c <= 'Z':
			upper++
		case c == '_' || c == '-' || c == '.' || c == ' ' || c == ':' || c == '/':
			joined++
		}
	}
	return joined > 0 && (lower+joined == len(value) || upper+joined == len(value))
}
