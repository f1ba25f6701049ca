package redaction

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"

	"github.com/parleykit/parley/internal/lazy"
	"github.com/parleykit/parley/traffic"
)

// boundaryOf finds what the parts of a multipart body are divided by: what the
// content type says, or else what stands in its first line.
func boundaryOf(body, kind, declared string) (string, bool) {
	if declared != "" && strings.HasPrefix(kind, "multipart/") && strings.Contains(body, "--"+declared) {
		return declared, true
	}
	const head = 4 << 10
	first, _, ok := strings.Cut(strings.TrimLeft(body, "\r\n"), "\n")
	first = strings.TrimRight(first, "\r \t")
	if !ok || !strings.HasPrefix(first, "--") || len(first) < 3 || len(first) > 200 || strings.Contains(first, " ") ||
		!strings.Contains(strings.ToLower(body[:min(len(body), head)]), "content-") {
		return "", false
	}
	return first[2:], true
}

// multipart redacts the parts of a multipart body one by one. Lines may end with LF
// alone, names may be written in any case and without quotation marks.
func (p *pass) multipart(body, boundary string) string {
	var out strings.Builder
	rest := body
	for first := true; ; first = false {
		at, end := nextBoundary(rest, boundary)
		if at < 0 {
			at, end = len(rest), len(rest)
		}
		if part := rest[:at]; first {
			out.WriteString(p.values(p.mask(part))) // the preamble
		} else {
			out.WriteString(p.part(part))
		}
		out.WriteString(rest[at:end])
		if rest = rest[end:]; rest == "" {
			return p.values(out.String())
		}
	}
}

// nextBoundary finds the next line that divides parts, with the line break before it.
func nextBoundary(text, boundary string) (start, end int) {
	for from := 0; ; {
		i := strings.Index(text[from:], "--"+boundary)
		if i < 0 {
			return -1, -1
		}
		start, end = from+i, from+i+len("--"+boundary)
		from = end
		after := strings.TrimLeft(strings.TrimPrefix(text[end:], "--"), " \t\r")
		if (start == 0 || text[start-1] == '\n') && (after == "" || after[0] == '\n') {
			if start > 0 {
				start--
			}
			if start > 0 && text[start-1] == '\r' {
				start--
			}
			return start, len(text) - len(after)
		}
	}
}

var (
	headEnd  = lazy.Regexp(`\r?\n\r?\n`)
	partName = lazy.Regexp(`(?is)^content-disposition\s*:.*?[;\s]name\*?\s*=\s*("(?:[^"\\]|\\.)*"|[^;\r\n]*)`)
	partFile = lazy.Regexp(`(?is)^content-disposition\s*:.*?[;\s]filename\*?\s*=`)
)

// part redacts one part, which begins with the line break behind its boundary. One
// whose name cannot be found is not shown.
func (p *pass) part(text string) string {
	at := headEnd().FindStringIndex(text)
	if at == nil {
		if strings.Trim(text, blanks+"-") == "" {
			return text
		}
		return p.mask(text)
	}
	head, content := text[:at[1]], text[at[1]:]
	name, file, kind, transfer, known := readHead(head)
	shown := p.partHead(head)
	switch {
	case strings.Trim(content, blanks) == "":
		return shown + content
	case p.weigh(name) == certain:
		p.learn(strings.TrimSpace(content))
		return shown + traffic.Redacted
	case p.weigh(name) == maybe && !isTelling(strings.TrimSpace(content)):
		p.learn(strings.TrimSpace(content))
		return shown + traffic.Redacted
	}
	plain := decodeTransfer(content, transfer)
	var inside string
	ok := true
	if _, isText, readable := decodeText(plain); known && !file && kind == "" && isText && readable && !looksLikeData(strings.Trim(plain, blanks)) {
		inside = p.value(plain)
	} else {
		inside, ok = p.content(plain, kind, false)
	}
	switch {
	case !ok:
		sum := sha256.Sum256([]byte(content))
		return shown + fmt.Sprintf("[%d bytes, sha256 %s]", len(content), hex.EncodeToString(sum[:]))
	case inside == plain:
		return shown + content
	}
	return shown + inside
}

// partHead redacts the header lines of a part: a file's name may hold a secret.
func (p *pass) partHead(head string) string {
	lines := strings.SplitAfter(head, "\n")
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.EqualFold(strings.TrimSpace(name), "content-disposition") {
			lines[i] = p.values(line)
			continue
		}
		trimmed := strings.TrimSpace(value)
		if shown := p.headerValue(strings.TrimSpace(name), trimmed); shown != trimmed {
			lines[i] = name + ": " + shown + value[len(strings.TrimRight(value, "\r\n")):]
		}
	}
	return strings.Join(lines, "")
}

// readHead reads what the header of a part says of it.
func readHead(head string) (name string, file bool, kind, transfer string, known bool) {
	for line := range strings.SplitSeq(strings.ReplaceAll(unfolded.Replace(head), "\r", ""), "\n") {
		if found := partName().FindStringSubmatch(line); found != nil {
			name, known = partNameOf(found[1]), true
			file = partFile().MatchString(line)
		}
		field, value, _ := strings.Cut(line, ":")
		switch strings.ToLower(strings.TrimSpace(field)) {
		case "content-type":
			kind = strings.TrimSpace(value)
		case "content-transfer-encoding":
			transfer = strings.ToLower(strings.TrimSpace(value))
		}
	}
	return name, file, kind, transfer, known
}

var unfolded = strings.NewReplacer("\r\n ", " ", "\r\n\t", " ", "\n ", " ", "\n\t", " ")

// partNameOf reads a name that may be quoted, escaped, or in the form of RFC 8187.
func partNameOf(written string) string {
	name := strings.Trim(strings.TrimSpace(written), `"' `)
	if _, after, ok := strings.Cut(name, "''"); ok {
		name = after
	}
	if decoded, err := new(mime.WordDecoder).DecodeHeader(name); err == nil {
		name = decoded
	}
	return decodedPart(strings.ReplaceAll(name, `\`, ""), inForm)
}

func decodeTransfer(content, transfer string) string {
	switch transfer {
	case "base64":
		text := strings.NewReplacer("\r", "", "\n", "", " ", "", "=", "").Replace(content)
		if data, err := base64.RawStdEncoding.DecodeString(text); err == nil {
			return string(data)
		}
	case "quoted-printable":
		if data, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(content))); err == nil {
			return string(data)
		}
	}
	return content
}
