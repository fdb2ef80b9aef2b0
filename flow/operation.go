package flow

import (
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Operation is a trigger or an action.
type Operation struct {
	Name           string
	IsTrigger      bool
	Type           string // OpenApiConnection, If, Compose, …; as written
	Kind           string // of a Request trigger: Button, PowerAppV2, Skills, …; as written
	Host           Host
	Authentication Authentication
	Parent         *Operation // the action that holds this one; nil at the top
	Branch         string     // of Parent: "" for its actions, "else", "default", or "case NAME"
	Depth          int        // number of parents
	At             source.Location
}

// Path names the operation with the actions and branches around it, as in "Try > Has items (else) > Send mail".
func (op *Operation) Path() string {
	if op.Parent == nil {
		return op.Name
	}
	var b strings.Builder
	b.WriteString(op.Parent.Path())
	if op.Branch != "" {
		b.WriteString(" (" + op.Branch + ")")
	}
	b.WriteString(" > " + op.Name)
	return b.String()
}

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

// Authentication is what kind of inputs.authentication an operation has.
type Authentication struct {
	Kind AuthenticationKind
	Type string // of an object, its type as written: Raw, ActiveDirectoryOAuth, Basic, …
}

// AuthenticationKind tells where an operation's authentication comes from.
type AuthenticationKind uint8

// The kinds of authentication.
const (
	AuthNone       AuthenticationKind = iota // nothing there
	AuthParameter                            // "@parameters('$authentication')": the binding's connection
	AuthInvoker                              // the caller's connection: a Raw object with the caller's $ConnectionKey
	AuthOwn                                  // any other object: an identity outside every connection
	AuthExpression                           // any other text
)

var authKinds = [...]string{"none", "parameter", "invoker", "own", "expression"}

// String answers the kind in words.
func (k AuthenticationKind) String() string { return word(authKinds[:], int(k)) }

// TriggerKind tells how a flow starts.
type TriggerKind uint8

// The kinds of triggers.
const (
	TriggerNone      TriggerKind = iota
	TriggerScheduled             // Recurrence
	TriggerAutomated             // a connector's event, polled or pushed
	TriggerButton                // a person, or a parent flow
	TriggerApp                   // a canvas app or a page
	TriggerAgent                 // a Copilot Studio agent
	TriggerHTTP                  // whoever knows the address
	TriggerOther
)

var triggerKinds = [...]string{"none", "scheduled", "automated", "button", "app", "agent", "http", "other"}

// String answers the kind in words.
func (k TriggerKind) String() string { return word(triggerKinds[:], int(k)) }

// HasCaller tells whether someone runs the flow, so that an invoker's connection can exist.
func (k TriggerKind) HasCaller() bool {
	return k == TriggerButton || k == TriggerApp || k == TriggerAgent || k == TriggerHTTP
}

func triggerKind(typ, kind string) TriggerKind {
	switch strings.ToLower(typ) {
	case "recurrence", "slidingwindow":
		return TriggerScheduled
	case "openapiconnection", "openapiconnectionwebhook", "openapiconnectionnotification",
		"apiconnection", "apiconnectionwebhook", "apiconnectionnotification":
		return TriggerAutomated
	case "request":
		switch strings.ToLower(kind) {
		case "button", "apiconnection": // the latter: for a selected item
			return TriggerButton
		case "powerapp", "powerappv2", "powerpages":
			return TriggerApp
		case "skills", "virtualagent":
			return TriggerAgent
		case "http", "":
			return TriggerHTTP
		}
	}
	return TriggerOther
}

func word(words []string, i int) string {
	if i >= len(words) {
		return "unknown"
	}
	return words[i]
}
