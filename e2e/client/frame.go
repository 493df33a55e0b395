package client

import (
	"encoding/json"
	"strconv"
)

// A Record is one committed delta as the wire carries it.
type Record struct {
	Rev    int64           `json:"rev"`
	Client string          `json:"client"`
	Seq    int64           `json:"seq"`
	User   string          `json:"user"`
	At     int64           `json:"at"`
	Op     json.RawMessage `json:"op"` // nil where the server left it out
}

// A User is a person or program behind a session.
type User struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// A Cursor is a selection; a caret has its two ends at one place.
type Cursor struct {
	Anchor int64 `json:"anchor"`
	Head   int64 `json:"head"`
}

// A Person is a session as the others see it.
type Person struct {
	Session string  `json:"session"`
	Client  string  `json:"client"`
	User    User    `json:"user"`
	Name    string  `json:"name"`
	Color   string  `json:"color"`
	Cursor  *Cursor `json:"cursor"`
	Gone    bool    `json:"gone"`
}

// Limits are what the server says that it takes.
type Limits struct {
	Frame    int     `json:"frame"`    // bytes
	Delta    int     `json:"delta"`    // bytes of a delta's JSON
	Document int     `json:"document"` // UTF-16 units
	Rate     float64 `json:"rate"`     // deltas a second
}

// Origin is an epoch that another goes on from, up to a revision.
type Origin struct {
	Epoch string `json:"epoch"`
	Rev   int64  `json:"rev"`
}

// A Frame is any message of the server; T says which of the fields it has.
type Frame struct {
	T string `json:"t"`

	Session  string          `json:"session"`
	Client   string          `json:"client"`
	Seq      int64           `json:"seq"`
	Epoch    string          `json:"epoch"`
	Rev      int64           `json:"rev"`
	Kind     string          `json:"kind"`
	Title    *string         `json:"title"`
	Language *string         `json:"language"`
	Role     string          `json:"role"`
	User     User            `json:"user"`
	People   []Person        `json:"people"`
	Limits   Limits          `json:"limits"`
	Lineage  []Origin        `json:"lineage"`
	Content  json.RawMessage `json:"content"`
	Records  []Record        `json:"records"`

	Code       Code    `json:"code"`
	Message    string  `json:"message"`
	Reason     string  `json:"reason"`
	RetryAfter float64 `json:"retryAfter"`
	Text       string  `json:"text"`
	N          int64   `json:"n"`
}

// A Code is a word in refused and a number in bye.
type Code string

// UnmarshalJSON takes either form.
func (c *Code) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(c))
	}
	*c = Code(b)
	return nil
}

// Close is the close code that a bye announces.
func (c Code) Close() int {
	n, _ := strconv.Atoi(string(c))
	return n
}

// Hello is the first frame of a session.
type Hello struct {
	T     string  `json:"t"`
	Key   string  `json:"key"`
	Rev   *int64  `json:"rev,omitempty"`
	Epoch *string `json:"epoch,omitempty"`
	Token string  `json:"token,omitempty"`
	Name  string  `json:"name,omitempty"`
	Color string  `json:"color,omitempty"`
}

// Op submits a delta.
type Op struct {
	T   string          `json:"t"`
	Seq int64           `json:"seq"`
	Rev int64           `json:"rev"`
	Op  json.RawMessage `json:"op"`
}

// Presence says where one's own cursor is.
type Presence struct {
	T      string  `json:"t"`
	Rev    int64   `json:"rev"`
	Cursor *Cursor `json:"cursor"`
}

// Check asks the server to compare contents.
type Check struct {
	T    string `json:"t"`
	Rev  int64  `json:"rev"`
	Hash string `json:"hash"`
}
