// Package leak is for tests: it writes secrets down in many forms, each with a mark
// of its own, and finds the marks in what a program wrote, whatever it is encoded in.
package leak

import (
	"fmt"
	"strings"
)

// Form is one way in which a request, or an answer, holds a secret.
type Form struct {
	Name   string // carrier, encoding and kind of secret
	Mark   string // stands in the secret, and nowhere else
	Secret string
	Known  bool // Parley is told the secret; else it has to find it
	Query  string
	Header map[string]string
	Body   []byte
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	partType = "multipart/form-data; boundary=bb"
)

// keys are names of secrets by common use, in several ways to write them.
var keys = strings.Fields(`token api_key apiKey accessToken id_token refresh-token secret client_secret private_key jwt sessionId
	password PASSWD pwd X-Auth-Token Api-Key Apikey access_token X-Amz-Security-Token Csrf-Token Session-Token Gitlab-Token Goog-Api-Key
	Vault-Token Private-Token Hub-Signature-256 sig signature code auth key session sid sas X-Amz-Signature X-Amz-Credential access-key
	secret_key private_token subscription-key hapikey bearer user_password newPassword authToken
	mfa_code recovery_code dsn database_url connectionString DPoP X-Shopify-Hmac-Sha256`)

var encodings = []string{"", "bom", "utf-16le", "utf-16be", "utf-16 bare", "gzip", "deflate", "bare deflate", "br", "zstd", "gzip, br", "gzip broken", "unknown coding", "gzip unsaid"}

// Forms makes the product of carriers, encodings, names and kinds of secrets, thinned
// so that each pair of them occurs. Seed makes the marks of one call unlike those of
// another.
func Forms(seed string) []Form {
	var forms []Form
	n := 0
	add := func(c carrier, encoding, key string, kind int, known bool) {
		n++
		mark := fmt.Sprintf("Q%sZ%04dW", seed, n)
		s := secrets[kind%len(secrets)]
		f := Form{Mark: mark, Secret: s.write(mark), Known: known, Header: map[string]string{}}
		switch s.name {
		case "digits":
			f.Mark = digits(mark)
		case "letters":
			f.Mark = letters(mark)
		}
		f.Name = strings.Join([]string{c.name, encoding, key, s.name}, " | ")
		c.put(&f, key, f.Secret)
		if len(f.Body) > 0 {
			f.encode(encoding)
		} else if encoding != "" {
			return
		}
		forms = append(forms, f)
	}
	for i, c := range byName {
		for j := range 6 { // names and kinds run against each other
			add(c, "", keys[(i*5+j*7)%len(keys)], j, false)
		}
		add(c, encodings[1+i%(len(encodings)-1)], keys[i%len(keys)], i, false)
	}
	for j, key := range keys {
		for _, c := range byName {
			switch c.name { // every name in each of these
			case "json", "form", "multipart", "query", "header", "cookie":
				add(c, "", key, j, false)
			}
		}
		for k := range 3 {
			add(byName[(j*3+k)%30], encodings[(j+k)%len(encodings)], key, j+k, false)
		}
	}
	for i, c := range byValue {
		for j := range secrets {
			add(c, "", "note", j, true)
		}
		add(c, encodings[1+i%(len(encodings)-1)], "note", i, true)
	}
	return forms
}

// Told makes forms of secrets that Parley is told: each of them one, which its forms
// share.
func Told(secret string) []Form {
	var forms []Form
	for _, c := range byValue {
		f := Form{Name: c.name + " | told", Mark: secret, Secret: secret, Known: true, Header: map[string]string{}}
		c.put(&f, "note", secret)
		forms = append(forms, f)
	}
	return forms
}
