package elma365

import (
	"context"
	"encoding/base64"
	"net/http"
)

// documentedUser is the user of the vendor's sample; the messenger knows it from
// the start. The users that write messages are added.
const documentedUser = "user1"

// avatar is one transparent pixel.
const avatar = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

// userInfo answers with an invented person. The page prints no JSON names, so
// these are ours; of an unknown user there is nothing to tell.
func (m *messenger) userInfo(_ context.Context, e event) reply {
	id, err := want[string](e.data, "data.userId")
	if err != nil {
		return m.incomplete(err)
	}
	known := m.users.Has(id)
	switch {
	case m.has(answersUserInfoInHTML):
		return reply{status: http.StatusOK, page: "<html><body>Something went wrong</body></html>"}
	case m.has(answersUserInfoWithList):
		return reply{status: http.StatusOK, body: []any{}}
	case m.has(failsOnUnknownUser) && !known:
		return reply{status: http.StatusInternalServerError, why: "no such user"}
	case !known && !m.has(answersSameUser), m.has(answersUserInfoEmpty):
		return reply{status: http.StatusOK, body: map[string]string{}}
	}
	asked := id
	if m.has(answersSameUser) || m.has(answersFirstUser) || m.has(answersSameLogin) {
		id = documentedUser
	}
	login := base64.RawURLEncoding.EncodeToString([]byte(id))
	picture := avatar
	if m.has(answersAvatarAsURL) {
		picture = "https://files.example/avatar.png"
	}
	user := map[string]any{"fullName": "Example Client", "login": login, "phone": "+10000000000", "avatar": picture}
	if m.has(answersSameLogin) {
		user["fullName"] = "Example Client " + asked
	}
	if m.has(answersAllUsers) {
		user = map[string]any{"users": []any{map[string]any{"fullName": "Example Client"}}}
	}
	return reply{status: http.StatusOK, body: user}
}
