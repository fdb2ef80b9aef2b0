package solution

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
)

// encodeConnector spells a custom connector's name as its row and its files do: in lower case, letters and digits as
// they are, the underscore behind the publisher's prefix as _5F, and every other character as a hyphen and two
// hexadecimal digits. So contoso_Orders v2 is contoso_5Forders-20v2.
func encodeConnector(name string) string {
	var b strings.Builder
	prefixed := false
	for _, c := range []byte(connref.Fold(name)) {
		switch {
		case isLetterOrDigit(rune(c)):
			b.WriteByte(c)
		case c == '_' && !prefixed:
			b.WriteString("_5F")
			prefixed = true
		default:
			fmt.Fprintf(&b, "-%02X", c)
		}
	}
	return b.String()
}

// customID is the connector id of a custom connector: its encoded name in lower case, and a tail that is the same for
// all connectors of an environment.
func customID(name, uniqueName string) connref.ConnectorID {
	tail := connref.DeriveGUID("environment", uniqueName)
	encoded := strings.ToLower(strings.Replace(encodeConnector(name), "_", "-", 1))
	return connref.ConnectorID("shared_" + encoded + "-5f" + hex.EncodeToString(tail[:8]))
}

// connectorName is the encoded name that a custom connector's id was made of; nothing if the id isn't such a one.
func connectorName(id connref.ConnectorID) string {
	if !id.Custom() {
		return ""
	}
	name := strings.TrimPrefix(connref.Fold(id.WithoutHash().Name()), "shared_")
	var b strings.Builder
	prefixed := false
	for i := 0; i < len(name); i++ {
		if name[i] != '-' || i+3 > len(name) {
			b.WriteByte(name[i])
			continue
		}
		code := name[i : i+3]
		if code == "-5f" && !prefixed {
			code, prefixed = "_5f", true
		}
		b.WriteString(strings.ToUpper(code))
		i += len(code) - 1
	}
	return b.String()
}
