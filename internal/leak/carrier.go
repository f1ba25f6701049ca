package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
)

// carrier puts a secret under a name, where there is one, into a request.
type carrier struct {
	name string
	put  func(f *Form, key, secret string)
}

func body(kind string, write func(key, secret string) string) func(*Form, string, string) {
	return func(f *Form, key, secret string) {
		f.Header["Content-Type"] = kind
		f.Body = []byte(write(key, secret))
	}
}

func quoted(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

func format(pattern string) func(key, secret string) string {
	return func(key, secret string) string {
		return strings.NewReplacer("KEY", key, "QUOTED", quoted(secret), "PLAIN", secret, "ESCAPED", url.QueryEscape(secret),
			"ENTITY", html.EscapeString(secret), "INNER", strings.Trim(quoted(quoted(secret)), `"`)).Replace(pattern)
	}
}

// byName are carriers in which nothing but a name, or the shape, tells the secret.
var byName = []carrier{
	{"json", body(jsonType, format(`{"a":1,"KEY":QUOTED}`))},
	{"json nested", body(jsonType, format(`{"data":[{"auth_data":{"KEY":QUOTED,"b":2}}]}`))},
	{"json list", body(jsonType, format(`{"KEY":[QUOTED,"x"]}`))},
	{"json object", body(jsonType, format(`{"KEY":{"inner":QUOTED}}`))},
	{"json in json", body(jsonType, format(`{"body":"{\"a\":1,\"KEY\":INNER}"}`))},
	{"json pair", body(jsonType, format(`{"headers":[{"name":"KEY","value":QUOTED}]}`))},
	{"json pair turned", body(jsonType, format(`[{"value":QUOTED,"name":"KEY"}]`))},
	{"json dotted", body(jsonType, format(`{"set":{"data.KEY":QUOTED}}`))},
	{"json lines", body("application/x-ndjson", format("{\"a\":1}\n{\"KEY\":QUOTED}\n"))},
	{"json twice", body(jsonType, format(`{"KEY":QUOTED,"KEY":QUOTED}`))},
	{"url in json", body(jsonType, format(`{"link":"https://h.example/p?a=1&KEY=ESCAPED&b=2"}`))},
	{"url in url in json", func(f *Form, key, secret string) {
		inner := "https://h.example/p?" + key + "=" + url.QueryEscape(secret) + "&z=1"
		body(jsonType, func(_, _ string) string { return `{"link":"https://i.example/?to=` + url.QueryEscape(inner) + `"}` })(f, key, secret)
	}},
	{"password of url in json", body(jsonType, format(`{"link":"https://bot:ESCAPED@h.example/p"}`))},
	{"form in json", body(jsonType, format(`{"raw":"a=1&KEY=ESCAPED&b=2"}`))},
	{"base64 of json in json", body(jsonType, func(key, secret string) string {
		return `{"payload":"` + base64.StdEncoding.EncodeToString([]byte(`{"`+key+`":`+quoted(secret)+`}`)) + `"}`
	})},
	{"gzip in base64 in json", body(jsonType, func(key, secret string) string {
		return `{"payload":"` + base64.StdEncoding.EncodeToString(Encode("gzip", []byte(`{"`+key+`":`+quoted(secret)+`}`))) + `"}`
	})},
	{"base64 in lines in json", body(jsonType, func(key, secret string) string {
		text := base64.StdEncoding.EncodeToString([]byte(`{"a":"a long enough text","` + key + `":` + quoted(secret) + `}`))
		return `{"payload":` + quoted(text[:20]+"\r\n"+text[20:40]+"\r\n"+text[40:]) + `}`
	})},
	{"hexadecimal in json", body(jsonType, func(key, secret string) string {
		return `{"payload":"` + hex.EncodeToString([]byte(`{"`+key+`":`+quoted(secret)+`}`)) + `"}`
	})},
	{"command in json", body(jsonType, func(key, secret string) string {
		return `{"text":` + quoted(`curl -H 'Authorization: Bearer `+secret+`' https://h.example`) + `}`
	})},
	{"flag in list", body(jsonType, format(`{"args":["--KEY",QUOTED]}`))},
	{"json patch", body(jsonType, format(`[{"op":"add","path":"/data/KEY","value":QUOTED}]`))},
	{"url of html in json", body(jsonType, format(`{"link":"https://h.example/?a=b&amp;KEY=ESCAPED"}`))},
	{"url with semicolons in json", body(jsonType, format(`{"link":"https://h.example/?a=b;KEY=ESCAPED"}`))},
	{"scheme without name", body(jsonType, format(`{"link":"//bot:ESCAPED@h.example/"}`))},
	{"xml in json", body(jsonType, func(key, secret string) string {
		return `{"payload":` + quoted("<r><"+key+">"+html.EscapeString(secret)+"</"+key+"></r>") + `}`
	})},
	{"yaml in json", body(jsonType, func(key, secret string) string {
		return `{"payload":` + quoted("a: 1\n"+key+": "+secret+"\n") + `}`
	})},
	{"broken json in json", body(jsonType, func(key, secret string) string {
		return `{"payload":` + quoted(`{'`+key+`': '`+secret+`',}`) + `}`
	})},

	{"form", body(formType, format(`a=1&KEY=ESCAPED&b=2`))},
	{"form nested", body(formType, format(`user%5BKEY%5D=ESCAPED&b=2`))},
	{"form dotted", body(formType, format(`x.KEY=ESCAPED`))},
	{"form pair", body(formType, format(`h[0][name]=KEY&h[0][value]=ESCAPED`))},
	{"form with semicolons", body(formType, format(`a=1;KEY=ESCAPED`))},
	{"form undeclared", body("", format(`a=1&KEY=ESCAPED`))},
	{"json in form", func(f *Form, key, secret string) {
		body(formType, func(_, _ string) string { return "payload=" + url.QueryEscape(`{"`+key+`":`+quoted(secret)+`}`) })(f, key, secret)
	}},
	{"json as form", body(formType, format(`{"KEY":QUOTED}`))},
	{"broken json as form", body(formType, format(`{"KE"+"Y":"PLAIN"}`))},

	{"multipart", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart unquoted", body(partType, format("--bb\r\nContent-Disposition: form-data; name=KEY\r\n\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart upper case", body(partType, format("--bb\r\nCONTENT-DISPOSITION: FORM-DATA; NAME=\"KEY\"\r\n\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart lf", body(partType, format("--bb\nContent-Disposition: form-data; name=\"KEY\"\n\nPLAIN\n--bb--\n"))},
	{"multipart dashes", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nx\r\n--PLAIN\r\n--bb--\r\n"))},
	{"multipart rfc 8187", body(partType, format("--bb\r\nContent-Disposition: form-data; name*=UTF-8''KEY\r\n\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart folded", body(partType, format("--bb\r\nContent-Disposition: form-data;\r\n name=\"KEY\"\r\n\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart json", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{\"KEY\":QUOTED}\r\n--bb--\r\n"))},
	{"multipart base64", body(partType, func(key, secret string) string {
		return "--bb\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString([]byte(`{"`+key+`":`+quoted(secret)+`}`)) + "\r\n--bb--\r\n"
	})},
	{"multipart file", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nKEY is PLAIN\r\n--bb--\r\n"))},
	{"multipart no blank line", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"KEY\"\r\nPLAIN\r\n--bb--\r\n"))},
	{"multipart undeclared", body("", format("--cc\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nPLAIN\r\n--cc--\r\n"))},
	{"multipart other boundary", body(partType, format("--cc\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nPLAIN\r\n--cc--\r\n"))},
	{"multipart cut off", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nPLAIN"))},
	{"multipart binary beside", body(partType, format("--bb\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n\x89PNG\r\n\x1a\n\x00\x00\xff\r\n--bb\r\nContent-Disposition: form-data; name=\"KEY\"\r\n\r\nPLAIN\r\n--bb--\r\n"))},

	{"typographic", body(jsonType, format(`{“KEY”: “PLAIN”, “a”: 1}`))},
	{"single quotes", body(jsonType, format(`{'KEY': 'PLAIN'}`))},
	{"bare key", body(jsonType, format(`{KEY: "PLAIN"}`))},
	{"bare value", body(jsonType, format(`{"KEY": PLAIN, "a": 1}`))},
	{"comma at end", body(jsonType, format(`{"KEY": QUOTED,}`))},
	{"missing comma", body(jsonType, format(`{"KEY":1 QUOTED}`))},
	{"string without key", body(jsonType, format(`{"KEY":"ab", QUOTED}`))},
	{"comment", body(jsonType, format(`{"KEY":/*c*/QUOTED}`))},
	{"comment line", body(jsonType, format("{\"KEY\": // now\nQUOTED}"))},
	{"joined key", body(jsonType, format(`{"KE"+"Y":QUOTED}`))},
	{"joined value", body(jsonType, format(`{"KEY":"a"+QUOTED}`))},
	{"cut off", body(jsonType, format(`{"a":1,"KEY":"PLAIN`))},
	{"text behind", body(jsonType, format(`{"KEY":QUOTED} done`))},
	{"two values", body(jsonType, format(`{"a":1}{"KEY":QUOTED}`))},
	{"colon lost", body(jsonType, format(`{"KEY" QUOTED}`))},
	{"equals", body(jsonType, format(`{"KEY"=QUOTED}`))},
	{"yaml", body("application/yaml", format("a: 1\nKEY: PLAIN\nb: 2\n"))},
	{"yaml block", body("text/yaml", format("KEY: |\n  PLAIN\n"))},
	{"toml", body("application/toml", format("[x]\nKEY = 'PLAIN'\n"))},
	{"xml", body("application/xml", format(`<r><KEY>ENTITY</KEY></r>`))},
	{"xml attribute", body("text/xml", format(`<r KEY="ENTITY"/>`))},
	{"xml cdata", body("text/xml", format(`<r><KEY><![CDATA[PLAIN]]></KEY></r>`))},
	{"html", body("text/html", format(`<html><input name="KEY" value="ENTITY"></html>`))},
	{"csv", body("text/csv", format("name,KEY\nani,PLAIN\n"))},
	{"plain", body("text/plain", format("KEY: PLAIN"))},
	{"plain sentence", body("text/plain", format("invalid KEY PLAIN"))},
	{"events", body("text/event-stream", format("event: x\ndata: {\"KEY\":QUOTED}\n\n"))},
	{"percent json", body("text/plain", func(key, secret string) string { return url.QueryEscape(`{"` + key + `":` + quoted(secret) + `}`) })},

	{"query", func(f *Form, key, secret string) { f.Query = "a=1&" + key + "=" + url.QueryEscape(secret) }},
	{"query nested", func(f *Form, key, secret string) { f.Query = "user[" + key + "]=" + url.QueryEscape(secret) }},
	{"json in query", func(f *Form, key, secret string) {
		f.Query = "data=" + url.QueryEscape(`{"`+key+`":`+quoted(secret)+`}`)
	}},
	{"url in query", func(f *Form, key, secret string) {
		f.Query = "to=" + url.QueryEscape("https://h.example/?"+key+"="+url.QueryEscape(secret))
	}},
	{"header", func(f *Form, key, secret string) { f.Header["X-"+key] = headerText(secret) }},
	{"cookie", func(f *Form, key, secret string) { f.Header["Cookie"] = "a=1; " + key + "=" + url.QueryEscape(secret) }},
	{"json in header", func(f *Form, key, secret string) { f.Header["X-Data"] = `{"` + key + `":` + quoted(secret) + `}` }},
	{"referer", func(f *Form, key, secret string) {
		f.Header["Referer"] = "https://h.example/?" + key + "=" + url.QueryEscape(secret)
	}},
	{"password in referer", func(f *Form, _, secret string) {
		f.Header["Referer"] = "https://bot:" + url.QueryEscape(secret) + "@h.example/"
	}},
	{"bearer", func(f *Form, _, secret string) { f.Header["Authorization"] = "Bearer " + headerText(secret) }},
	{"basic", func(f *Form, _, secret string) {
		f.Header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte("bot:"+secret))
	}},
}

func headerText(text string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(text) }

// byValue are carriers that give no hint: Parley must know the secret.
var byValue = []carrier{
	{"sentence in json", body(jsonType, format(`{"text":"it said INNER and left"}`))},
	{"key in json", body(jsonType, format(`{"a":{"INNER":1}}`))},
	{"longer word", body(jsonType, func(_, secret string) string { return `{"text":` + quoted("abc"+secret+"xyz") + `}` })},
	{"form value", body(formType, format(`text=it+said+ESCAPED`))},
	{"form name", body(formType, format(`ESCAPED=1`))},
	{"plain text", body("text/plain", format(`it said PLAIN`))},
	{"base64 at 0", body(jsonType, func(_, secret string) string { return based(secret, "", base64.StdEncoding) })},
	{"base64 at 1", body(jsonType, func(_, secret string) string { return based(secret, "u", base64.StdEncoding) })},
	{"base64 at 2", body(jsonType, func(_, secret string) string { return based(secret, "us", base64.StdEncoding) })},
	{"base64 of binary", body(jsonType, func(_, secret string) string { return based(secret, "\x00\xff\x01", base64.StdEncoding) })},
	{"base64url", body(jsonType, func(_, secret string) string { return based(secret, "?>", base64.RawURLEncoding) })},
	{"hexadecimal", body(jsonType, func(_, secret string) string { return `{"text":"` + hex.EncodeToString([]byte(secret)) + `"}` })},
	{"all percent", body(jsonType, func(_, secret string) string { return `{"text":"` + everyPercent(secret) + `"}` })},
	{"percent twice", body(jsonType, func(_, secret string) string { return `{"text":"` + url.QueryEscape(everyPercent(secret)) + `"}` })},
	{"unicode escapes", body(jsonType, func(_, secret string) string { return `{"text":"` + everyUnicode(secret) + `"}` })},
	{"unicode escapes in json in json", body(jsonType, func(_, secret string) string {
		return `{"text":` + quoted(`{"text":"`+everyUnicode(secret)+`"}`) + `}`
	})},
	{"entities", body(jsonType, func(_, secret string) string { return `{"text":"` + everyEntity(secret) + `"}` })},
	{"utf-16 in base64", body(jsonType, func(_, secret string) string {
		return `{"text":"` + base64.StdEncoding.EncodeToString(wide(secret, false)) + `"}`
	})},
	{"path", func(f *Form, _, secret string) { f.Query = "/" + url.PathEscape(secret) }},
	{"query value", func(f *Form, _, secret string) { f.Query = "q=" + url.QueryEscape("x"+secret) }},
	{"query name", func(f *Form, _, secret string) { f.Query = url.QueryEscape(secret) + "=1" }},
	{"header value", func(f *Form, _, secret string) { f.Header["X-Note"] = "it said " + headerText(secret) }},
	{"file name", body(partType, func(_, secret string) string {
		return "--bb\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(secret) + ".txt\"\r\n\r\nhello\r\n--bb--\r\n"
	})},
}
