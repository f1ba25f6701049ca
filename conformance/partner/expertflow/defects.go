package expertflow

import "github.com/parleykit/parley/conformance/partner"

// What stands in the message and its header.
const (
	sendsNoHeader              = "sends-no-header"
	sendsNoSender              = "sends-no-sender"
	sendsBlankSenderID         = "sends-blank-sender-id"
	sendsSenderTypeAsNumber    = "sends-sender-type-as-number"
	sendsSenderTypeInLowerCase = "sends-sender-type-in-lower-case"
	sendsAsAgent               = "sends-as-agent"
	sendsNoSenderName          = "sends-no-sender-name"
	sendsNoSelector            = "sends-no-selector"
	sendsCustomerWithoutID     = "sends-customer-without-id"
	namesCustomerAsOnThePage   = "names-customer-as-on-the-page"
	sendsSessionAsNumber       = "sends-session-as-number"
	misspellsSession           = "misspells-session"
	misspellsConversation      = "misspells-conversation"
	sendsNoID                  = "sends-no-id"
	sendsSeconds               = "sends-seconds"
	sendsTimestampAsText       = "sends-timestamp-as-text"
	sendsHalfChannelData       = "sends-half-channel-data"
	sendsPriorityAsText        = "sends-priority-as-text"
	sendsUnknownAttributeType  = "sends-unknown-attribute-type"
	sendsBlankIdentifiers      = "sends-blank-identifiers"
	namesReplyAsBefore2023     = "names-reply-as-before-2023"
	repliesToNothing           = "replies-to-nothing"
	sendsIntentAsObject        = "sends-intent-as-object"
	sendsNoBody                = "sends-no-body"
	sendsNoType                = "sends-no-type"
	sendsTextAsList            = "sends-text-as-list"
)

var messageDefects = []partner.Defect{
	{Name: sendsNoHeader, About: "sends messages without a header"},
	{Name: sendsNoSender, About: "names no sender"},
	{Name: sendsBlankSenderID, About: "sends a sender whose id is a space"},
	{Name: sendsSenderTypeAsNumber, About: "sends the sender's type as a number"},
	{Name: sendsSenderTypeInLowerCase, About: "sends the sender's type in lower case, as a page of the vendor's has it"},
	{Name: sendsAsAgent, About: "says that its sender is an agent"},
	{Name: sendsNoSenderName, About: "sends a sender without a name"},
	{Name: sendsNoSelector, About: "names neither customer nor conversation nor channel session"},
	{Name: sendsCustomerWithoutID, About: "sends a customer's name in place of the ID"},
	{Name: namesCustomerAsOnThePage, About: "sends the customer's ID in Id, as a page of the vendor's calls it, instead of _id"},
	{Name: sendsSessionAsNumber, About: "sends the channel session's ID as a number"},
	{Name: misspellsSession, About: "writes ChannelSessionID, as the vendor's text does, instead of channelSessionId"},
	{Name: misspellsConversation, About: "writes ConversationID beside the selector"},
	{Name: sendsNoID, About: "sends messages without an id"},
	{Name: sendsSeconds, About: "sends the timestamp in seconds"},
	{Name: sendsTimestampAsText, About: "sends the timestamp as a string"},
	{Name: sendsHalfChannelData, About: "sends channel data without channelCustomerIdentifier"},
	{Name: sendsPriorityAsText, About: "sends the priority in the channel data as a word"},
	{Name: sendsUnknownAttributeType, About: "sends an additional attribute with a type of its own"},
	{Name: sendsBlankIdentifiers, About: "leaves the identifiers in the channel data empty, as the vendor's samples do"},
	{Name: namesReplyAsBefore2023, About: "names the message that it answers in replyToMessageId"},
	{Name: repliesToNothing, About: "sends the intent REPLY_TO without saying to what"},
	{Name: sendsIntentAsObject, About: "sends the intent as an object"},
	{Name: sendsNoBody, About: "sends messages without a body"},
	{Name: sendsNoType, About: "sends bodies without a type"},
	{Name: sendsTextAsList, About: "sends markdownText as a list of lines"},
}

// What its activities belong to, and how it sends a recording.
const (
	surveyNamesCustomerOnly     = "survey-names-customer-only"
	scheduleNamesConversation   = "schedule-names-conversation"
	recordingNamesCustomerOnly  = "recording-names-customer-only"
	recordingNamesNoSession     = "recording-names-no-session"
	sendsRecordingAsOwnType     = "sends-recording-as-own-type"
	sendsRecordingWithoutLink   = "sends-recording-without-link"
	sendsRelativeLink           = "sends-relative-link"
	spellsRecordingAsInTheTable = "spells-recording-as-in-the-table"
)

