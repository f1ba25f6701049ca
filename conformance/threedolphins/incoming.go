package threedolphins

import (
	"context"

	"github.com/parleykit/parley/conformance"
)

// plainChecks: the third party takes the plainest Incoming Event. That it should
// take any is assumed throughout: the page shows no answer to one.
var plainChecks = []conformance.Check{
	{
		ID: "3dolphins/webhook/text", Title: "takes a customer's text, as the page prints it",
		Requirements: []string{"3D-INT-020", "3D-INT-021"},
		Run:          all(accepted, one("a text", nil)),
	},
	{
		ID: "3dolphins/webhook/empty-optional", Title: "takes a text whose mediaLink, groupId and language are empty",
		Requirements: []string{"3D-INT-022"},
		Run:          all(accepted, one("a text with an empty mediaLink, groupId and language", map[string]any{"mediaLink": "", "groupId": "", "language": ""})),
	},
}

// incomingChecks: the third party takes each kind of Incoming Event.
var incomingChecks = []conformance.Check{
	typeCheck("image", "an image"), typeCheck("video", "a video"), typeCheck("audio", "an audio message"), typeCheck("file", "a file"),
	{
		ID: "3dolphins/webhook/location", Title: "takes a customer's location",
		Requirements: []string{"3D-INT-020", "3D-INT-021"},
		Run:          all(accepted, sample("a location", "location")),
	},
	{
		ID: "3dolphins/webhook/sticker", Title: "takes a customer's sticker, which arrives as the text Sticker",
		Requirements: []string{"3D-INT-020", "3D-INT-021"},
		Run:          all(accepted, sample("a sticker", "sticker")),
	},
	{
		ID: "3dolphins/webhook/empty-mandatory", Title: "takes an image whose other members are empty",
		Requirements: []string{"3D-INT-021", "3D-INT-022"},
		Run:          all(accepted, almostEmpty),
	},
	{
		ID: "3dolphins/webhook/additional", Title: "takes a text with a groupId and a language",
		Requirements: []string{"3D-INT-020"},
		Run:          all(accepted, one("a text with a groupId and a language", map[string]any{"groupId": "room-7", "language": "id"})),
	},
	{
		ID: "3dolphins/webhook/without-additional", Title: "takes a text without groupId and language",
		Requirements: []string{"3D-INT-023"},
		Run: all(unlessReading("3D-R-17", "always", accepted), func(ctx context.Context, p *conformance.Partner) []request {
			return []request{incoming(ctx, p, "", nil).changed("a text without groupId and language", func(body map[string]any) {
				delete(body, "groupId")
				delete(body, "language")
			})}
		}),
	},
	{
		ID: "3dolphins/webhook/unknown-members", Title: "takes a text with members that the page does not name",
		Requirements: []string{"3D-INT-024"},
		Run: all(unlessReading("3D-R-15", "may-refuse", accepted), func(ctx context.Context, p *conformance.Partner) []request {
			return []request{incoming(ctx, p, "", nil).changed("a text with further members", with("parleyExtra", map[string]any{"since": 2031, "list": []any{nil, true}}))}
		}),
	},
	{
		ID: "3dolphins/webhook/unknown-channel", Title: "takes a text from a channel that it does not know",
		Requirements: []string{"3D-INT-025"},
		Run:          all(accepted, one("a text from an unknown channel", map[string]any{"channel": "parley-probe"})),
	},
	{
		ID: "3dolphins/webhook/conversation", Title: "takes several messages in one ticket",
		Requirements: []string{"3D-INT-020", "3D-INT-021"},
		Run: all(accepted, func(ctx context.Context, p *conformance.Partner) []request {
			first := incoming(ctx, p, "the first text of a ticket", nil)
			return []request{first,
				first.again(ctx, p, "the second text of a ticket", map[string]any{"message": "Masih di sana?"}),
				first.again(ctx, p, "an image after two texts", map[string]any{"messageType": "image", "message": "", "mediaLink": "https://media.example.com/contoh.jpg"}),
			}
		}),
	},
}

// one is a single text of a new customer.
func one(what string, set map[string]any) func(context.Context, *conformance.Partner) []request {
	return func(ctx context.Context, p *conformance.Partner) []request {
		return []request{incoming(ctx, p, what, set)}
	}
}

// sample is a single message of a new customer by a sample.
func sample(what, name string) func(context.Context, *conformance.Partner) []request {
	return func(ctx context.Context, p *conformance.Partner) []request {
		return []request{sampled(ctx, p, what, name, nil)}
	}
}

func typeCheck(name, what string) conformance.Check {
	return conformance.Check{
		ID: "3dolphins/webhook/" + name, Title: "takes " + what + " of a customer's",
		Requirements: []string{"3D-INT-020", "3D-INT-021"},
		Run:          all(accepted, sample(what, name)),
	}
}

// almostEmpty empties all that 3D-R-16 allows to be empty, and what nobody misses
// in an image.
func almostEmpty(ctx context.Context, p *conformance.Partner) []request {
	return []request{sampled(ctx, p, "", "image", nil).changed("an image with an empty message and customerName", func(body map[string]any) {
		for _, name := range []string{"message", "customerName", "groupId", "language"} {
			body[name] = ""
		}
	})}
}
