package mockserver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/parleykit/parley/internal/plainjson"
)

// field is one name of a form with its text.
type field struct{ name, text string }

// fieldsOf writes the members of a form as the document encodes them: a list repeats its
// name, and what is inside of another is JSON, where it says nothing else. A form has no
// null.
func fieldsOf(content map[string]any, encoding openapi3.Encodings) []field {
	var list []field
	for _, name := range slices.Sorted(maps.Keys(content)) {
		list = append(list, fieldOf(name, content[name], encoding[name])...)
	}
	return list
}

func fieldOf(name string, value any, how *openapi3.Encoding) []field {
	method := how.SerializationMethod()
	isStyled := hasStyle(how)
	items, isList := value.([]any)
	members, isObject := value.(map[string]any)
	switch {
	case value == nil:
		return nil
	case isStyled && method.Style == "deepObject" && (isList || isObject):
		return deepFields(name, value)
	case isStyled && isObject && method.Explode:
		return fieldsOf(members, nil)
	case isStyled && isObject:
		var texts []string
		for _, one := range fieldsOf(members, nil) {
			texts = append(texts, one.name, one.text)
		}
		return []field{{name, strings.Join(texts, divider(method))}}
	case isList && isStyled && !method.Explode:
		texts := make([]string, len(items))
		for i, one := range items {
			texts[i] = formValue(one)
		}
		return []field{{name, strings.Join(texts, divider(method))}}
	case isList:
		var list []field
		for _, one := range items {
			list = append(list, field{name, formValue(one)})
		}
		return list
	}
	return []field{{name, formValue(value)}}
}

// hasStyle tells whether a document says in which style a member is written.
func hasStyle(how *openapi3.Encoding) bool {
	return how != nil && (how.Style != "" || how.Explode != nil)
}

func divider(method *openapi3.SerializationMethod) string {
	return cmp.Or(map[string]string{"spaceDelimited": " ", "pipeDelimited": "|"}[method.Style], ",")
}

// deepFields writes name[member]=value, and name[0]=value for a list.
func deepFields(name string, value any) []field {
	var list []field
	switch value := value.(type) {
	case nil:
	case []any:
		for i, one := range value {
			list = append(list, deepFields(name+"["+strconv.Itoa(i)+"]", one)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			list = append(list, deepFields(name+"["+key+"]", value[key])...)
		}
	default:
		list = append(list, field{name, formValue(value)})
	}
	return list
}

// formValue is a text as it is, and anything else in JSON.
func formValue(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, _ := plainjson.Marshal(value) // it was judged before
	return string(text)
}

func formText(fields []field) string {
	texts := make([]string, len(fields))
	for i, one := range fields {
		texts[i] = url.QueryEscape(one.name) + "=" + url.QueryEscape(one.text)
	}
	return strings.Join(texts, "&")
}

// partsText writes a multipart/form-data body. Its boundary is made of what is in it, so
// that each attempt is the same.
func partsText(kind string, content map[string]any, encoding openapi3.Encodings, files []string) (body []byte, contentType string, err error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	text, err := plainjson.Marshal(content)
	if err != nil {
		return nil, kind, err
	}
	sum := sha256.Sum256(text)
	if err := w.SetBoundary("parley-" + hex.EncodeToString(sum[:12])); err != nil {
		return nil, kind, err
	}
	for _, name := range slices.Sorted(maps.Keys(content)) {
		how := encoding[name]
		values := []any{content[name]}
		if list, isList := content[name].([]any); isList {
			values = list
		}
		documented := ""
		if how != nil {
			documented, _, _ = strings.Cut(how.ContentType, ",")
		}
		if hasStyle(how) {
			for _, one := range fieldOf(name, content[name], how) {
				writePart(w, one.name, "", "", one.text)
			}
			continue
		}
		for _, value := range values {
			writeValue(w, name, strings.TrimSpace(documented), value, slices.Contains(files, name))
		}
	}
	if err := w.Close(); err != nil {
		return nil, kind, err
	}
	return out.Bytes(), w.FormDataContentType(), nil
}

// writeValue writes a part as its value is: an object in JSON, a file with a name.
func writeValue(w *multipart.Writer, name, documented string, value any, isFile bool) {
	if strings.Contains(documented, "*") {
		documented = ""
	}
	text, isText := value.(string)
	switch {
	case value == nil: // a form has none
	case isFile:
		writePart(w, name, name, cmp.Or(documented, "application/octet-stream"), formValue(value))
	case !isText && isInside(value):
		writePart(w, name, "", cmp.Or(documented, "application/json"), formValue(value))
	case isText && strings.Contains(documented, "json"):
		quoted, _ := plainjson.Marshal(text)
		writePart(w, name, "", documented, string(quoted))
	default:
		writePart(w, name, "", documented, formValue(value))
	}
}

func isInside(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// writePart cannot fail: it writes to memory.
func writePart(w *multipart.Writer, name, file, kind, text string) {
	escape := strings.NewReplacer("\\", "\\\\", `"`, "%22", "\r", "%0D", "\n", "%0A")
	header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"`, escape.Replace(name))}}
	if file != "" {
		header["Content-Disposition"][0] += fmt.Sprintf(`; filename="%s"`, escape.Replace(file))
	}
	if kind != "" {
		header.Set("Content-Type", kind)
	}
	part, _ := w.CreatePart(header)
	_, _ = part.Write([]byte(text))
}
