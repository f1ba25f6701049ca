package threedolphins

import "github.com/parleykit/parley/conformance/partner"

// What the webhook takes, and what it answers.
const (
	answers201                = "answers-201"
	answersInHTML             = "answers-in-html"
	answersWithError          = "answers-with-error"
	knowsTextOnly             = "knows-text-only"
	knowsSmallLettersOnly     = "knows-small-letters-only"
	breaksOnSticker           = "breaks-on-sticker"
	breaksOnEmptyLanguage     = "breaks-on-empty-language"
	breaksWithoutAdditional   = "breaks-without-additional"
	breaksOnRoom              = "breaks-on-room"
	breaksWithoutCustomerName = "breaks-without-customer-name"
	breaksOnUnknownField      = "breaks-on-unknown-field"
	refusesUnknownChannel     = "refuses-unknown-channel"
	breaksOnEmoji             = "breaks-on-emoji"
	breaksOnOtherScripts      = "breaks-on-other-scripts"
	breaksOnLongText          = "breaks-on-long-text"
	breaksOnLineBreaks        = "breaks-on-line-breaks"
	breaksOnQuotes            = "breaks-on-quotes"
	breaksOnMarkup            = "breaks-on-markup"
	breaksOnWhiteSpace        = "breaks-on-white-space"
)

var webhookDefects = []partner.Defect{
	{Name: answers201, About: "answers 201 to an Incoming Event"},
	{Name: answersInHTML, About: "answers 200 and an HTML page to an Incoming Event"},
	{Name: answersWithError, About: "answers 200 and a body that tells of an error to an Incoming Event"},
	{Name: knowsTextOnly, About: "breaks on every type of message but text"},
	{Name: knowsSmallLettersOnly, About: "breaks on Location, because it looks for location"},
	{Name: breaksOnSticker, About: "breaks on the text Sticker"},
	{Name: breaksOnEmptyLanguage, About: "breaks on an empty language"},
	{Name: breaksWithoutAdditional, About: "breaks without groupId or language"},
	{Name: breaksOnRoom, About: "breaks on a groupId that is not empty"},
	{Name: breaksWithoutCustomerName, About: "breaks on an empty customerName"},
	{Name: breaksOnUnknownField, About: "breaks on a member that the page does not name"},
	{Name: refusesUnknownChannel, About: "breaks on a channel that it does not know"},
	{Name: breaksOnEmoji, About: "breaks on characters beyond the basic plane"},
	{Name: breaksOnOtherScripts, About: "breaks on letters that are not Latin"},
	{Name: breaksOnLongText, About: "breaks on a message of more than 4 KiB"},
	{Name: breaksOnLineBreaks, About: "breaks on line breaks and tabs in a message"},
	{Name: breaksOnQuotes, About: "breaks on quotes and backslashes in a message or a name"},
	{Name: breaksOnMarkup, About: "breaks on < > & in a message"},
	{Name: breaksOnWhiteSpace, About: "breaks on line breaks between the members of a body"},
}

// How much is taken at once, and twice.
const (
	refusesRepeats      = "refuses-repeats"
	serial              = "serial"
	slowAcknowledgement = "slow-acknowledgement"
	answers429ToBurst   = "answers-429-to-burst"
)

var loadDefects = []partner.Defect{
	{Name: refusesRepeats, About: "answers 409 to an Incoming Event that it had before"},
	{Name: serial, About: "answers 500 to an Incoming Event while it handles another"},
	{Name: slowAcknowledgement, About: "from the fifth message of a ticket on, does its work before it acknowledges"},
	{Name: answers429ToBurst, About: "answers 429 from the sixteenth message of a ticket on"},
}

// What is no Incoming Event, and taken for one.
const (
	acceptsAnyContentType = "accepts-any-content-type"
	acceptsInvalidJSON    = "accepts-invalid-json"
	acceptsEmptyBody      = "accepts-empty-body"
	acceptsAnyJSON        = "accepts-any-json"
	acceptsMissingMembers = "accepts-missing-members"
	acceptsWrongTypes     = "accepts-wrong-types"
	breaksOffAtInvalid    = "breaks-off-at-invalid-json"
)

var bodyDefects = []partner.Defect{
	{Name: acceptsAnyContentType, About: "does not look at the content type"},
	{Name: acceptsInvalidJSON, About: "answers success to a body that is no JSON"},
	{Name: acceptsEmptyBody, About: "answers success to no body at all"},
	{Name: acceptsAnyJSON, About: "answers success to JSON that is no object"},
	{Name: acceptsMissingMembers, About: "answers success to an event that lacks a mandatory member"},
	{Name: acceptsWrongTypes, About: "answers success to an event whose members are no texts"},
	{Name: breaksOffAtInvalid, About: "closes the connection when a body is no JSON"},
}

