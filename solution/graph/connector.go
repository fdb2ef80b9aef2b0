package graph

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Connector is a connector that something names. A custom connector is one node in all environments: the part of its id
// that differs in each is not regarded, so that two of one name are not told apart here.
type Connector struct {
	ID          connref.ConnectorID // as whoever names it first spells it
	DisplayName string              // of a custom connector that a solution brings
	BroughtBy   Places              // of a custom connector: where solutions bring it

	references []*Reference
	bindings   []*Binding
	apps       []*App
	variables  []*Variable
	doubts     []Doubt // of its references
}

// References yields the references of the connector, side by side: those that are declared for it, and those that
// nothing declares but that are used for it.
func (c *Connector) References() iter.Seq[*Reference] { return slices.Values(c.references) }

// Bindings yields the bindings of flows for the connector, direct ones and those by reference.
func (c *Connector) Bindings() iter.Seq[*Binding] { return slices.Values(c.bindings) }

// Apps yields the canvas apps that connect to it, by whatever reference.
func (c *Connector) Apps() iter.Seq[*App] { return slices.Values(c.apps) }

// Variables yields the data-source variables that name it.
func (c *Connector) Variables() iter.Seq[*Variable] { return slices.Values(c.variables) }

func (c *Connector) label() string { return cmp.Or(c.DisplayName, c.ID.WithoutHash().Name()) }

// connector answers the node of an id; nil for none.
func (b *builder) connector(id connref.ConnectorID) *Connector {
	if id.IsZero() {
		return nil
	}
	if c := b.connectors[id]; c != nil {
		return c
	}
	own := connref.ConnectorID(b.text(string(id)))
	key := connectorKey(own)
	c := b.g.byConnector[key]
	if c == nil {
		c = &Connector{ID: own}
		b.g.byConnector[key] = c
		b.g.connectors = append(b.g.connectors, c)
	}
	b.connectors[own] = c
	return c
}

func connectorKey(id connref.ConnectorID) connref.ConnectorID { return id.WithoutHash().Fold() }

// brought notes that a copy brings a custom connector.
func (b *builder) brought(c *Copy, custom solution.CustomConnector) {
	node := b.connector(customConnectorID(custom.Name))
	if node == nil {
		return
	}
	if node.DisplayName == "" {
		node.DisplayName = b.text(custom.DisplayName)
	}
	node.BroughtBy = append(node.BroughtBy, b.place(c, custom.At))
}

// customConnectorID is the id that a custom connector has in flows, but for the part that differs in each environment:
// of lmb_5Foven-20monitor and of lmb_oven-20monitor, shared_lmb-5foven-20monitor.
func customConnectorID(name string) connref.ConnectorID {
	if name == "" {
		return ""
	}
	name = strings.ReplaceAll(connref.Fold(name), "_5f", "_")
	return connref.ConnectorID("shared_" + strings.ReplaceAll(name, "_", "-5f"))
}
