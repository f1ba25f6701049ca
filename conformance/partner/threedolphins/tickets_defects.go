package threedolphins

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/parleykit/parley/conformance/partner"
)

// How the client of the Ticket API gets and uses its token.
const (
	logsInWithGet          = "logs-in-with-get"
	logsInWithForm         = "logs-in-with-form"
	logsInWithEmail        = "logs-in-with-email"
	logsInElsewhere        = "logs-in-elsewhere"
	leavesBearerOut        = "leaves-bearer-out"
	writesBearerSmall      = "writes-bearer-small"
	writesTokenAsList      = "writes-token-as-list"
	inventsToken           = "invents-token"
	sendsTwoAuthorizations = "sends-two-authorizations"
	putsTokenIntoURL       = "puts-token-into-url"
	getsTokenForEachCall   = "gets-token-for-each-call"
	refreshesToken         = "refreshes-token"
	neverRenewsToken       = "never-renews-token"
	renewsTokenByClock     = "renews-token-by-clock"
	renewsTokenOnce        = "renews-token-once"
	repeatsWithOldToken    = "repeats-with-old-token"
	neverGivesUpAfter401   = "never-gives-up-after-401"
)

var ticketTokenDefects = []partner.Defect{
	{Name: logsInWithGet, About: "asks for a token with GET, name and password in the URL"},
	{Name: logsInWithForm, About: "asks for a token with a form instead of JSON"},
	{Name: logsInWithEmail, About: "asks for a token with email instead of username"},
	{Name: logsInElsewhere, About: "asks for a token at /graph/login"},
	{Name: leavesBearerOut, About: "sends its token without the word Bearer"},
	{Name: writesBearerSmall, About: "writes bearer with a small letter"},
	{Name: writesTokenAsList, About: "writes its token in brackets, as the page prints the placeholder"},
	{Name: inventsToken, About: "sends a token of its own invention"},
	{Name: sendsTwoAuthorizations, About: "sends the header Authorization twice"},
	{Name: putsTokenIntoURL, About: "sends its token as access_token in the URL as well"},
	{Name: getsTokenForEachCall, About: "gets a new token for each call"},
	{Name: refreshesToken, About: "renews its token by a call that no page documents"},
	{Name: neverRenewsToken, About: "gets one token and no other"},
	{Name: renewsTokenByClock, About: "gives up after 401, and renews its token at its expireAt only"},
	{Name: renewsTokenOnce, About: "gets a second token, and never a third"},
	{Name: repeatsWithOldToken, About: "repeats a call that was answered 401 with the same token first"},
	{Name: neverGivesUpAfter401, About: "repeats a call that is answered 401 on and on"},
}

// How it reads.
const (
	readsFirstPageOnly           = "reads-first-page-only"
	readsPagesTwice              = "reads-pages-twice"
	skipsResults                 = "skips-results"
	overlapsPages                = "overlaps-pages"
	startsAtOne                  = "starts-lists-at-one"
	countsPages                  = "counts-pages"
	readsPastTheEnd              = "reads-past-the-end"
	callsUndocumentedPath        = "calls-undocumented-path"
	misspellsPath                = "misspells-path"
	leavesBasePathOut            = "leaves-base-path-out"
	leavesValuesRaw              = "leaves-values-raw"
	encodesTwice                 = "encodes-twice"
	writesBlanksAsPlus           = "writes-blanks-as-plus"
	writesChannelTypeInCamelCase = "writes-channel-type-in-camel-case"
	readsDataByChannelID         = "reads-data-by-channel-id"
	namesContactInID             = "names-contact-in-id"
	writesDayFirst               = "writes-day-first"
	leavesFiltersOut             = "leaves-filters-out"
	writesTodayAsOne             = "writes-today-as-one"
)

var ticketReadDefects = []partner.Defect{
	{Name: readsFirstPageOnly, About: "takes the first page of a list for all of it"},
	{Name: readsPagesTwice, About: "asks for each page of a list twice"},
	{Name: skipsResults, About: "leaves one result out between two pages"},
	{Name: overlapsPages, About: "begins a page with the last result of the page before"},
	{Name: startsAtOne, About: "begins to read a list with start=1"},
	{Name: countsPages, About: "counts pages in start instead of results"},
	{Name: readsPastTheEnd, About: "reads on until a page is empty, whatever hasMore says"},
	{Name: callsUndocumentedPath, About: "calls /graph/agents, which no page documents"},
	{Name: misspellsPath, About: "writes contactByID instead of contactById"},
	{Name: leavesBasePathOut, About: "uploads to /graph/tickets/files, without /dolphin/apiv1"},
	{Name: leavesValuesRaw, About: "puts values into a path as they are"},
	{Name: encodesTwice, About: "percent-encodes values in a path twice"},
	{Name: writesBlanksAsPlus, About: "encodes values in a path as in a form, with + for a blank"},
	{Name: writesChannelTypeInCamelCase, About: "writes channelType instead of channel_type"},
	{Name: readsDataByChannelID, About: "sends the channel's ID as channel_type"},
	{Name: namesContactInID, About: "names the contact in id instead of contactId"},
	{Name: writesDayFirst, About: "writes dates as dd-MM-yyyy"},
	{Name: leavesFiltersOut, About: "leaves the filters out that it does not need"},
	{Name: writesTodayAsOne, About: "asks for the tickets of the day with isToday=1"},
}

