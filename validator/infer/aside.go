package infer

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/parleykit/parley/traffic"
)

// The parts of pages, by the family or the ending of their media types, and by the
// endings of their names.
var (
	pageParts = map[string]string{
		"image": "images", "font": "fonts", "audio": "media", "video": "media", "css": "style sheets",
		"javascript": "scripts", "x-javascript": "scripts", "ecmascript": "scripts", "wasm": "scripts", "html": "pages", "xhtml+xml": "pages",
	}
	endings = map[string]string{
		".js": "scripts", ".mjs": "scripts", ".map": "scripts", ".wasm": "scripts", ".css": "style sheets", ".html": "pages", ".htm": "pages",
		".png": "images", ".jpg": "images", ".jpeg": "images", ".gif": "images", ".svg": "images", ".ico": "images", ".webp": "images", ".avif": "images",
		".woff": "fonts", ".woff2": "fonts", ".ttf": "fonts", ".otf": "fonts", ".mp4": "media", ".webm": "media", ".mp3": "media",
	}
	// destinations are what browsers say that they fetch something for (Fetch, 3.8).
	destinations = map[string]string{
		"document": "pages", "iframe": "pages", "script": "scripts", "style": "style sheets", "image": "images", "font": "fonts",
		"audio": "media", "video": "media", "manifest": "pages", "worker": "scripts", "serviceworker": "scripts",
	}
)

// aside tells why an exchange is no call of an API; "" where it seems to be one.
func aside(e *traffic.Exchange, address string) string {
	method := e.Request.Method
	switch {
	case e.Status() == http.StatusSwitchingProtocols:
		return "WebSockets"
	case method == http.MethodOptions:
		return "OPTIONS, which browsers ask by themselves"
	case !slices.Contains(methods, method):
		return "methods that OpenAPI does not have"
	}
	if reason := destinations[e.Request.Header.Get("Sec-Fetch-Dest")]; reason != "" {
		return reason
	}
	if e.Response != nil && (len(e.Response.Body.Kept) > 0 || e.Response.Body.Cut()) {
		kind, _ := mediaType(e.Response.Header)
		family, subtype, _ := strings.Cut(kind, "/")
		if part := cmp.Or(pageParts[family], pageParts[subtype]); part != "" {
			return part
		}
		if strings.Contains(subtype, "json") {
			return ""
		}
	}
	if method == http.MethodGet || method == http.MethodHead {
		return endings[strings.ToLower(path.Ext(address))]
	}
	return ""
}

// methods are those that an OpenAPI document can describe.
var methods = []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodOptions, http.MethodHead, http.MethodPatch, http.MethodTrace}
