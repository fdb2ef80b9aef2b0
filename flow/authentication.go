package flow

import (
	"strings"

	"github.com/connref/connref/connref/source"
)

// Authentication is what kind of inputs.authentication an operation has.
type Authentication struct {
	Kind AuthenticationKind
	Type string // of an object, its type as written: Raw, ActiveDirectoryOAuth, Basic, …
}

// AuthenticationKind tells where an operation's authentication comes from.
type AuthenticationKind uint8

// The kinds of authentication.
const (
	AuthNone       AuthenticationKind = iota // nothing there
	AuthParameter                            // "@parameters('$authentication')": the binding's connection
	AuthInvoker                              // the caller's connection: a Raw object with the caller's $ConnectionKey
	AuthOwn                                  // any other object: an identity outside every connection
	AuthExpression                           // any other text
)

var authKinds = [...]string{"none", "parameter", "invoker", "own", "expression"}

// String answers the kind in words.
func (k AuthenticationKind) String() string { return word(authKinds[:], int(k)) }

func authentication(v source.Value) Authentication {
	switch v.Kind() {
	case source.Absent, source.Null:
		return Authentication{}
	case source.Object:
		a := Authentication{Kind: AuthOwn, Type: v.Get("type").Text()}
		value := v.Get("value").Text()
		if strings.EqualFold(a.Type, "Raw") && isExpression(value) && strings.Contains(value, "$ConnectionKey") {
			a.Kind = AuthInvoker
		}
		return a
	}
	if v.Text() == "@parameters('$authentication')" {
		return Authentication{Kind: AuthParameter}
	}
	return Authentication{Kind: AuthExpression}
}