// Its Outgoing Events, and the form of both.
const (
	neverReplies            = "never-replies"
	sendsNoTicketNumber     = "sends-no-ticket-number"
	sendsNoChannel          = "sends-no-channel"
	sendsNoMessageType      = "sends-no-message-type"
	sendsTextInstead        = "sends-text-instead-of-message"
	sendsNoMediaLink        = "sends-no-media-link"
	sendsNoCustomerName     = "sends-no-customer-name"
	sendsNoOwner            = "sends-no-owner"
	sendsMessageAsObject    = "sends-message-as-object"
	sendsNumericTicket      = "sends-numeric-ticket"
	sendsNullMediaLink      = "sends-null-media-link"
	sendsRelativeMediaLink  = "sends-relative-media-link"
	sendsMediaLinkAsList    = "sends-media-link-as-list"
	sendsMediaWithoutName   = "sends-media-without-customer-name"
	sendsUnknownType        = "sends-unknown-type"
	sendsLinkInMessage      = "sends-link-in-message"
	sendsMediaAsText        = "sends-media-as-text"
	sendsLocationInWords    = "sends-location-in-words"
	sendsLocationAsObject   = "sends-location-as-object"
	sendsCreatedDateInWords = "sends-created-date-in-words"
	sendsCurlyQuotes        = "sends-curly-quotes"
	sendsList               = "sends-list"
	sendsAsText             = "sends-as-text"
	sendsAsForm             = "sends-as-form"
	sendsLatin1             = "sends-latin-1"
	sendsWithPut            = "sends-with-put"
	sendsElsewhere          = "sends-elsewhere"
	answersDocumentedTicket = "answers-documented-ticket"
	answersFirstTicket      = "answers-first-ticket"
	answersMediaElsewhere   = "answers-media-in-first-ticket"
	answersLastTicket       = "answers-last-ticket"
	sendsWhatsAppAlways     = "sends-whatsapp-always"
	sendsDocumentedOwner    = "sends-documented-owner"
	shortensCustomerName    = "shortens-customer-name"
	escapesCustomerName     = "escapes-customer-name"
	misreadsCustomerName    = "misreads-customer-name"
	stripsAccents           = "strips-accents"
	namesFirstCustomer      = "names-first-customer"
	renamesCustomer         = "renames-customer"
)

var outgoingDefects = []partner.Defect{
	{Name: neverReplies, About: "answers no customer"},
	{Name: sendsNoTicketNumber, About: "sends replies without ticketNumber"},
	{Name: sendsNoChannel, About: "sends replies without channel"},
	{Name: sendsNoMessageType, About: "sends replies without messageType"},
	{Name: sendsTextInstead, About: "calls the message text"},
	{Name: sendsNoMediaLink, About: "leaves mediaLink out where there is no media"},
	{Name: sendsNoCustomerName, About: "sends replies without customerName"},
	{Name: sendsNoOwner, About: "sends replies without owner"},
	{Name: sendsMessageAsObject, About: "sends the message as an object"},
	{Name: sendsNumericTicket, About: "sends the ticket's number as a number"},
	{Name: sendsNullMediaLink, About: "sends null for a mediaLink without media"},
	{Name: sendsRelativeMediaLink, About: "sends a mediaLink without scheme and host"},
	{Name: sendsMediaLinkAsList, About: "sends a list with the mediaLink of media in it"},
	{Name: sendsMediaWithoutName, About: "leaves customerName out of replies with media"},
	{Name: sendsUnknownType, About: "calls a text plain"},
	{Name: sendsLinkInMessage, About: "writes the URL of media into message"},
	{Name: sendsMediaAsText, About: "sends an image, video, audio or file as a text with a mediaLink"},
	{Name: sendsLocationInWords, About: "sends a location as the name of a place"},
	{Name: sendsLocationAsObject, About: "sends a location as an object with latitude and longitude"},
	{Name: sendsCreatedDateInWords, About: "adds a createdDate in words"},
	{Name: sendsCurlyQuotes, About: "writes curly quotes into its JSON, as the page prints them"},
	{Name: sendsList, About: "sends a list with the event in it"},
	{Name: sendsAsText, About: "sends JSON as text/plain"},
	{Name: sendsAsForm, About: "sends JSON as a form"},
	{Name: sendsLatin1, About: "sends its replies in Windows-1252, not in UTF-8"},
	{Name: sendsWithPut, About: "sends its events with PUT"},
	{Name: sendsElsewhere, About: "sends its events to the path sendMessage"},
	{Name: answersDocumentedTicket, About: "names the ticket of the page's sample in its replies"},
	{Name: answersFirstTicket, About: "answers every customer in the first ticket that it ever had"},
	{Name: answersMediaElsewhere, About: "answers media in the first ticket that it ever had"},
	{Name: answersLastTicket, About: "thinks for a while, and then answers the customer who wrote last"},
	{Name: sendsWhatsAppAlways, About: "names whatsapp whatever the ticket's channel is"},
	{Name: sendsDocumentedOwner, About: "names the owner of the page's samples whatever the ticket's is"},
	{Name: shortensCustomerName, About: "sends the customer's first name only"},
	{Name: escapesCustomerName, About: "escapes the customer's name for HTML"},
	{Name: misreadsCustomerName, About: "takes the bytes of the customer's name for Latin-1"},
	{Name: stripsAccents, About: "sends the customer's name without its accents"},
	{Name: namesFirstCustomer, About: "calls every customer by the name of the first that it ever had"},
	{Name: renamesCustomer, About: "calls every customer Pelanggan"},
}

