package connref

import "github.com/connref/connref/connref/source"

// Connector is what is known of a connector: from an export, an inventory or a policy. Nothing is built in.
type Connector struct {
	ID               ConnectorID
	DisplayName      string
	Tier             Tier
	Custom           GUID // the row of a custom connector; zero for one of the platform's own
	ServicePrincipal Fact // whether a connection of it can sign in as a service principal
	Deprecated       Fact
	At               source.Location
}

// Validate checks the id, and that the tier is one. It joins a *FieldError for each fault.
func (c Connector) Validate() error {
	f := faults{thing: "connector", at: c.At}
	f.name("id", string(c.ID), c.ID.fault())
	if c.Tier > TierPremium {
		f.add("tier", c.Tier.String(), "is not one of Standard, Premium")
	}
	return f.err()
}

// Premium tells whether users of the connector need a premium licence, as they do for every custom connector.
func (c Connector) Premium() Fact {
	switch {
	case c.Tier == TierPremium, !c.Custom.IsZero(), c.ID.Custom():
		return Yes
	case c.Tier == TierStandard:
		return No
	}
	return Unknown
}

// Tier is the licence that a connector needs. Zero means that it isn't known.
type Tier uint8

// The tiers.
const (
	TierStandard Tier = iota + 1
	TierPremium
)

var tiers = []string{"unknown", "Standard", "Premium"}

// ParseTier reads the tier of a connector as the platform spells it, in any case: Standard or Premium. NotSpecified,
// which flow packages have, is the zero Tier. The error is a *FieldError.
func ParseTier(s string) (Tier, error) {
	if EqualFold(s, "NotSpecified") {
		return 0, nil
	}
	i, err := wordIndex("tier", s, tiers)
	return Tier(i), err
}

// String answers the tier as the platform spells it, or "unknown".
func (t Tier) String() string { return wordAt(tiers, int(t)) }
