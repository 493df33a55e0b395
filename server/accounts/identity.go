package accounts

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// Identity is a person as another provider knows them, where they have proved
// who they are.
type Identity struct {
	Issuer  string
	Subject string
	Email   string
	Name    string
}

// SignInBy logs in whom a provider knows, and makes them an account when they
// first come. An account that was made otherwise stays its owner's, whatever
// address the provider gives: ErrTaken.
func (b *Book) SignInBy(who Identity, agent string) (secret string, p Person, err error) {
	key := who.Issuer + " " + who.Subject
	err = b.update(func(c *change) error {
		var ok bool
		if p, ok = b.byProvider(key); !ok {
			p = newPerson(who.Email, nameOf(who.Name), false)
			p.Provider = key
			if err := b.checkPerson(p); err != nil {
				return err
			}
			if err := b.people.put(c, p.ID, p); err != nil {
				return err
			}
		}
		secret, err = b.addLogin(c, p.ID, agent, nil)
		return err
	})
	return secret, p, err
}

func (b *Book) byProvider(key string) (Person, bool) {
	for _, p := range b.people.rows {
		if p.Provider == key {
			return p, true
		}
	}
	return Person{}, false
}

// nameOf makes a name of what a provider calls somebody.
func nameOf(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	for len(utf16.Encode([]rune(name))) > nameUnits {
		runes := []rune(name)
		name = strings.TrimSpace(string(runes[:len(runes)-1]))
	}
	return name
}
