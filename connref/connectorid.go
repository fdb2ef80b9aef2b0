package connref

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ConnectorID names a connector, such as Office 365 Outlook, as it was written: by its name, shared_office365, as in
// flows, or by its path, /providers/Microsoft.PowerApps/apis/shared_office365, as in the connectorid of a reference.
// The methods also understand a path without its leading slash. The zero ConnectorID is none.
type ConnectorID string

// connectorPath is what stands before the name. Canvas apps and environment variables spell it in lower case.
const connectorPath = "/providers/Microsoft.PowerApps/apis/"

// ParseConnectorID reads a name or a path, the provider in any case. A path needs its leading slash, and at most 1,000
// characters. The error is a *FieldError.
func ParseConnectorID(s string) (ConnectorID, error) {
	if err := ConnectorID(s).Validate(); err != nil {
		return "", err
	}
	return ConnectorID(s), nil
}

// Validate answers the error that ParseConnectorID would.
func (id ConnectorID) Validate() error { return invalid("connector id", string(id), id.fault()) }

func (id ConnectorID) fault() string {
	if id == "" {
		return "is missing; right would be shared_office365 or " + connectorPath + "shared_office365"
	}
	name, ok := id.split()
	switch {
	case !ok && strings.Contains(Fold(string(id)), "/connections/"):
		return "is the resource id of a connection; its connector is the part after /apis/"
	case !ok:
		return "is neither a name such as shared_office365 nor " + connectorPath + " with a name"
	case len(name) < len(id) && id[0] != '/':
		return "lacks the leading slash of " + connectorPath
	}
	if reason := segmentFault(name); reason != "" {
		return reason
	}
	return tooLong(id.Path(), MaxConnectorID)
}

// segmentFault answers why a text can't be one segment of a resource id. Names are made of letters, digits and _ . - %
// as far as seen, which is not documented; so only what no name could survive is refused.
func segmentFault(s string) string {
	if !utf8.ValidString(s) {
		return "is not valid UTF-8"
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "has white space or a control character, which no id has"
	}
	return ""
}

// split answers the connector's name and true, or the whole id and false where it is neither spelling.
func (id ConnectorID) split() (name string, ok bool) {
	name = strings.TrimPrefix(string(id), "/")
	if n := len(connectorPath) - 1; len(name) > n && EqualFold(name[:n], connectorPath[1:]) {
		name = name[n:]
	} else {
		name = string(id)
	}
	if name == "" || strings.Contains(name, "/") {
		return string(id), false
	}
	return name, true
}

// Name answers the last segment as written: shared_office365.
func (id ConnectorID) Name() string { return string(id[strings.LastIndexByte(string(id), '/')+1:]) }

// Path answers the long spelling with the provider's usual case, as a reference's connectorid holds it. An id that is
// neither spelling is answered as written.
func (id ConnectorID) Path() string {
	name, ok := id.split()
	if !ok {
		return string(id)
	}
	return connectorPath + name
}

// Fold answers the key under which connectors are compared: the folded name, the same for both spellings. An id that is
// neither spelling is folded as a whole, so that it equals no connector.
func (id ConnectorID) Fold() ConnectorID {
	name, _ := id.split()
	return ConnectorID(Fold(name))
}

// Equal tells whether both name the same connector, in whatever spelling.
func (id ConnectorID) Equal(other ConnectorID) bool {
	a, _ := id.split()
	b, _ := other.split()
	return EqualFold(a, b)
}

// IsZero tells whether there is no id.
func (id ConnectorID) IsZero() bool { return id == "" }

// Custom tells whether the name is that of a custom connector in an environment: shared_contoso-5forders-5f, then at
// least 16 hexadecimal digits, where -5f stands for an underscore. The digits differ in each environment. Of a connector
// that was made outside of a solution the name has no publisher's prefix: shared_orders-5f, then the digits.
func (id ConnectorID) Custom() bool { return id.hash() < len(id) }

// WithoutHash answers the id without the tail that differs in each environment, in the spelling of the id:
// shared_contoso-5forders. The id of a connector that isn't custom is answered unchanged.
func (id ConnectorID) WithoutHash() ConnectorID { return id[:id.hash()] }

// Same tells whether both name the same connector, or the same custom connector in two environments. Two custom
// connectors of one name can't be told apart by their ids; where it is known, Reference.CustomConnector can.
func (id ConnectorID) Same(other ConnectorID) bool {
	return id.WithoutHash().Equal(other.WithoutHash())
}

// hash answers where the environment's tail begins: at the end, where there is none. Digits have no hyphen, so it can
// only be the last.
func (id ConnectorID) hash() int {
	name := id.Name()
	last := strings.LastIndexByte(name, '-')
	if last <= 0 || !underscore(name[last:]) || len(name)-last < len("-5f")+16 || !isHex(name[last+len("-5f"):]) {
		return len(id)
	}
	return len(id) - len(name) + last
}

// underscore tells whether a text begins with the encoded underscore, which some exports spell -5F.
func underscore(s string) bool { return strings.HasPrefix(s, "-5f") || strings.HasPrefix(s, "-5F") }
