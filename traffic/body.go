package traffic

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/parleykit/parley/internal/plainjson"
)

// defaultBodyLimit is how many bytes of a body an exchange keeps unless told
// otherwise: 64 KiB and some room, so that documented messages fit whole.
const defaultBodyLimit = 128 << 10

// Body is a body as it was sent. Bytes beyond the limit are cut; Size and SHA256
// then still describe the whole.
type Body struct {
	Kept   []byte // whoever holds the Body may read it; nobody may change it
	Size   int64  // of the whole body, in bytes; Unknown where a recording kept nothing and does not say
	SHA256 string // hex, of the whole body; only set when it was cut

	// Rewritten is why Kept may be other bytes than were sent, as in an archive that has
	// texts alone; "" where it is these. It is not written down.
	Rewritten string
}

// Unknown is the size of a body of which a recording kept nothing, not even its size.
const Unknown = -1

// NewBody keeps at most limit bytes of data (0: defaultBodyLimit), cut between
// characters. A body within the limit is not copied, so the caller gives data
// away: it must not write to it any more, nor return it to a pool. Who reads into
// a buffer that is used again passes bytes.Clone of it.
func NewBody(data []byte, limit int) Body {
	if limit <= 0 {
		limit = defaultBodyLimit
	}
	if len(data) <= limit {
		return Body{Kept: data, Size: int64(len(data))}
	}
	sum := sha256.Sum256(data)
	return Body{Kept: bytes.Clone(data[:boundary(data, limit)]), Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
}

// boundary moves a cut in front of the character that it would divide, so that
// text stays text.
func boundary(data []byte, limit int) int {
	for at := limit; at > 0 && at > limit-utf8.UTFMax; at-- {
		if utf8.RuneStart(data[at]) {
			return at
		}
	}
	return limit
}

// Cut reports whether bytes are missing.
func (b Body) Cut() bool { return b.Size == Unknown || b.Size > int64(len(b.Kept)) }

// String returns the kept bytes as text.
func (b Body) String() string { return string(b.Kept) }

type bodyJSON struct {
	Text   *string `json:"text,omitempty"`
	Base64 string  `json:"base64,omitempty"`
	Size   int64   `json:"size"`
	Cut    bool    `json:"cut,omitempty"`
	SHA256 string  `json:"sha256,omitempty"`
}

// MarshalJSON writes {"text": …} for UTF-8 and {"base64": …} for anything else,
// with the size, and the hash when the body was cut.
func (b Body) MarshalJSON() ([]byte, error) {
	out := bodyJSON{Size: max(b.Size, 0), Cut: b.Cut(), SHA256: b.SHA256}
	if utf8.Valid(b.Kept) {
		text := string(b.Kept)
		out.Text = &text
	} else {
		out.Base64 = base64.StdEncoding.EncodeToString(b.Kept)
	}
	return plainjson.Marshal(out) // whether < is escaped is for the outer encoder to say
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Body) UnmarshalJSON(data []byte) error {
	var in bodyJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	var err error
	*b, err = in.body()
	return err
}

// body is what MarshalJSON wrote.
func (in bodyJSON) body() (b Body, err error) {
	b = Body{Size: in.Size, SHA256: in.SHA256}
	if in.Text != nil {
		b.Kept = []byte(*in.Text)
	} else {
		b.Kept, err = base64.StdEncoding.DecodeString(in.Base64)
	}
	if in.Cut && len(b.Kept) == 0 && in.Size == 0 {
		b.Size = Unknown
	}
	if err != nil {
		return b, fmt.Errorf("base64 of a body: %w", err)
	}
	return b, nil
}
