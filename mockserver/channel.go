package mockserver

// Channel is one connection of a partner's to a vendor: where the vendor sends
// its events, and the token that both know.
type Channel struct {
	ID     string `json:"id"`
	Vendor string `json:"vendor"`
	Name   string `json:"name,omitempty"`
	Token  string `json:"-"` // the control API shows it only when asked
	URL    string `json:"url,omitempty"`
	State  string `json:"state"`

	// Address is where the partner calls the vendor for this channel. It is computed.
	Address string `json:"address,omitempty"`
}

// The states of a channel.
const (
	ChannelActive       = "active"
	ChannelDisconnected = "disconnected"
	ChannelError        = "error" // the partner did not accept the connection
)
