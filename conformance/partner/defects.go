package partner

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

var verifyDefects = []Defect{
	{verifiesNothing, "compares neither channel nor token"},
	{acceptsAnyToken, "does not compare the token"},
	{acceptsAnyTokenOfReadMarks, "does not compare the token of markAsRead"},
	{acceptsEmptyToken, "takes an empty token for the right one"},
	{acceptsMissingToken, "takes an event without a token"},
	{acceptsTokenOfOtherType, "takes a token that is no string"},
	{comparesTokenByPrefix, "takes every beginning of the token for the token"},
	{acceptsLongerToken, "takes whatever begins with the token"},
	{trimsToken, "cuts white space off a token before it compares"},
	{ignoresTokenCase, "takes capital and small letters of a token for the same"},
	{answers403ToWrongToken, "answers 403 to a wrong token"},
	{answers404WithoutChannel, "answers 404 to a wrong token of an event that names no channel"},
	{readsBodyBeforeToken, "answers 500, not 401, to an event whose token is missing or no string"},
	{actsBeforeVerifying, "does what an event asks for and refuses it afterwards"},
	{acceptsUnknownChannel, "answers 200 to a channel that it does not know"},
	{answers400ToUnknownChannel, "answers 400 to a channel that it does not know"},
	{ignoresOptionalChannel, "does not look at the channelId of messageOutcome, userInfo and markAsRead"},
	{acceptsAfterDisconnect, "knows every channel again once one was disconnected"},
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
)

var eventDefects = []Defect{
	{answers201, "answers 201 where 200 is due"},
	{refusesNewChannel, "connects one channel and no other"},
	{refusesSecondConnect, "answers 500 to the connect of a channel that it knows"},
	{refusesConnectAfterDisconnect, "cannot be connected once a channel was disconnected"},
	{refusesDisconnect, "answers 500 to disconnect"},
	{disconnectsAllChannels, "forgets all channels when one is disconnected"},
	{refusesFailedOutcome, "answers 500 to a messageOutcome without success"},
	{refusesOutcomeOfUnknownMessage, "answers 404 to a messageOutcome of a message that it has not sent"},
	{expectsSummaryNames, "knows the types by the names in the page's summary"},
	{refusesRepeats, "answers 409 to a message that it had before"},
	{answersUserInfoInHTML, "answers 200 and an HTML page to userInfo"},
	{answersUserInfoWithList, "answers a list to userInfo"},
	{answersUserInfoEmpty, "answers an empty object to userInfo for users that it knows"},
	{failsOnUnknownUser, "answers 500 to userInfo for a user that it does not know"},
	{breaksOnChannelID, "breaks on messageOutcome, userInfo and markAsRead with channelId"},
	{breaksWithoutFiles, "breaks on a message without files"},
	{breaksWithoutText, "breaks on a message without text"},
}

// What is read, and how.
const (
	answersGet            = "answers-get"
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

var bodyDefects = []Defect{
	{answersGet, "answers 200 to GET"},
	{acceptsAnyMethod, "takes an event by any method"},
	{acceptsAnyContentType, "does not look at the content type"},
	{acceptsInvalidJSON, "answers 200 to a body that is no JSON"},
	{acceptsEmptyBody, "answers 200 to no body at all"},
	{acceptsAnyJSON, "answers 200 to JSON that is no object"},
	{acceptsUnknownType, "answers 200 to a type that it does not know"},
	{acceptsMissingType, "answers 200 to an event without a type"},
	{ignoresTypeCase, "takes capital and small letters of a type for the same"},
	{acceptsMissingData, "answers 200 to an event whose data lacks what it needs"},
	{acceptsWrongTypes, "answers 200 to an event whose data has the wrong types"},
	{acceptsEmptyMessage, "answers 200 to a message with neither text nor files"},
	{answers400, "answers 400 to a body that it cannot execute"},
	{answers405, "answers 405 to a method other than POST"},
	{answers415, "answers 415 to a content type other than JSON"},
	{readsURLInLowerCase, "looks for url instead of URL, and breaks without it"},
	{breaksOnUnknownField, "breaks on a member that the page does not name"},
	{breaksOnEmoji, "breaks on characters beyond the basic plane"},
	{breaksOnRightToLeft, "breaks on Hebrew and Arabic letters"},
	{breaksOnLongText, "breaks on a text of more than 16 KiB"},
	{breaksOnLineBreaks, "breaks on line breaks and tabs in a text"},
	{breaksOnQuotes, "breaks on quotes and backslashes in the name of a file"},
	{breaksOnEmptyFiles, "breaks on an empty list of files"},
	{breaksOnSeveralFiles, "breaks on more than one file"},
	{breaksOnMissingSize, "breaks on a file without size"},
	{breaksOnWhiteSpace, "breaks on line breaks between the members of a body"},
}

// How much is taken at once.
const (
	serial              = "serial"
	slowAcknowledgement = "slow-acknowledgement"
	answers429ToBurst   = "answers-429-to-burst"
)

var loadDefects = []Defect{
	{serial, "answers 500 to a message while it handles another"},
	{slowAcknowledgement, "from the fifth message of a chat on, does its work before it acknowledges"},
	{answers429ToBurst, "answers 429 from the sixteenth message of a chat on"},
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
	usesOneID               = "uses-one-id"
	asksWithoutUserID       = "asks-without-user-id"
	callsAfterOwnDisconnect = "calls-after-own-disconnect"
)

var callDefects = []Defect{
	{addsToURL, "adds a query to the URL of connect"},
	{keepsFirstURL, "keeps the URL of a channel's first connect"},
	{callsAnotherChannel, "calls the channel of the page's samples instead of its own"},
	{sendsWrongToken, "sends another token than the confirmation string"},
	{sendsNoToken, "sends no token"},
	{sendsTypeInCapitals, "writes the type in capital letters"},
	{sendsNoBreakSpaces, "separates members by no-break spaces, as the page prints them"},
	{sendsList, "sends a list with the object in it"},
	{sendsAsText, "sends JSON as text/plain"},
	{sendsWithPut, "calls with PUT"},
	{sendsNoMessageID, "sends messages without externalMessageId"},
	{sendsNumericIDs, "sends the chat's and the user's ID as numbers"},
	{sendsNoChat, "sends messages without externalChatId"},
	{sendsNoUser, "sends messages without externalUserId"},
	{sendsEmptyMessage, "sends messages with neither text nor files"},
	{sendsTextAsList, "sends the text as a list of lines"},
	{sendsFilesAsObject, "sends one file as an object instead of a list"},
	{sendsFileWithoutName, "sends files without a name"},
	{sendsURLInLowerCase, "writes url instead of URL in its files"},
	{sendsChatNameAsObject, "sends the chat's name as an object"},
	{usesOneID, "gives all messages one externalMessageId"},
	{asksWithoutUserID, "asks for the data of nobody"},
	{callsAfterOwnDisconnect, "sends a message after its own disconnect"},
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
)

var retryDefects = []Defect{
	{neverRetriesAfter500, "does not send a message again after 500"},
	{neverRetriesAfterFailedOutcome, "does not send a message again after an outcome without success"},
	{neverRetriesAfterSilence, "does not send a message again when no outcome follows"},
	{repeatsAfterSuccess, "sends a message again after its success"},
	{newIDOnRetry, "gives a message a new ID when it sends it again"},
	{changesTextOnRetry, "changes the text of a message when it sends it again"},
	{losesFilesOnRetry, "sends a message again without its files"},
}
