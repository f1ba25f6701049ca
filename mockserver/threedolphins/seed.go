package threedolphins

import (
	"time"

	"github.com/parleykit/parley/mockserver/store"
)

// What the samples of the contract name, and a fresh sandbox therefore has.
const (
	KnownTicket     = "294c9ea88f7e649f8c37ae895ebab247"
	KnownContact    = "d61d77735f3fe08bcf6d6b96fa06ba9d"
	KnownAccount    = "620000000001"
	KnownAgent      = "a0000000000000000000000000000001"
	KnownSupervisor = "a0000000000000000000000000000009"
	KnownOwner      = "82ab0fd5cfd1e80d1ff97c0cfc9aaaa"
	KnownChannel    = "c0000000000000000000000000000001" // of type whatsapp
	LiveChatChannel = "c0000000000000000000000000000002" // of type webchat
	LiveChatAccount = "620000000002-CONTOH"
	KnownFile       = "f0000000000000000000000000000001" // as if uploaded
	KnownRule       = "e0000000000000000000000000000001" // routes tickets to agents
	KnownBot        = "b0000000000000000000000000000009" // answers as the third party does
	KnownGroup      = "90000000000000000000000000000001" // of agents
)

// system is who changes what no agent changes.
const system = KnownOwner

// bot answers where no agent does.
const bot = "Bot"

