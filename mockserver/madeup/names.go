package madeup

import (
	"strings"
	"time"
)

// kinds say what a text is by what its name ends in: lower-case letters alone, the
// first that fits.
var kinds = []struct {
	endings []string
	made    func(*hand) string
}{
	{[]string{"uuid", "guid"}, (*hand).uuid},
	{[]string{"email", "mail", "emailaddress"}, (*hand).email},
	{[]string{"firstname", "givenname", "forename"}, func(h *hand) string { return h.pick(givenNames) }},
	{[]string{"lastname", "surname", "familyname"}, func(h *hand) string { return h.pick(familyNames) }},
	{[]string{"username", "login", "nickname", "handle"}, func(h *hand) string { return strings.ToLower(h.pick(givenNames)) + h.hex(2) }},
	{[]string{"filename"}, func(h *hand) string { return h.word() + ".pdf" }},
	{[]string{"hostname", "domain", "host"}, func(h *hand) string { return h.word() + ".example.com" }},
	{[]string{"companyname", "company", "organization", "organisation", "vendor", "brand", "manufacturer"}, func(h *hand) string { return h.pick(familyNames) + " " + h.pick(companies) }},
	{[]string{"fullname", "displayname", "username", "customername", "ownername", "authorname", "contactname", "personname", "employeename", "membername",
		"author", "owner", "customer", "assignee", "recipient", "sender"}, (*hand).person},
	{[]string{"cityname", "city", "town"}, func(h *hand) string { return h.pick(cities) }},
	{[]string{"countrycode"}, func(h *hand) string { return h.pick(countryCodes) }},
	{[]string{"countryname", "country"}, func(h *hand) string { return h.pick(countries) }},
	{[]string{"name", "product", "label"}, (*hand).thing},
	{[]string{"phone", "phonenumber", "mobile", "telephone", "fax"}, func(h *hand) string { return "+1 555 01" + h.digits(2) }},
	{[]string{"avatar", "avatarurl", "image", "imageurl", "photo", "photourl", "picture", "logo", "thumbnail", "icon"}, func(h *hand) string { return h.address(".png") }},
	{[]string{"url", "uri", "href", "link", "website", "homepage", "webhook", "callback"}, func(h *hand) string { return h.address("") }},
	{[]string{"street", "address", "addressline", "line1"}, func(h *hand) string { return h.digits(2) + " " + h.pick(familyNames) + " Street" }},
	{[]string{"zip", "zipcode", "postcode", "postalcode", "plz"}, func(h *hand) string { return h.digits(5) }},
	{[]string{"currency", "currencycode"}, func(h *hand) string { return h.pick([]string{"EUR", "USD", "GBP", "JPY"}) }},
	{[]string{"locale"}, func(h *hand) string { return h.pick([]string{"en-GB", "de-DE", "fr-FR"}) }},
	{[]string{"language", "lang"}, func(h *hand) string { return h.pick([]string{"en", "de", "fr", "es"}) }},
	{[]string{"timezone", "tz"}, func(h *hand) string { return h.pick([]string{"Europe/Berlin", "America/New_York", "Asia/Tokyo"}) }},
	{[]string{"color", "colour"}, func(h *hand) string { return h.pick(colors) }},
	{[]string{"status", "state"}, func(h *hand) string { return h.pick([]string{"active", "pending", "done"}) }},
	{[]string{"version"}, func(h *hand) string { return "1." + h.digits(1) + "." + h.digits(1) }},
	{[]string{"ip", "ipaddress"}, func(h *hand) string { text, _ := h.formatted("ipv4"); return text }},
	{[]string{"date", "birthday", "dob"}, func(h *hand) string { return h.moment().Format(time.DateOnly) }},
	{[]string{"createdat", "updatedat", "deletedat", "timestamp", "datetime", "time", "created", "updated", "modified"}, func(h *hand) string { return h.moment().Format(time.RFC3339) }},
	{[]string{"title", "subject", "headline", "caption"}, func(h *hand) string { return strings.TrimSuffix(h.sentence(3), ".") }},
	{[]string{"description", "summary", "comment", "message", "text", "body", "content", "note", "notes", "bio", "details", "reason"}, func(h *hand) string { return h.sentence(7) }},
	{[]string{"token", "secret", "hash", "sha", "checksum", "etag", "signature", "key", "cursor"}, func(h *hand) string { return h.hex(16) }},
	{[]string{"id", "ref", "reference", "number", "sku"}, func(h *hand) string { return h.hex(8) }},
	{[]string{"code", "slug", "type", "kind", "category", "tag", "role", "group"}, (*hand).word},
}

