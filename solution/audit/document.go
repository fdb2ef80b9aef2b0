package audit

import (
	"encoding/json"
	"io"

	"github.com/connref/connref/connref/diag"
)

// SchemaVersion is the version of the document's JSON.
const SchemaVersion = "1"

// Document is the audit of some solutions.
type Document struct {
	SchemaVersion string     `json:"schemaVersion"`
	Summary       Summary    `json:"summary"`
	Solutions     []Solution `json:"solutions"`
}

// Summary counts what all solutions of a Document hold together.
type Summary struct {
	Solutions  int `json:"solutions"`
	Flows      int `json:"flows"`
	Operations int `json:"operations"`
	References int `json:"references"`
	Problems   int `json:"problems"`
}

// Solution is the audit of one solution.
type Solution struct {
	Path            string      `json:"path"`   // as Find's Place has it: "/" enters a folder, "!" an archive
	Layout          string      `json:"layout"` // zip, folder, unpacked or flow-package
	UniqueName      string      `json:"uniqueName"`
	Version         string      `json:"version"`
	Managed         string      `json:"managed"` // unmanaged, managed, both or unknown
	PublisherPrefix string      `json:"publisherPrefix"`
	References      []Reference `json:"references"` // declared ones, in file order
	Flows           []Flow      `json:"flows"`      // sorted by file
	Problems        []Problem   `json:"problems"`   // in the order of place
}

// Reference is a connection reference that the solution declares, with its uses in this solution.
type Reference struct {
	LogicalName string `json:"logicalName"`
	DisplayName string `json:"displayName"`
	Connector   string `json:"connector"` // the short spelling, shared_x
	Custom      bool   `json:"custom"`    // it points to a custom connector
	File        string `json:"file"`
	Line        int    `json:"line"`
	Flows       int    `json:"flows"`
	Operations  int    `json:"operations"` // triggers and actions that run on it
	Apps        int    `json:"apps"`       // canvas apps that name it
	Agents      int    `json:"agents"`     // bot components that name it
	Unused      bool   `json:"unused"`     // no flow, app or agent of this solution uses it
}

// Flow is a cloud flow.
type Flow struct {
	ID         string    `json:"id"` // lower case without braces; "" for none
	Name       string    `json:"name"`
	File       string    `json:"file"`
	Operations int       `json:"operations"` // triggers and actions at every depth
	Bindings   []Binding `json:"bindings"`   // in file order
}

// Binding is an entry of a flow's connectionReferences.
type Binding struct {
	Key           string `json:"key"`
	Reference     string `json:"reference"` // logical name as the flow spells it; "" for a direct connection
	Connector     string `json:"connector"`
	RuntimeSource string `json:"runtimeSource"` // embedded, invoker or ""
	State         string `json:"state"`         // declared, external, dangling or direct
	Operations    int    `json:"operations"`    // that name the key
	Line          int    `json:"line"`
}

// Problem is something wrong with a file.
type Problem struct {
	Rule     string        `json:"rule"` // the stable id, CR122
	Name     string        `json:"-"`    // the rule in words
	Severity diag.Severity `json:"severity"`
	File     string        `json:"file"`
	Line     int           `json:"line"`   // 0 for the file as a whole
	Column   int           `json:"column"` // in runes
	Pointer  string        `json:"pointer"`
	Message  string        `json:"message"`
}

// WriteJSON writes the document as indented JSON.
func (d *Document) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}
