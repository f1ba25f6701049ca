package elma365

import (
	"github.com/parleykit/parley/conformance/partner"
)

// Who is verified, and how.
const (
	verifiesNothing            = "verifies-nothing"
	acceptsAnyToken            = "accepts-any-token"
	acceptsAnyTokenOfReadMarks = "accepts-any-token-of-read-marks"
	acceptsEmptyToken          = "accepts-empty-token"
	acceptsMissingToken        = "accepts-missing-token"
	acceptsTokenOfOtherType    = "accepts-token-of-other-type"
	comparesTokenByPrefix      = "compares-token-by-prefix"
	acceptsLongerToken         = "accepts-longer-token"
	trimsToken                 = "trims-token"
	ignoresTokenCase           = "ignores-token-case"
	answers403ToWrongToken     = "answers-403-to-wrong-token"
	answers404WithoutChannel   = "answers-404-without-channel"
	readsBodyBeforeToken       = "reads-body-before-token"
	actsBeforeVerifying        = "acts-before-verifying"
	acceptsUnknownChannel      = "accepts-unknown-channel"
	answers400ToUnknownChannel = "answers-400-to-unknown-channel"
	ignoresOptionalChannel     = "ignores-optional-channel"
	acceptsAfterDisconnect     = "accepts-after-disconnect"
)

var verifyDefects = []partner.Defect{
	{Name: verifiesNothing, About: "compares neither channel nor token"},
	{Name: acceptsAnyToken, About: "does not compare the token"},
	{Name: acceptsAnyTokenOfReadMarks, About: "does not compare the token of markAsRead"},
	{Name: acceptsEmptyToken, About: "takes an empty token for the right one"},
	{Name: acceptsMissingToken, About: "takes an event without a token"},
	{Name: acceptsTokenOfOtherType, About: "takes a token that is no string"},
	{Name: comparesTokenByPrefix, About: "takes every beginning of the token for the token"},
	{Name: acceptsLongerToken, About: "takes whatever begins with the token"},
	{Name: trimsToken, About: "cuts white space off a token before it compares"},
	{Name: ignoresTokenCase, About: "takes capital and small letters of a token for the same"},
	{Name: answers403ToWrongToken, About: "answers 403 to a wrong token"},
	{Name: answers404WithoutChannel, About: "answers 404 to a wrong token of an event that names no channel"},
	{Name: readsBodyBeforeToken, About: "answers 500, not 401, to an event whose token is missing or no string"},
	{Name: actsBeforeVerifying, About: "does what an event asks for and refuses it afterwards"},
	{Name: acceptsUnknownChannel, About: "answers 200 to a channel that it does not know"},
	{Name: answers400ToUnknownChannel, About: "answers 400 to a channel that it does not know"},
	{Name: ignoresOptionalChannel, About: "does not look at the channelId of messageOutcome, userInfo and markAsRead"},
	{Name: acceptsAfterDisconnect, About: "knows every channel again once one was disconnected"},
}

// What becomes of each event.
const (
	answers201                     = "answers-201"
	refusesNewChannel              = "refuses-new-channel"
	refusesSecondConnect           = "refuses-second-connect"
	refusesConnectAfterDisconnect  = "refuses-connect-after-disconnect"
	refusesDisconnect              = "refuses-disconnect"
	disconnectsAllChannels         = "disconnects-all-channels"
	refusesFailedOutcome           = "refuses-failed-outcome"
	refusesOutcomeOfUnknownMessage = "refuses-outcome-of-unknown-message"
	expectsSummaryNames            = "expects-summary-names"
	refusesRepeats                 = "refuses-repeats"
	answersUserInfoInHTML          = "answers-user-info-in-html"
	answersUserInfoWithList        = "answers-user-info-with-list"
	answersUserInfoEmpty           = "answers-user-info-empty"
	failsOnUnknownUser             = "fails-on-unknown-user"
	breaksOnChannelID              = "breaks-on-optional-channel"
	breaksWithoutFiles             = "breaks-without-files"
	breaksWithoutText              = "breaks-without-text"
	refusesUnknownChat             = "refuses-unknown-chat"
	keepsChatsApart                = "keeps-chats-apart"
	knowsLatestChat                = "knows-latest-chat"
	answersLoginPage               = "answers-login-page"
	answersErrorIn200              = "answers-error-in-200"
	answersSameUser                = "answers-same-user"
	answersFirstUser               = "answers-first-user"
	answersSameLogin               = "answers-same-login"
	answersAllUsers                = "answers-all-users"
	answersAvatarAsURL             = "answers-avatar-as-url"
)

