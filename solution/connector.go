package solution

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// CustomConnector is a custom connector that the solution brings. References point to it; it uses none itself.
type CustomConnector struct {
	ID          connref.GUID // a reference's customconnectorid
	Name        string       // keeps case and has no environment's hash, unlike the connector id made of it
	DisplayName string
	Description string
	At          source.Location
}

// connector reads a <Connector>, in customizations.xml or at the root of a file in Connectors.
func (r *reader) connector(e source.Element) {
	c := CustomConnector{
		Name:        e.Child("name").Trimmed(),
		DisplayName: e.Child("displayname").Trimmed(),
		Description: e.Child("description").Trimmed(),
		At:          e.At(),
	}
	if id := e.Child("connectorid"); id.Exists() {
		c.ID = r.guid(id.Trimmed(), id.At(), "connector")
	}
	r.sol.connectors = append(r.sol.connectors, c)
}
