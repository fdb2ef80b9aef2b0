package graph

import (
	"encoding/json"
	"io"
	"slices"
)

// SchemaVersion is the version of the graph's JSON, which schema.json describes. Within one version members are added,
// never changed.
const SchemaVersion = "1"

// WriteJSON writes all nodes and edges as indented JSON.
func (g *Graph) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(struct {
		SchemaVersion string `json:"schemaVersion"`
		Complete      bool   `json:"complete"` // as Input.Complete said
		Nodes         []Node `json:"nodes"`
		Edges         []Edge `json:"edges"`
	}{
		SchemaVersion, g.complete,
		slices.AppendSeq([]Node{}, g.Nodes()), slices.AppendSeq([]Edge{}, g.Edges()),
	})
}
