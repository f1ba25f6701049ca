package signature

import (
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Delivery is what is signed.
type Delivery struct {
	ID   string
	Time time.Time
	Body []byte
}

// Key reads a secret as people are given it.
func (s Scheme) Key(secret string) ([]byte, error) {
	if secret == "" {
		return nil, errors.New("the secret is empty")
	}
	if s.SecretPrefix == "" {
		return []byte(secret), nil
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, s.SecretPrefix))
	if err != nil || len(key) == 0 {
		return nil, fmt.Errorf("the secret is not base64; one of %s is, most with %s before it", s.Name, s.SecretPrefix)
	}
	return key, nil
}

// Keys reads secrets, the newest first: several are in force while one is replaced.
func (s Scheme) Keys(secrets ...string) ([][]byte, error) {
	if len(secrets) > 1 && !s.Several() {
		return nil, fmt.Errorf("%d secrets are given, and %s carries one signature; give one", len(secrets), s.Header)
	}
	keys := make([][]byte, len(secrets))
	for i, secret := range secrets {
		var err error
		if keys[i], err = s.Key(secret); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// Sign returns the headers of a signed delivery: one signature for each key.
func (s Scheme) Sign(d Delivery, keys ...[]byte) http.Header {
	header := http.Header{}
	if len(keys) == 0 {
		return header
	}
	timestamp := strconv.FormatInt(d.Time.Unix(), 10)
	marks := strings.NewReplacer(timestampMark, timestamp, idMark, d.ID)
	signatures := make([]string, len(keys))
	for i, key := range keys {
		signatures[i] = s.Prefix + s.signature(key, d.ID, timestamp, d.Body)
	}
	header.Set(s.Header, marks.Replace(s.Before)+strings.Join(signatures, s.Between))
	if s.IDHeader != "" {
		header.Set(s.IDHeader, d.ID)
	}
	if s.TimestampHeader != "" {
		header.Set(s.TimestampHeader, timestamp)
	}
	return header
}

// Length is how many characters a signature has, without what stands before it.
func (s Scheme) Length() int {
	return len(encodings[s.Encoding](make([]byte, hashes[s.Hash]().Size())))
}

// signature is that of one key, encoded. The payload is written in parts, because a body
// may have what looks like a mark.
func (s Scheme) signature(key []byte, id, timestamp string, body []byte) string {
	sum := hmac.New(hashes[s.Hash], key)
	marks := strings.NewReplacer(timestampMark, timestamp, idMark, id)
	for i, part := range strings.Split(s.Payload, bodyMark) {
		if i > 0 {
			sum.Write(body)
		}
		sum.Write([]byte(marks.Replace(part)))
	}
	return encodings[s.Encoding](sum.Sum(nil))
}