var kindDefects = []partner.Defect{
	{Name: surveyNamesCustomerOnly, About: "pushes the result of a survey for the customer instead of the conversation"},
	{Name: scheduleNamesConversation, About: "names a conversation beside the customer of a stand-alone activity"},
	{Name: recordingNamesCustomerOnly, About: "pushes a recording for the customer instead of the channel session"},
	{Name: recordingNamesNoSession, About: "pushes a recording for the conversation instead of the channel session"},
	{Name: sendsRecordingAsOwnType, About: "gives the link to a recording a type of its own"},
	{Name: sendsRecordingWithoutLink, About: "pushes a VOICE_RECORDING without the link to it"},
	{Name: sendsRelativeLink, About: "pushes a link to a recording that has neither scheme nor host"},
	{Name: spellsRecordingAsInTheTable, About: "writes mediaURL in a VOICE_RECORDING, as a table of the vendor's has it for URL"},
}

// The form of the request.
const (
	pushesToForms      = "pushes-to-forms"
	pushesWithPut      = "pushes-with-put"
	sendsList          = "sends-list"
	sendsNoBreakSpaces = "sends-no-break-spaces"
	sendsAsText        = "sends-as-text"
)

var requestDefects = []partner.Defect{
	{Name: pushesToForms, About: "pushes to the path that an older page prints"},
	{Name: pushesWithPut, About: "pushes with PUT"},
	{Name: sendsList, About: "sends a list with the message in it"},
	{Name: sendsNoBreakSpaces, About: "separates members by no-break spaces, as a web page prints them"},
	{Name: sendsAsText, About: "sends JSON as text/plain"},
}

// What it does again.
const (
	usesOneID               = "uses-one-id"
	repeatsAfter200         = "repeats-after-200"
	repeatsAfter400         = "repeats-after-400"
	newIDOnRepeat           = "new-id-on-repeat"
	changesContentsOnRepeat = "changes-contents-on-repeat"
)

var repeatDefects = []partner.Defect{
	{Name: usesOneID, About: "gives all activities one id"},
	{Name: repeatsAfter200, About: "pushes an activity again that was accepted"},
	{Name: repeatsAfter400, About: "pushes an activity again, unchanged, that was refused as invalid"},
	{Name: newIDOnRepeat, About: "gives an activity a new id when it pushes it again"},
	{Name: changesContentsOnRepeat, About: "changes the text of an activity when it pushes it again"},
}

// What it does at the gateway.
const (
	neverLogsIn             = "never-logs-in"
	neverSendsToken         = "never-sends-token"
	sendsTokenWithoutBearer = "sends-token-without-bearer"
	retriesWithoutLogin     = "retries-without-login"
	stopsAfterLogin         = "stops-after-login"
	neverStopsAfter401      = "never-stops-after-401"
	repeatsAfter403         = "repeats-after-403"
	logsInWithJSON          = "logs-in-with-json"
	logsInWithoutClient     = "logs-in-without-client"
	logsInAsAgent           = "logs-in-as-agent"
	logsInElsewhere         = "logs-in-elsewhere"
	logsInAsStranger        = "logs-in-as-stranger"
	usesFixedToken          = "uses-fixed-token"
)

var gatewayDefects = []partner.Defect{
	{Name: neverLogsIn, About: "gives up when the gateway asks for a token"},
	{Name: neverSendsToken, About: "gets a token and does not send it"},
	{Name: sendsTokenWithoutBearer, About: "sends the token without the word Bearer"},
	{Name: retriesWithoutLogin, About: "pushes an activity again after 401 without a token"},
	{Name: stopsAfterLogin, About: "gets a token after 401 and forgets the activity"},
	{Name: neverStopsAfter401, About: "logs in and pushes again after every 401"},
	{Name: repeatsAfter403, About: "pushes an activity again after 403"},
	{Name: logsInWithJSON, About: "asks for its token in JSON instead of a form"},
	{Name: logsInWithoutClient, About: "asks for its token without client_id"},
	{Name: logsInAsAgent, About: "gets its token where clients with a user interface do"},
	{Name: logsInElsewhere, About: "asks for its token at a path that Keycloak does not have"},
	{Name: logsInAsStranger, About: "asks for its token with a password that the vendor does not know"},
	{Name: usesFixedToken, About: "sends a token that somebody has given it, and gets no other"},
}