var eventDefects = []partner.Defect{
	{Name: answers201, About: "answers 201 where 200 is due"},
	{Name: refusesNewChannel, About: "connects one channel and no other"},
	{Name: refusesSecondConnect, About: "answers 500 to the connect of a channel that it knows"},
	{Name: refusesConnectAfterDisconnect, About: "cannot be connected once a channel was disconnected"},
	{Name: refusesDisconnect, About: "answers 500 to disconnect"},
	{Name: disconnectsAllChannels, About: "forgets all channels when one is disconnected"},
	{Name: refusesFailedOutcome, About: "answers 500 to a messageOutcome without success"},
	{Name: refusesOutcomeOfUnknownMessage, About: "answers 404 to a messageOutcome of a message that it has not sent"},
	{Name: expectsSummaryNames, About: "knows the types by the names in the page's summary"},
	{Name: refusesRepeats, About: "answers 409 to a message that it had before"},
	{Name: answersUserInfoInHTML, About: "answers 200 and an HTML page to userInfo"},
	{Name: answersUserInfoWithList, About: "answers a list to userInfo"},
	{Name: answersUserInfoEmpty, About: "answers an empty object to userInfo for users that it knows"},
	{Name: failsOnUnknownUser, About: "answers 500 to userInfo for a user that it does not know"},
	{Name: breaksOnChannelID, About: "breaks on messageOutcome, userInfo and markAsRead with channelId"},
	{Name: breaksWithoutFiles, About: "breaks on a message without files"},
	{Name: breaksWithoutText, About: "breaks on a message without text"},
	{Name: refusesUnknownChat, About: "answers 404 to a message for a chat that it does not have, as it well may"},
	{Name: keepsChatsApart, About: "answers 404 to a message for a chat in a channel in which nobody has written from there, as it well may"},
	{Name: knowsLatestChat, About: "answers 404 to a message for another chat than the one in which a client wrote last"},
	{Name: answersLoginPage, About: "answers 200 and the page of a login to a message"},
	{Name: answersErrorIn200, About: "answers 200 and {\"status\":\"error\"} to a message"},
	{Name: answersSameUser, About: "answers userInfo with the data of one user, whoever is asked for"},
	{Name: answersFirstUser, About: "answers userInfo for each of its users with the data of the first"},
	{Name: answersSameLogin, About: "answers userInfo with one login for all users"},
	{Name: answersAllUsers, About: "answers userInfo with a list of all users"},
	{Name: answersAvatarAsURL, About: "answers userInfo with the address of an avatar"},
}

// What is read, and how.
const (
	acceptsAnyMethod      = "accepts-any-method"
	acceptsAnyContentType = "accepts-any-content-type"
	acceptsInvalidJSON    = "accepts-invalid-json"
	acceptsEmptyBody      = "accepts-empty-body"
	acceptsAnyJSON        = "accepts-any-json"
	acceptsUnknownType    = "accepts-unknown-type"
	acceptsMissingType    = "accepts-missing-type"
	ignoresTypeCase       = "ignores-type-case"
	acceptsMissingData    = "accepts-missing-data"
	acceptsWrongTypes     = "accepts-wrong-types"
	acceptsEmptyMessage   = "accepts-empty-message"
	answers400            = "answers-400"
	answers405            = "answers-405"
	answers415            = "answers-415"
	readsURLInLowerCase   = "reads-url-in-lower-case"
	breaksOnUnknownField  = "breaks-on-unknown-field"
	breaksOnEmoji         = "breaks-on-emoji"
	breaksOnRightToLeft   = "breaks-on-right-to-left"
	breaksOnLongText      = "breaks-on-long-text"
	breaksOnLineBreaks    = "breaks-on-line-breaks"
	breaksOnQuotes        = "breaks-on-quotes-in-names"
	breaksOnEmptyFiles    = "breaks-on-empty-files"
	breaksOnSeveralFiles  = "breaks-on-several-files"
	breaksOnMissingSize   = "breaks-on-missing-size"
	breaksOnWhiteSpace    = "breaks-on-white-space"
)

