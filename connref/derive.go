package connref

import (
	"crypto/sha1"
	"strings"
)

// Namespace is the namespace of the ids that DeriveGUID makes, in UUID terms: the UUIDv5 of the name
// https://github.com/connref/connref in the namespace of URLs.
const Namespace = "8954d287-7775-5e12-9011-96ab8cb7b985"

var namespace = GUID{0x89, 0x54, 0xd2, 0x87, 0x77, 0x75, 0x5e, 0x12, 0x90, 0x11, 0x96, 0xab, 0x8c, 0xb7, 0xb9, 0x85}

// DeriveGUID makes an id out of names, so that the same things get the same ids each time they are built: the UUIDv5
// (RFC 9562) of the names in Namespace, folded and joined by line feeds. By convention the first says what is named and
// the others where, from the outside in: DeriveGUID("flow", "ContosoOrders", "Sync accounts").
func DeriveGUID(names ...string) (g GUID) {
	hash := sha1.New() // what version 5 is made of; nothing depends on its strength
	hash.Write(namespace[:])
	hash.Write([]byte(Fold(strings.Join(names, "\n"))))
	copy(g[:], hash.Sum(nil))
	g[6] = g[6]&0x0f | 0x50
	g[8] = g[8]&0x3f | 0x80
	return g
}