// Its Command Events.
const (
	closesWithoutTicketNumber = "closes-without-ticket-number"
	closesWithoutChannel      = "closes-without-channel"
	closesWithoutOwner        = "closes-without-owner"
	closesWithoutEvent        = "closes-without-event"
	closesInSmallLetters      = "closes-in-small-letters"
	closesAsClosed            = "closes-as-closed"
	closesDocumentedTicket    = "closes-documented-ticket"
	closesNewestTicket        = "closes-newest-ticket"
	closesFirstTicket         = "closes-first-ticket"
	closesWithList            = "closes-with-list"
	closesAtOutgoingURL       = "closes-at-outgoing-url"
	closesWithSlash           = "closes-with-slash"
	closesAtRoot              = "closes-at-root"
)

var commandDefects = []partner.Defect{
	{Name: closesWithoutTicketNumber, About: "closes a ticket without ticketNumber"},
	{Name: closesWithoutChannel, About: "closes a ticket without channel"},
	{Name: closesWithoutOwner, About: "closes a ticket without owner"},
	{Name: closesWithoutEvent, About: "closes a ticket without event"},
	{Name: closesInSmallLetters, About: "writes the event close in small letters"},
	{Name: closesAsClosed, About: "names the status Closed instead of the event Close"},
	{Name: closesDocumentedTicket, About: "closes the ticket of the page's sample"},
	{Name: closesNewestTicket, About: "closes the ticket of the customer who wrote last, whichever it is asked to close"},
	{Name: closesFirstTicket, About: "closes the first ticket that it ever had, whichever it is asked to close"},
	{Name: closesWithList, About: "sends a list with the Command Event in it"},
	{Name: closesAtOutgoingURL, About: "sends Command Events to the URL of Outgoing Events"},
	{Name: closesWithSlash, About: "sends Command Events to their URL with a slash at its end"},
	{Name: closesAtRoot, About: "sends Command Events to /command"},
}

// What it sends again.
const (
	sendsRepliesTwice        = "sends-replies-twice"
	closesTwice              = "closes-twice"
	neverRetriesAfter401     = "never-retries-after-401"
	neverRetriesAfter500     = "never-retries-after-500"
	neverRetriesAfterSilence = "never-retries-after-silence"
	neverRetriesCommands     = "never-retries-commands"
	changesMessageOnRetry    = "changes-message-on-retry"
	retriesElsewhere         = "retries-elsewhere"
)

var repeatDefects = []partner.Defect{
	{Name: sendsRepliesTwice, About: "sends a reply again after it was taken"},
	{Name: closesTwice, About: "closes a ticket again after the first Close was taken"},
	{Name: neverRetriesAfter401, About: "takes 401 for success"},
	{Name: neverRetriesAfter500, About: "takes 500 for success"},
	{Name: neverRetriesAfterSilence, About: "takes a broken connection for success"},
	{Name: neverRetriesCommands, About: "does not look at the answer to its Command Events"},
	{Name: changesMessageOnRetry, About: "changes the message when it sends a reply again"},
	{Name: retriesElsewhere, About: "sends an event again to the path sendMessage"},
}