var bodyDefects = []partner.Defect{
	{Name: acceptsAnyMethod, About: "takes an event by any method"},
	{Name: acceptsAnyContentType, About: "does not look at the content type"},
	{Name: acceptsInvalidJSON, About: "answers 200 to a body that is no JSON"},
	{Name: acceptsEmptyBody, About: "answers 200 to no body at all"},
	{Name: acceptsAnyJSON, About: "answers 200 to JSON that is no object"},
	{Name: acceptsUnknownType, About: "answers 200 to a type that it does not know"},
	{Name: acceptsMissingType, About: "answers 200 to an event without a type"},
	{Name: ignoresTypeCase, About: "takes capital and small letters of a type for the same"},
	{Name: acceptsMissingData, About: "answers 200 to an event whose data lacks what it needs"},
	{Name: acceptsWrongTypes, About: "answers 200 to an event whose data has the wrong types"},
	{Name: acceptsEmptyMessage, About: "answers 200 to a message with neither text nor files"},
	{Name: answers400, About: "answers 400 to a body that it cannot execute"},
	{Name: answers405, About: "answers 405 to a method other than POST"},
	{Name: answers415, About: "answers 415 to a content type other than JSON"},
	{Name: readsURLInLowerCase, About: "looks for url instead of URL, and breaks without it"},
	{Name: breaksOnUnknownField, About: "breaks on a member that the page does not name"},
	{Name: breaksOnEmoji, About: "breaks on characters beyond the basic plane"},
	{Name: breaksOnRightToLeft, About: "breaks on Hebrew and Arabic letters"},
	{Name: breaksOnLongText, About: "breaks on a text of more than 16 KiB"},
	{Name: breaksOnLineBreaks, About: "breaks on line breaks and tabs in a text"},
	{Name: breaksOnQuotes, About: "breaks on quotes and backslashes in the name of a file"},
	{Name: breaksOnEmptyFiles, About: "breaks on an empty list of files"},
	{Name: breaksOnSeveralFiles, About: "breaks on more than one file"},
	{Name: breaksOnMissingSize, About: "breaks on a file without size"},
	{Name: breaksOnWhiteSpace, About: "breaks on line breaks between the members of a body"},
}

// How much is taken at once.
const (
	serial              = "serial"
	slowAcknowledgement = "slow-acknowledgement"
	answers429ToBurst   = "answers-429-to-burst"
)

var loadDefects = []partner.Defect{
	{Name: serial, About: "answers 500 to a message while it handles another"},
	{Name: slowAcknowledgement, About: "from the fifth message of a chat on, does its work before it acknowledges"},
	{Name: answers429ToBurst, About: "answers 429 from the sixteenth message of a chat on"},
}

// Its own calls.
const (
	addsToURL               = "adds-to-url"
	keepsFirstURL           = "keeps-first-url"
	callsAnotherChannel     = "calls-another-channel"
	sendsWrongToken         = "sends-wrong-token"
	sendsNoToken            = "sends-no-token"
	sendsTypeInCapitals     = "sends-type-in-capitals"
	sendsNoBreakSpaces      = "sends-no-break-spaces"
	sendsList               = "sends-list"
	sendsAsText             = "sends-as-text"
	sendsWithPut            = "sends-with-put"
	sendsNoMessageID        = "sends-no-message-id"
	sendsNumericIDs         = "sends-numeric-ids"
	sendsNoChat             = "sends-no-chat"
	sendsNoUser             = "sends-no-user"
	sendsEmptyMessage       = "sends-empty-message"
	sendsTextAsList         = "sends-text-as-list"
	sendsFilesAsObject      = "sends-files-as-object"
	sendsFileWithoutName    = "sends-file-without-name"
	sendsURLInLowerCase     = "sends-url-in-lower-case"
	sendsChatNameAsObject   = "sends-chat-name-as-object"
	sendsNullFiles          = "sends-null-files"
	inventsType             = "invents-type"
	usesOneID               = "uses-one-id"
	asksWithoutUserID       = "asks-without-user-id"
	asksByOwnType           = "asks-by-own-type"
	asksInWords             = "asks-in-words"
	asksAsText              = "asks-as-text"
	endsByOwnType           = "ends-by-own-type"
	callsAfterOwnDisconnect = "calls-after-own-disconnect"
)

