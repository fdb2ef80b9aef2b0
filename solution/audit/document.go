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
	Complete      bool       `json:"complete"` // there is nothing else that could use the references, as the caller says
	Summary       Summary    `json:"summary"`
	Solutions     []Solution `json:"solutions"`
	Shared        []Shared   `json:"shared"`      // references that several solutions declare or use
	Needs         []Needs    `json:"needs"`       // what solutions need of each other
	ImportOrder   []string   `json:"importOrder"` // solutions that have a unique name, each after those that it needs
	Cycles        [][]string `json:"cycles"`      // solutions that need each other, each the next, the last the first
	Problems      []Problem  `json:"problems"`    // of the solutions as a set
}

// Summary counts what all solutions of a Document hold together, each copy for itself.
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
	// Conclusive tells whether it is proven that nothing uses it, here or elsewhere; Inconclusive, of an unused reference,
	// why it isn't.
	Conclusive   bool     `json:"conclusive"`
	Inconclusive []string `json:"inconclusive"`
}

// Shared is a reference that several solutions declare or use. Solutions are called by their unique names, or by their
// paths if they have none; copies of one solution count once.
type Shared struct {
	LogicalName string   `json:"logicalName"`
	DisplayName string   `json:"displayName"`
	Connector   string   `json:"connector"` // the first, if solutions declare it for different ones
	DeclaredBy  []string `json:"declaredBy"`
	UsedBy      []string `json:"usedBy"`
	Flows       int      `json:"flows"` // of all solutions
	Operations  int      `json:"operations"`
	Apps        int      `json:"apps"`
	Agents      int      `json:"agents"`
}

// Needs says that a solution needs something that another one brings.
type Needs struct {
	Solution string `json:"solution"`
	Of       string `json:"of"`   // the solution that has to be imported first
	Kind     string `json:"kind"` // reference, connector, flow, variable or component
	Name     string `json:"name"`
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
	ResolvedBy    string `json:"resolvedBy"`    // of an external or dangling one: another solution that declares it, or ""
	Operations    int    `json:"operations"`    // that name the key
	Line          int    `json:"line"`
}

// Problem is something wrong with a file, or with the solutions as a set.
type Problem struct {
	Solution string        `json:"solution,omitempty"` // the path of it, of a problem of the set
	Rule     string        `json:"rule"`               // the stable id, CR122
	Name     string        `json:"-"`                  // the rule in words
	Severity diag.Severity `json:"severity"`
	File     string        `json:"file"`
	Line     int           `json:"line"`   // 0 for the file as a whole
	Column   int           `json:"column"` // in runes
	Pointer  string        `json:"pointer"`
	Message  string        `json:"message"`
}

// WriteJSON writes the document as indented JSON.
func (d *Document) WriteJSON(w io.Writer) error { return writeJSON(w, d) }

func writeJSON(w io.Writer, document any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}
