package graph

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes all edges as a table in UTF-8, with a header and a row each, and the kinds and labels of both ends. A
// cell that a spreadsheet would take for a formula has a ' before it.
func (g *Graph) WriteCSV(w io.Writer) error {
	nodes := map[string]Node{}
	for n := range g.Nodes() {
		nodes[n.ID] = n
	}
	out := csv.NewWriter(w)
	row := func(cells ...string) error {
		for i, cell := range cells {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				cells[i] = "'" + cell
			}
		}
		return out.Write(cells)
	}
	if err := row("from_kind", "from_name", "from_label", "edge", "to_kind", "to_name", "to_label",
		"key", "state", "resolved_by", "runtime_source", "operations", "name", "connector", "environment", "from", "to"); err != nil {
		return err
	}
	for e := range g.Edges() {
		from, to, operations := nodes[e.From], nodes[e.To], ""
		if e.Kind == EdgeBinds {
			operations = strconv.Itoa(e.Operations)
		}
		if err := row(string(from.Kind), from.Name, from.Label, string(e.Kind), string(to.Kind), to.Name, to.Label,
			e.Key, e.State, strings.Join(e.ResolvedBy, "; "), e.RuntimeSource, operations, e.Name, e.Connector, e.Environment,
			e.From, e.To); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