var callDefects = []partner.Defect{
	{Name: addsToURL, About: "adds a query to the URL of connect"},
	{Name: keepsFirstURL, About: "keeps the URL of a channel's first connect"},
	{Name: callsAnotherChannel, About: "calls the channel of the page's samples instead of its own"},
	{Name: sendsWrongToken, About: "sends another token than the confirmation string"},
	{Name: sendsNoToken, About: "sends no token"},
	{Name: sendsTypeInCapitals, About: "writes the type in capital letters"},
	{Name: sendsNoBreakSpaces, About: "separates members by no-break spaces, as the page prints them"},
	{Name: sendsList, About: "sends a list with the object in it"},
	{Name: sendsAsText, About: "sends JSON as text/plain"},
	{Name: sendsWithPut, About: "calls with PUT"},
	{Name: sendsNoMessageID, About: "sends messages without externalMessageId"},
	{Name: sendsNumericIDs, About: "sends the chat's and the user's ID as numbers"},
	{Name: sendsNoChat, About: "sends messages without externalChatId"},
	{Name: sendsNoUser, About: "sends messages without externalUserId"},
	{Name: sendsEmptyMessage, About: "sends messages with neither text nor files"},
	{Name: sendsTextAsList, About: "sends the text as a list of lines"},
	{Name: sendsFilesAsObject, About: "sends one file as an object instead of a list"},
	{Name: sendsFileWithoutName, About: "sends files without a name"},
	{Name: sendsURLInLowerCase, About: "writes url instead of URL in its files"},
	{Name: sendsChatNameAsObject, About: "sends the chat's name as an object"},
	{Name: sendsNullFiles, About: "sends null where a message has no files"},
	{Name: inventsType, About: "tells that a client is typing, by a type of its own"},
	{Name: usesOneID, About: "gives all messages one externalMessageId"},
	{Name: asksWithoutUserID, About: "asks for the data of nobody"},
	{Name: asksByOwnType, About: "asks for the data of a user by a type of its own"},
	{Name: asksInWords, About: "asks for the data of a user in a sentence"},
	{Name: asksAsText, About: "asks for the data of a user with JSON as text/plain"},
	{Name: endsByOwnType, About: "ends the traffic by a type of its own"},
	{Name: callsAfterOwnDisconnect, About: "sends a message after its own disconnect"},
}

// Its retries.
const (
	neverRetriesAfter500           = "never-retries-after-500"
	neverRetriesAfterFailedOutcome = "never-retries-after-failed-outcome"
	neverRetriesAfterSilence       = "never-retries-after-silence"
	repeatsAfterSuccess            = "repeats-after-success"
	newIDOnRetry                   = "new-id-on-retry"
	changesTextOnRetry             = "changes-text-on-retry"
	losesFilesOnRetry              = "loses-files-on-retry"
	settlesAll                     = "settles-all"
)

var retryDefects = []partner.Defect{
	{Name: neverRetriesAfter500, About: "does not send a message again after 500"},
	{Name: neverRetriesAfterFailedOutcome, About: "does not send a message again after an outcome without success"},
	{Name: neverRetriesAfterSilence, About: "does not send a message again when no outcome follows"},
	{Name: repeatsAfterSuccess, About: "sends a message again after its success"},
	{Name: newIDOnRetry, About: "gives a message a new ID when it sends it again"},
	{Name: changesTextOnRetry, About: "changes the text of a message when it sends it again"},
	{Name: losesFilesOnRetry, About: "sends a message again without its files"},
	{Name: settlesAll, About: "takes the success of one message for that of all"},
}