// named makes a text for a member of that name.
func (h *hand) named(name string) string {
	low := strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + ('a' - 'A')
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, name)
	for _, kind := range kinds {
		for _, ending := range kind.endings {
			if low == ending || len(ending) > 3 && strings.HasSuffix(low, ending) || wordEnding(name, ending) {
				return kind.made(h)
			}
		}
	}
	return h.word() + " " + h.word()
}

// wordEnding reports whether a name ends in a short word, as userId and user_id do and
// paid does not.
func wordEnding(name, word string) bool {
	i := len(name) - len(word)
	if i < 1 || !strings.EqualFold(name[i:], word) {
		return false
	}
	return name[i] >= 'A' && name[i] <= 'Z' && (name[i-1] < 'A' || name[i-1] > 'Z') || name[i-1] == '_' || name[i-1] == '-' || name[i-1] == '.'
}

func (h *hand) person() string { return h.pick(givenNames) + " " + h.pick(familyNames) }

func (h *hand) thing() string {
	color, word := h.pick(colors), h.word()
	return strings.ToUpper(color[:1]) + color[1:] + " " + strings.ToUpper(word[:1]) + word[1:]
}

// digits begin with none that is 0.
func (h *hand) digits(n int) string {
	var text strings.Builder
	for range n {
		text.WriteByte(byte('1' + h.random.IntN(9)))
	}
	return text.String()
}

var (
	givenNames   = strings.Fields("Ada Amir Ana Ben Chen Clara Dana Eli Elena Femi Grace Hana Ida Ivan Jonas Kofi Lena Leo Maya Mina Nia Noah Olga Omar Priya Rosa Sara Sven Tara Yuki")
	familyNames  = strings.Fields("Abbott Becker Castro Dubois Eriksen Fischer Garcia Hansen Ito Jensen Keller Lopez Moreau Novak Okafor Petrov Quinn Rossi Santos Tanaka Umarov Vidal Weber Young Zimmer")
	cities       = strings.Fields("Athens Berlin Bogota Cairo Dakar Dublin Geneva Hanoi Kyoto Lagos Lima Lisbon Lyon Madrid Nairobi Oslo Porto Quito Riga Seoul Turin Utrecht Vienna Warsaw Zurich")
	countries    = strings.Fields("Austria Brazil Canada Denmark Egypt France Germany Ghana India Italy Japan Kenya Mexico Norway Peru Poland Portugal Spain Sweden Vietnam")
	countryCodes = strings.Fields("AT BR CA DK EG FR DE GH IN IT JP KE MX NO PE PL PT ES SE VN")
	companies    = strings.Fields("Group Labs Partners Works Systems")
	colors       = strings.Fields("amber black blue brown green grey indigo ivory orange pink purple red silver teal white yellow")
	words        = strings.Fields("anchor autumn basket beacon bridge candle canyon carbon cedar circle clover copper coral cotton desert dolphin ember falcon feather forest " +
		"garden glacier harbor hazel island jasmine lantern lemon linen maple marble meadow mirror morning mountain ocean olive orchard paper pebble " +
		"pepper pillow planet prairie quartz rabbit ribbon river rocket saddle salmon shadow silver spring summit sunset thunder timber tunnel valley " +
		"velvet violet walnut willow window winter")
)
