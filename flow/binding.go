package flow

import (
	"cmp"
	"fmt"
	"unicode/utf8"

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

// faults are all that keep a binding from being written.
func (b Binding) faults() (faults []error) {
	for _, err := range []error{validateKey(b.Key), b.Reference.Validate(), b.Connector.Validate()} {
		if err != nil {
			faults = append(faults, err)
		}
	}
	if !utf8.ValidString(b.ConnectorName) {
		faults = append(faults, fmt.Errorf("connector name %q is not utf-8: %w", b.ConnectorName, connref.ErrInvalid))
	}
	if b.Source != "" && b.Source != Embedded && b.Source != Invoker {
		faults = append(faults, b.Source.invalid())
	}
	if b.Impersonation != "" && b.Impersonation != string(Invoker) {
		faults = append(faults, fmt.Errorf("impersonation %q: expected %s or none: %w",
			b.Impersonation, Invoker, connref.ErrInvalid))
	}
	return faults
}

// json is the binding's entry, its members in the order that most real entries have.
func (b Binding) json() string {
	impersonation, logicalName := "", ""
	if b.Impersonation != "" {
		impersonation = `"impersonation":{"source":` + source.QuoteJSON(b.Impersonation) + `},`
	}
	if b.ConnectorName != "" {
		logicalName = `,"logicalName":` + source.QuoteJSON(b.ConnectorName)
	}
	return `{` + impersonation + `"runtimeSource":` + source.QuoteJSON(string(cmp.Or(b.Source, Embedded))) +
		`,"connection":` + connectionOf(b.Reference) +
		`,"api":{"name":` + source.QuoteJSON(b.Connector.Name()) + logicalName + `}}`
}

func connectionOf(reference connref.LogicalName) string {
	return `{"` + referenceName + `":` + source.QuoteJSON(string(reference)) + `}`
}

// RuntimeSource tells whose connection runs, as runtimeSource says; in legacy packages, as source says. It is in lower
// case.
type RuntimeSource string

// The runtime sources seen in real files.
const (
	Embedded RuntimeSource = "embedded" // the flow's own connection
	Invoker  RuntimeSource = "invoker"  // the connection of whoever runs it
)

func (s RuntimeSource) invalid() error {
	return fmt.Errorf("source %q: expected %s or %s: %w", string(s), Embedded, Invoker, connref.ErrInvalid)
}
