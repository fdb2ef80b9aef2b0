package flow

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Binding is one entry of properties.connectionReferences.
type Binding struct {
	// Key is what operations name; local to the flow. It often looks like a connector's name and is none.
	Key string
	// Reference is the connection reference in the solution; zero for a direct connection.
	Reference connref.LogicalName
	// Connector is api.name; in legacy packages the id.
	Connector connref.ConnectorID
	// ConnectorName is api.logicalName: the Connector.name of a custom connector. It has no environment's hash.
	ConnectorName string
	// Connection is the connection that a direct binding of a legacy package names; zero in solution flows.
	Connection connref.ConnectionID
	// Source tells whose connection runs: the flow's or the caller's.
	Source RuntimeSource
	// Impersonation is impersonation.source: "invoker" or, mostly, nothing. It is no RuntimeSource.
	Impersonation string
	// At is the place of the key.
	At source.Location
	// ReferenceAt is the place of the reference's name, without quotes; zero for a direct connection.
	ReferenceAt source.Location
}

// Direct tells whether the binding names no reference at all.
func (b Binding) Direct() bool { return b.Reference.IsZero() }

// RuntimeSource tells whose connection runs, as runtimeSource says; in legacy packages, as source says. It is in lower
// case.
type RuntimeSource string

// The runtime sources seen in real files.
const (
	Embedded RuntimeSource = "embedded" // the flow's own connection
	Invoker  RuntimeSource = "invoker"  // the connection of whoever runs it
)
