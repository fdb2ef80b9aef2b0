package connref

// Principal is somebody, or something, that can own a reference or a flow, or use a connection. The zero Principal is
// nobody, or nobody known.
type Principal struct {
	// ID is the object id in Entra ID. For a service principal that is neither the application (client) id nor the
	// object id of its registration; for a user it isn't the id of the row in Dataverse.
	ID   GUID
	Kind PrincipalKind
	Name string // how people know it: a user principal name or e-mail address, or a display name
}

// IsZero tells whether nobody is named.
func (p Principal) IsZero() bool { return p == Principal{} }

// String answers the name, or the id where there is no name, or "unknown".
func (p Principal) String() string {
	switch {
	case p.Name != "":
		return p.Name
	case !p.ID.IsZero():
		return p.ID.String()
	}
	return "unknown"
}

// PrincipalKind says what a principal is. Zero means that it isn't known.
type PrincipalKind uint8

// The kinds of principals.
const (
	PrincipalUser    PrincipalKind = iota + 1 // a person, or an account that stands for a service
	PrincipalGroup                            // a group of users
	PrincipalService                          // an application
	PrincipalTenant                           // everybody in the organisation
)

var kinds = []string{"unknown", "User", "Group", "ServicePrincipal", "Tenant"}

// ParsePrincipalKind reads a principal's type as the platform spells it, in any case: User, Group, ServicePrincipal or
// Tenant. The error is a *FieldError.
func ParsePrincipalKind(s string) (PrincipalKind, error) {
	i, err := wordIndex("principal kind", s, kinds)
	return PrincipalKind(i), err
}

// String answers the kind as the platform spells it, or "unknown".
func (k PrincipalKind) String() string { return wordAt(kinds, int(k)) }

// People tells whether the kind stands for persons: a user, a group or the whole tenant.
func (k PrincipalKind) People() bool {
	return k == PrincipalUser || k == PrincipalGroup || k == PrincipalTenant
}

// Role is what somebody may do with a connection. Roles are ordered: a greater one includes the smaller. Zero is no
// role.
type Role uint8

// The roles, from the least.
const (
	RoleCanView          Role = iota + 1 // use it; the portal calls it "Can use"
	RoleCanViewWithShare                 // use it and share it with others
	RoleCanEdit                          // change it too
	RoleOwner                            // own it, which can be neither granted nor taken away
)

var roles = []string{"none", "CanView", "CanViewWithShare", "CanEdit", "Owner"}

// ParseRole reads a role as the platform spells it, in any case: CanView, CanViewWithShare, CanEdit or Owner. The error
// is a *FieldError.
func ParseRole(s string) (Role, error) {
	i, err := wordIndex("role", s, roles)
	return Role(i), err
}

// String answers the role as the platform spells it, or "none".
func (r Role) String() string { return wordAt(roles, int(r)) }

// Grant gives a principal a role on a connection.
type Grant struct {
	Principal Principal
	Role      Role
}
