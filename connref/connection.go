package connref

import (
	"iter"
	"strconv"
	"time"

	"github.com/connref/connref/connref/source"
)

// Connection is a connection of an environment, as an inventory describes it: which connector, whose, shared with whom,
// and whether it works. What it signs in with stays on the platform; there is no field for it.
type Connection struct {
	ID           ConnectionID
	Connector    ConnectorID
	DisplayName  string
	Environment  string    // the id of the environment it is in
	Owner        Principal // who made it
	Account      string    // the account that it signs in as, which need not be the owner's
	ParameterSet string    // the name of the way to sign in, where the connector offers several
	Grants       []Grant   // nil where permissions were not read; empty, but not nil, where there are none
	AllowSharing Fact      // whether it can be shared with people; most can be with service principals only
	Status       Status
	Modified     time.Time // zero where not known
	Expires      time.Time // zero where not known, or never
	At           source.Location
}

// Validate checks that the connection has an id and a connector, and that every grant names a principal and a role. It
// joins a *FieldError for each fault.
func (c Connection) Validate() error {
	f := faults{thing: "connection", at: c.At}
	f.name("id", string(c.ID), c.ID.fault())
	f.add("connector", string(c.Connector), c.Connector.fault())
	for i, g := range c.Grants {
		grant := "grant " + strconv.Itoa(i+1)
		if g.Principal.ID.IsZero() {
			f.add(grant, g.Principal.Name, "has no principal id; right would be the object id in Entra ID")
		}
		if g.Role == 0 || g.Role > RoleOwner {
			f.add(grant, g.Role.String(), "is not a role; right would be CanView, CanViewWithShare, CanEdit or Owner")
		}
	}
	return f.err()
}

// RoleOf answers the greatest role that the principal is known to have itself, as the owner or by a grant, or no role.
// What it has through a group or the tenant is not counted.
func (c Connection) RoleOf(principal GUID) Role {
	var role Role
	if principal.IsZero() {
		return role
	}
	if c.Owner.ID == principal {
		return RoleOwner
	}
	for _, g := range c.Grants {
		if g.Principal.ID == principal {
			role = max(role, g.Role)
		}
	}
	return role
}

// CanUse tells whether the principal may use the connection: Yes with any role of its own. Without one it is No, or
// Unknown where there is room for doubt: permissions were not read, or a group, the tenant or a principal of unknown
// kind has a grant, of which the principal may be a part.
func (c Connection) CanUse(principal GUID) Fact {
	switch {
	case principal.IsZero():
		return Unknown
	case c.RoleOf(principal) != 0:
		return Yes
	case c.Grants == nil:
		return Unknown
	}
	for _, g := range c.Grants {
		if k := g.Principal.Kind; k != PrincipalUser && k != PrincipalService && g.Role != 0 {
			return Unknown
		}
	}
	return No
}

// SharedWithPeople answers the grants to users, groups and the tenant, in their order, but for those of the owner.
func (c Connection) SharedWithPeople() iter.Seq[Grant] {
	return func(yield func(Grant) bool) {
		for _, g := range c.Grants {
			owns := g.Role == RoleOwner || !g.Principal.ID.IsZero() && g.Principal.ID == c.Owner.ID
			if g.Principal.Kind.People() && !owns && !yield(g) {
				return
			}
		}
	}
}

// Status says whether a connection works. Zero means that it isn't known.
type Status uint8

// The states of a connection.
const (
	StatusConnected Status = iota + 1
	StatusError            // the platform's word is Error: its login fails
)

var statuses = []string{"unknown", "Connected", "Error"}

// ParseStatus reads a connection's status as the platform spells it, in any case: Connected or Error. The error is a
// *FieldError.
func ParseStatus(s string) (Status, error) {
	i, err := wordIndex("status", s, statuses)
	return Status(i), err
}

// String answers the status as the platform spells it, or "unknown".
func (s Status) String() string { return wordAt(statuses, int(s)) }