// How it changes things.
const (
	repeatsChanges         = "repeats-changes"
	repeatsAtOnceAfter500  = "repeats-at-once-after-500"
	neverGivesUpAfter500   = "never-gives-up-after-500"
	sendsTextPlain         = "sends-text-plain"
	updatesWithPost        = "updates-with-post"
	sendsWithoutAgent      = "sends-message-without-agent"
	sendsTextForMessage    = "sends-text-for-message"
	namesChannelByID       = "names-channel-by-id"
	updatesWithoutAgent    = "updates-without-agent"
	copiesPrintedComma     = "copies-printed-comma"
	reassignsWithAgentID   = "reassigns-with-agent-id"
	escalatesToNumber      = "escalates-to-number"
	closesWithoutTicket    = "closes-without-ticket"
	transfersWithoutNumber = "transfers-without-number"
	uploadsAsJSON          = "uploads-as-json"
)

var ticketChangeDefects = []partner.Defect{
	{Name: repeatsChanges, About: "makes each change a second time after its success"},
	{Name: repeatsAtOnceAfter500, About: "repeats a call that was answered 500 without a pause"},
	{Name: neverGivesUpAfter500, About: "repeats a call that is answered 500 on and on"},
	{Name: sendsTextPlain, About: "sends JSON to the Ticket API as text/plain"},
	{Name: updatesWithPost, About: "updates a ticket with POST"},
	{Name: sendsWithoutAgent, About: "sends messages without replyAgent"},
	{Name: sendsTextForMessage, About: "sends the text of a message as text instead of message"},
	{Name: namesChannelByID, About: "sends the channel's ID as channelType"},
	{Name: updatesWithoutAgent, About: "updates a ticket without channelType and replyAgent"},
	{Name: copiesPrintedComma, About: "updates a ticket with the comma too many that the page prints"},
	{Name: reassignsWithAgentID, About: "names the new agent in agentId instead of teamMember"},
	{Name: escalatesToNumber, About: "sends supervisorId as a number"},
	{Name: closesWithoutTicket, About: "closes without saying which ticket"},
	{Name: transfersWithoutNumber, About: "transfers with the ticket in id instead of ticketNumber"},
	{Name: uploadsAsJSON, About: "uploads a file as text in JSON"},
}

// misstatedChanges are the defects of single changes.
var misstatedChanges = map[string]func(*ticketCall){
	updatesWithPost: at("/tickets/update", func(c *ticketCall) { c.method = http.MethodPost }),
	sendsWithoutAgent: at("/tickets/sendMessage", func(c *ticketCall) {
		delete(c.body, "replyAgent")
	}),
	sendsTextForMessage: at("/tickets/sendMessage", func(c *ticketCall) {
		c.body["text"] = c.body["message"]
		delete(c.body, "message")
	}),
	updatesWithoutAgent: at("/tickets/update", func(c *ticketCall) {
		maps.DeleteFunc(c.body, func(name string, _ any) bool { return name != "ticketNumber" })
	}),
	copiesPrintedComma: at("/tickets/update", func(c *ticketCall) {
		text, _ := json.Marshal(c.body)
		c.raw, c.kind, c.body = append(bytes.TrimSuffix(text, []byte("}")), ", }"...), "application/json", nil
	}),
	reassignsWithAgentID: at("/tickets/update/reassign", func(c *ticketCall) {
		c.body["agentId"] = c.body["teamMember"].(map[string]any)["id"]
		delete(c.body, "teamMember")
	}),
	escalatesToNumber:   at("/tickets/update/escalate", func(c *ticketCall) { c.body["supervisorId"] = 9 }),
	closesWithoutTicket: at("/tickets/update/close", func(c *ticketCall) { c.body = map[string]any{} }),
	transfersWithoutNumber: at("/tickets/update/transfer", func(c *ticketCall) {
		c.body = map[string]any{"id": c.body["ticketNumber"]}
	}),
}

// at applies a change to the call of one path.
func at(path string, misstate func(*ticketCall)) func(*ticketCall) {
	return func(c *ticketCall) {
		if strings.EqualFold(c.path, path) {
			misstate(c)
		}
	}
}
