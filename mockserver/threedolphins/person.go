package threedolphins

import (
	"slices"
	"strings"
)

// account is a customer in one channel: the channel's socialId of theirs.
type account struct {
	channel ServiceChannel
	id      string
	name    string
}

// networks are what the names of a contact's members call a channel's type.
var networks = map[string]string{
	liveChat: "Webchat", "whatsapp": "Whatsapp", "telegrambot": "Telegram", "twitter": "Twitter", "facebook": "Facebook",
	"instagram": "Instagram", "line": "Line", "messenger": "Messenger", "youtube": "Youtube",
}

// eMail is the type of channels on which a customer's account is an address.
const eMail = "email"

// additionalFields are the fields of their own that the samples' tenant has. The
// samples show no value.
var additionalFields = []string{
	"customer_name", "phone_number", "email_address", "last_date_purchase", "first_time_purchase", "num_hotel_transaction",
	"num_flight_transaction", "num_train_transaction", "num_coupon_usage", "last_booking_id", "last_booking_product",
	"last_booking_hotel_name", "last_booking_hotel_area", "last_booking_flight_route", "last_booking_train_route", "isregisteredchatbanking",
}

// noValues are those fields without values. All contacts share them, because lists of
// members are never changed.
var noValues = func() []any {
	fields := make([]any, len(additionalFields))
	for i, name := range additionalFields {
		fields[i] = map[string]any{"name": name, "value": nil}
	}
	return fields
}()

// person is a contact without any account.
func person(id, name string, at int64) Members {
	first, last, _ := strings.Cut(name, " ")
	m := Members{
		"id": id, "owner": KnownOwner, "createdDate": at, "createdBy": system, "modifiedDate": at, "modifiedBy": system,
		"ageMin": int64(0), "ageMax": int64(0), "maxFollower": int64(0), "contactFirstName": first, "username": name,
		"spell": anyTexts(strings.Fields(name)), "socialsString": "", "liveChatAccount": false,
	}
	for member, value := range unknownPerson() {
		if m[member] == nil {
			m[member] = value
		}
	}
	if last != "" {
		m["contactLastName"] = last
	}
	return m
}

// unknownPerson is what a ticket shows of a customer of whom there is no contact.
func unknownPerson() Members {
	return Members{
		"username": "", "socialAccounts": []any{}, "additionalFieldsObject": noValues, "availableTouchpoints": []any{},
		"contactPhoneFormatted": "", "rating": int64(0), "contactAccountIds": []any{}, "contactTouchpoints": []any{},
	}
}

// newContact is a customer whose account was seen. In live chat they gave an e-mail
// address and a number before; the mock makes the address up.
func (d *dolphins) newContact(id string, a account, at int64) Contact {
	c := Contact{ID: id, Members: person(id, a.name, at)}
	c.Members["additionalFieldValueAsMap"], c.Members["haveAnySocialAccounts"] = map[string]any{}, false
	d.join(&c, a)
	return c
}

// knows reports whether an account is the contact's already.
func (c Contact) knows(a account) bool {
	return slices.Contains(textsIn(c.Members["contactAccountIds"]), a.id)
}

// join gives a contact one more account. A customer has another ID in each channel.
func (d *dolphins) join(c *Contact, a account) {
	m := c.Members
	more(m, "contactAccountIds", a.id)
	mail, phone := "", ""
	switch a.channel.Type {
	case eMail:
		mail = a.id
	case liveChat:
		mail, phone = addressOf(a.name), digitsOf(a.id)
	case "whatsapp":
		mail, phone = addressOf(a.name), digitsOf(a.id)
	}
	if a.channel.Type == liveChat {
		m["liveChatAccount"] = true
	}
	if network := networks[a.channel.Type]; network != "" {
		screen := strings.ToLower(strings.ReplaceAll(a.name, " ", ""))
		if a.channel.Type == liveChat {
			screen = mail
		}
		m["haveAnySocialAccounts"] = true
		more(m, "socialAccounts", icon(strings.TrimSuffix(a.channel.Type, "bot")))
		more(m, "socialId"+network, a.id)
		more(m, "socialName"+network, a.name)
		more(m, "socialScreenName"+network, screen)
		m["socialsString"] = strings.TrimPrefix(m.text("socialsString")+","+screen, ",")
	}
	d.reach(c, mail, phone)
}

// reach gives a contact an e-mail address and a number, where they are known.
func (d *dolphins) reach(c *Contact, mail, phone string) {
	m := c.Members
	if mail != "" && more(m, "contactEmail", mail) {
		m["contactEmailString"] = strings.Join(textsIn(m["contactEmail"]), ",")
		more(m, "contactAccountIds", mail)
		more(m, "socialAccounts", icon(eMail))
		more(m, "availableTouchpoints", icon(eMail))
		more(m, "spell", mail)
		m["contactTouchpoints"] = append(itemsIn(m["contactTouchpoints"]), map[string]any{
			"id": d.idOf("touchpoint", c.ID, mail), "displayName": c.name(), "screenName": mail, "profilePicture": nil,
			"channelType": eMail, "channelTypeIcon": icon(eMail), "contactId": c.ID,
		})
	}
	if phone != "" && more(m, "phones", phone) {
		m["phonesString"] = strings.Join(textsIn(m["phones"]), ",")
		m["phoneTypes"] = append(itemsIn(m["phoneTypes"]), "Mobile")
		m["contactPhoneFormatted"] = m["phonesString"]
		more(m, "contactAccountIds", phone)
		more(m, "socialAccounts", "images/contact/ic_phone_red.png")
		more(m, "spell", phone)
	}
}

func icon(kind string) string { return "images/channel/ic_" + kind + ".png" }

// more appends a text to a list of them, unless it is there. It reports whether it
// was not.
func more(m Members, name, text string) bool {
	if slices.Contains(textsIn(m[name]), text) {
		return false
	}
	m[name] = append(itemsIn(m[name]), text)
	return true
}

// itemsIn copies a list, as lists of members that are stored are never changed.
func itemsIn(list any) []any {
	if items, ok := list.([]any); ok {
		return slices.Clone(items)
	}
	return anyTexts(textsIn(list))
}

func anyTexts(texts []string) []any {
	items := make([]any, len(texts))
	for i, text := range texts {
		items[i] = text
	}
	return items
}

// addressOf makes an e-mail address up: Teladan Pembeli's is
// teladan.pembeli@example.com.
func addressOf(name string) string {
	var words []string
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		word = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, word)
		if word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return strings.Join(words, ".") + "@example.com"
}

// digitsOf are the digits that an account begins with, if they can be a number:
// those of live chat are made of number and name.
func digitsOf(account string) string {
	digits := account[:len(account)-len(strings.TrimLeft(account, "0123456789"))]
	if len(digits) < 8 {
		return ""
	}
	return digits
}