// seed gives 3Dolphins agents, channels, contacts and tickets of its own. All
// people are invented. Memory does not fail, so that errors are defects.
func (d *dolphins) seed() {
	for _, a := range []Agent{
		{KnownAgent, "Agen Contoh"}, {"a0000000000000000000000000000002", "Agen Misal"},
		{"a0000000000000000000000000000003", "Agen Teladan"}, {KnownSupervisor, "Penyelia Contoh"},
	} {
		must(store.Put(d.agents, a.ID, a))
	}
	for _, c := range []ServiceChannel{
		{KnownChannel, "620000009999", "whatsapp", "Contoh WhatsApp"},
		{LiveChatChannel, "contoh-webchat", liveChat, "Contoh Live Chat"},
		{telegramChannel, "contoh_bot", "telegrambot", "Contoh Telegram"},
		{mailChannel, "layanan@example.com", eMail, "Contoh E-mail"},
		{twitterChannel, "contoh_twitter", "twitter", "Contoh Twitter"},
	} {
		must(store.Put(d.channels, c.ID, c))
	}
	file := content{KnownFile, []byte(`{"berkas":"contoh"}`)}
	must(store.Put(d.files, file.ID, File{ID: file.ID, Name: "contoh.json", Type: "application/json", Size: int64(len(file.Data))}))
	must(d.keep(file))
	for _, t := range seededTickets {
		d.seedTicket(t)
	}
	d.seedWhole()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

const (
	telegramChannel = "c0000000000000000000000000000003"
	mailChannel     = "c0000000000000000000000000000004"
	twitterChannel  = "c0000000000000000000000000000005"
)

// seeded is a ticket that exists from the start.
type seeded struct {
	number, channel, account, contact, message string

	status   string
	age      time.Duration // since the ticket was created
	severity string
	priority bool
	members  Members // that nothing here says otherwise
}

// seededTickets are the oldest first. A ticket without a number gets one from the
// seed. Customers of one name are one contact with an account in each channel.
var seededTickets = []seeded{
	{channel: mailChannel, account: "misal.nasabah@example.com", contact: "Misal Nasabah", message: "Saldo saya berapa?", status: closed, age: 50 * time.Hour, members: Members{
		"subject": "Saldo", "subjectChanged": true, "group": KnownGroup, "toGroup": KnownGroup, "replyCc": "arsip@example.com",
		"ccList": []any{"arsip@example.com", "penyelia@example.com", "mutu@example.com"},
	}},
	{channel: LiveChatChannel, account: LiveChatAccount, contact: "Teladan Pembeli", message: "/start", status: closed, age: 26 * time.Hour, severity: "High"},
	{channel: telegramChannel, account: "900000001", contact: "Umpama", message: "/start", status: closed, age: 25 * time.Hour, severity: "Low"},
	{channel: KnownChannel, account: "620000000003", contact: "Misal Nasabah", message: "Kartu saya hilang", status: assigned, age: 55 * time.Minute, severity: "High", priority: true},
	{channel: twitterChannel, account: "contoh_andai", contact: "Andai Pengguna", message: "@contoh_twitter Halo", status: unassigned, age: 50 * time.Minute, members: Members{
		"mention": true, "followerCount": int64(6), "friendCount": int64(6), "profileLink": "https://pictures.example.com/contoh_andai.png", "ticketTags": []any{"default"},
	}},
	{channel: LiveChatChannel, account: "620000000004-CONTOH", contact: "Contoh Penanya", message: "Sambungkan ke CS", status: open, age: 45 * time.Minute, severity: "Medium"},
	{channel: KnownChannel, account: "620000000005", contact: "Contoh Pelapor", message: "Pesanan belum tiba", status: pending, age: 40 * time.Minute, severity: "Low"},
	{channel: LiveChatChannel, account: LiveChatAccount, contact: "Teladan Pembeli", message: "Halo lagi", status: pending, age: 35 * time.Minute, members: Members{"botId": KnownBot}},
	{channel: KnownChannel, account: "620000000006", contact: "Contoh Pembayar", message: "Tagihan saya salah", status: unassigned, age: 30 * time.Minute, severity: "High", priority: true},
	{channel: telegramChannel, account: "900000001", contact: "Umpama", message: "Ada promo?", status: unassigned, age: 25 * time.Minute},
	{channel: LiveChatChannel, account: "620000000007-CONTOH", contact: "Contoh Tamu", message: "Jam buka?", status: assigned, age: 20 * time.Minute, members: Members{
		"online": false, "onlineDate": nil, "guest": false, "ticketTags": []any{"Fitur - Live Chat", "default"},
	}},
	{number: KnownTicket, channel: KnownChannel, account: KnownAccount, contact: "Contoh Pelanggan", message: "Halo", status: assigned, age: 15 * time.Minute},
}

// seedTicket makes a ticket go through its life.
func (d *dolphins) seedTicket(s seeded) {
	channel, err := d.channels.Get(s.channel)
	must(err)
	created := d.present().Add(-s.age)
	if s.age < time.Hour {
		created = d.today(created)
	}
	number := s.number
	if number == "" {
		number = d.newID()
	}
	contact, err := d.contactOf(account{channel, s.account, s.contact}, s.contactID(d), created.UnixMilli())
	must(err)
	t := d.newTicket(number, channel, s.account, contact, s.message, created.UnixMilli())
	if s.severity != "" {
		t.Members["severity"] = s.severity
	}
	t.Members["priority"] = s.priority
	onto(t.Members, s.members)
	m := d.newMessage(t, created.UnixMilli())
	d.opening(&m, t)
	must(store.Put(d.messages, m.ID, m))
	d.seedLife(&t, s.status, created)
	must(store.Put(d.tickets, t.Number, t))
}

// contactID is the printed one for the customer of the known ticket, and follows
// from the name for others.
func (s seeded) contactID(d *dolphins) string {
	if s.account == KnownAccount {
		return KnownContact
	}
	return d.idOf("contact", s.contact)
}

// seedWhole makes one contact as whole as the samples know any: with an account in
// Telegram beside that of live chat.
func (d *dolphins) seedWhole() {
	_, err := d.contacts.Update(d.idOf("contact", "Teladan Pembeli"), func(c *Contact) error {
		c.own()
		d.join(c, account{ServiceChannel{Type: "telegrambot"}, "900000008", "Teladan Pembeli"})
		c.Members["correlationId"], c.Members["birthdayFormatted"], c.Members["additionalField"] = LiveChatAccount, "11 August 1995", noItems
		return nil
	})
	must(err)
}

// today moves what would be of yesterday to the beginning of today, so that lists
// of today's tickets are never empty at the start.
func (d *dolphins) today(t time.Time) time.Time {
	now := d.clock(d.present())
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	if t.Before(midnight) {
		return midnight
	}
	return t
}

// seedLife takes a ticket to a status, one second for each step.
func (d *dolphins) seedLife(t *Ticket, status string, created time.Time) {
	at := created.UnixMilli()
	step := func() int64 { at = min(at+1000, d.now()); return at }
	if status == unassigned {
		return
	}
	d.assign(t, KnownAgent, step())
	if status == assigned {
		return
	}
	d.reply(t, KnownAgent, step())
	m := d.answerTo(*t, KnownAgent, "Selamat datang, "+t.Members.text("accountName"), at)
	must(store.Put(d.messages, m.ID, m))
	t.Members["lastMessage"] = m.Members["message"]
	switch status {
	case open:
		d.written(t, step())
	case closed:
		d.end(t, KnownAgent, "Resolved", step())
	}
}
