package connref

import (
	"strconv"

	"github.com/connref/connref/connref/source"
)

// How many characters the columns of the connectionreference table hold, in UTF-16 code units.
const (
	MaxLogicalName  = 200
	MaxDisplayName  = 200
	MaxDescription  = 2000
	MaxConnectorID  = 1000
	MaxConnectionID = 1000
)

// Reference is a connection reference: the definition in a solution, or the row in an environment. It says which
// connector is needed; the environment binds it to a connection, once for all flows that use the reference.
type Reference struct {
	LogicalName     LogicalName
	DisplayName     string // what the import dialog shows; not unique
	Description     string
	Connector       ConnectorID
	CustomConnector GUID         // the row of a custom connector; zero for one of the platform's own
	Connection      ConnectionID // known in an environment; a solution shouldn't carry it
	Owner           Principal    // known in an environment only
	Prompting       Prompting
	Customizable    Fact // iscustomizable: whether it may be changed where it is managed
	State           int  // statecode: 0 active, 1 inactive; it doesn't switch anything
	Status          int  // statuscode: 1 active, 2 inactive; 0 where the file has none
	At              source.Location
}

// Prompting says whether an import asks for the connection.
type Prompting int

// The values of the picklist promptingbehavior.
const (
	PromptOnImport Prompting = 0 // also where a file doesn't say
	SkipPrompt     Prompting = 1 // the connection has to come from deployment settings, or stays unbound
)

// Validate checks the reference against the table that holds it: the logical name, the connector and the display name
// are required, and every value must be one that its column can hold. It joins a *FieldError for each fault.
func (r Reference) Validate() error {
	f := faults{thing: "reference", at: r.At}
	f.name("logical name", string(r.LogicalName), r.LogicalName.fault())
	if r.DisplayName == "" {
		f.add("display name", "", "is missing; right would be one that tells the reference from others")
	}
	f.add("display name", r.DisplayName, tooLong(r.DisplayName, MaxDisplayName))
	f.add("description", r.Description, tooLong(r.Description, MaxDescription))
	f.add("connector", string(r.Connector), r.Connector.fault())
	if r.Connection != "" {
		f.add("connection", string(r.Connection), r.Connection.fault())
	}
	if r.Prompting != PromptOnImport && r.Prompting != SkipPrompt {
		f.add("prompting behavior", strconv.Itoa(int(r.Prompting)), "is neither 0, prompt on import, nor 1, skip the prompt")
	}
	switch {
	case r.State != 0 && r.State != 1:
		f.add("state", strconv.Itoa(r.State), "is neither 0, active, nor 1, inactive")
	case r.Status != 0 && r.Status != r.State+1:
		f.add("status", strconv.Itoa(r.Status),
			"does not go with state "+strconv.Itoa(r.State)+"; right would be "+strconv.Itoa(r.State+1))
	}
	return f.err()
}
