package jetstream

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// clusterName is what servers can make a folder of, whatever their system.
var clusterName = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// CheckName says what is wrong with the name of a cluster.
func CheckName(cluster string) error {
	if !clusterName.MatchString(cluster) {
		return fmt.Errorf("the name of a cluster is 1 to 32 small letters, digits and hyphens, and not %q", cluster)
	}
	return nil
}

func streamName(cluster string) string { return "parley-" + cluster }

// logSubject is where the messages of a sandbox's log are, partSubject where parts are of
// what is larger than a message. The sandbox is encoded.
func logSubject(cluster, sandbox string) string  { return "parley." + cluster + ".log." + sandbox }
func partSubject(cluster, sandbox string) string { return "parley." + cluster + ".part." + sandbox }

// encode writes a sandbox's name as a token of a subject, in small letters: other letters
// than those, digits and hyphens are _ and two digits in hexadecimal.
func encode(sandbox string) string {
	var token strings.Builder
	for _, c := range []byte(sandbox) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' {
			token.WriteByte(c)
		} else {
			token.WriteString("_" + hex.EncodeToString([]byte{c}))
		}
	}
	return token.String()
}

// sandboxOf is the sandbox of a log's subject.
func sandboxOf(cluster, subject string) (string, bool) {
	token, ok := strings.CutPrefix(subject, logSubject(cluster, ""))
	var name []byte
	for i := 0; i < len(token); i++ {
		if token[i] != '_' {
			name = append(name, token[i])
			continue
		}
		if i+2 >= len(token) {
			return "", false
		}
		c, err := hex.DecodeString(token[i+1 : i+3])
		if err != nil {
			return "", false
		}
		name = append(name, c...)
		i += 2
	}
	return string(name), ok && encode(string(name)) == token
}
