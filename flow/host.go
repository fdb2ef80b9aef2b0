package flow

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Host is what an operation's inputs.host names.
type Host struct {
	Form HostForm
	// Key is the binding's key that the operation runs on; zero if it names none.
	Key string
	// KeyAt is the place of the key: without quotes, inside its expression if it stands in one.
	KeyAt source.Location
	// OperationID is the connector's operation; a trigger for a selected item has it beside its host.
	OperationID string
	// Connector is apiId as written. It repeats the binding's connector, but is empty for some custom connectors and
	// names an operation group for AI Builder.
	Connector connref.ConnectorID
	// ChildFlow is workflowReferenceName as written; see Calls.
	ChildFlow string
}

// HostForm is the way in which a host names its connection.
type HostForm uint8

// The forms of hosts, with how often real solutions have them.
const (
	HostNone        HostForm = iota // no host: built-in operations
	HostKey                         // connectionName is the key (nine in ten)
	HostParameters                  // connection.name is @parameters('$connections')['key']['connectionId']
	HostTriggerData                 // the same out of the headers that the caller sent
	HostChildFlow                   // workflowReferenceName is a flow's id
	HostDesigner                    // connectionReferenceName or connection.referenceName: no solution file has it
	HostOther                       // a host that names neither connection nor flow
)

var hostForms = [...]string{"none", "key", "parameters", "trigger data", "child flow", "designer", "other"}

// String answers the form in words.
func (f HostForm) String() string { return word(hostForms[:], int(f)) }
