package main

import (
	"github.com/spf13/pflag"
)

// worldFlags name what a partner has and its judge can't know.
type worldFlags struct {
	chat, message, user, otherChannel string
}

func (f *worldFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.chat, "chat", "", "`ID` of a chat that your integration has")
	flags.StringVar(&f.message, "message", "", "`ID` of a message that it has sent")
	flags.StringVar(&f.user, "user", "", "`ID` of a user that it has")
	flags.StringVar(&f.otherChannel, "other-channel", "", "`ID` of a second channel that it knows")
}

// given are those that were given, by their kind.
func (f *worldFlags) given() map[string]string {
	all := map[string]string{"chat": f.chat, "message": f.message, "user": f.user, "other-channel": f.otherChannel}
	for kind, id := range all {
		if id == "" {
			delete(all, kind)
		}
	}
	return all
}
