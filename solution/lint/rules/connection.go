package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var carriedConnection = &lint.Rule{
	ID: "CR210", Name: "carried-connection", Family: "reference", Severity: diag.Warning,
	Doc: "A solution carries the id of a connection\n\n" +
		"A connection exists in one environment only, and exports leave its id out, of references and of flows. One " +
		"that was put in by hand is wrong in every other environment: the flow asks for a connection that isn't " +
		"there. What each target binds belongs into its deployment settings. Of flows the entries of " +
		"connectionReferences are looked at, the hosts of operations, and what the parameter $connections is without " +
		"any other value.",
	Mend: "Take the id away, and give it in the deployment settings of the environment that it is of.",
	Sources: []string{
		"microsoft/coe-starter-kit#6223: cannot find connection with name shared-commondataser-…",
		"counted over 852 declarations and 2,205 bindings of flows: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if p.Solution.Layout() == solution.LayoutFlowPackage {
			return nil // which binds connections directly
		}
		for ref := range p.Solution.References() {
			if ref.Connection.IsZero() {
				continue
			}
			without := ref
			without.Connection = ""
			p.Report(lint.Finding{
				At: ref.At,
				Message: fmt.Sprintf("reference %s carries connection %s, which only one environment has",
					ref.LogicalName, ref.Connection),
				Fixes: updating(p.Solution, without, "take connection "+string(ref.Connection)+" away"),
			})
		}
		for f := range p.Solution.Flows() {
			reportCarried(p, f)
		}
		return nil
	},
}

// reportCarried reports where a flow names a connection: in its bindings, in the hosts of its operations, and in the
// value that $connections has by default.
func reportCarried(p *lint.Pass, f *solution.Flow) {
	for b := range f.Bindings() {
		if isConnection(string(b.Connection)) {
			p.Report(lint.Finding{
				At:      b.At,
				Message: fmt.Sprintf("key %s names connection %s, which only one environment has", b.Key, b.Connection),
				Fixes:   unnaming(f, b),
			})
		}
	}
	for op := range f.Operations() {
		if op.Host.Form != flow.HostOther {
			continue
		}
		if name := hostOf(f, op).Get("connection", "name"); isConnection(name.Text()) {
			p.Reportf(name.At(), "%s names connection %s, which only one environment has: a key would be right",
				named(op), name.Text())
		}
	}
	for m := range definition(f).Get("parameters", connections, "defaultValue").Members() {
		for _, name := range []string{"connectionId", "connectionName"} {
			if id := m.Value.Get(name); isConnection(id.Text()) {
				p.Reportf(m.Value.At(), "$connections has connection %s for key %s by default, which only one environment has",
					id.Text(), m.Name())
				break
			}
		}
	}
}

// isConnection tells whether a text names a connection: it is there, and no expression.
func isConnection(text string) bool { return text != "" && !strings.HasPrefix(text, "@") }

// unnaming are the fixes that take the connection out of a binding that has a reference. One that hasn't would be left
// with nothing.
func unnaming(f *solution.Flow, b flow.Binding) []diag.Fix {
	if b.Direct() {
		return nil
	}
	entry := f.Document().Root().Get("properties", "connectionReferences", b.Key)
	var edits []source.Edit
	for _, part := range []struct {
		of    source.Value
		names []string
	}{{entry.Get("connection"), []string{"name", "id"}}, {entry, []string{"connectionName"}}} {
		there := slices.DeleteFunc(part.names, func(name string) bool { return !part.of.Get(name).Exists() })
		removed, err := part.of.RemoveMembers(there...)
		if err != nil {
			return nil
		}
		edits = append(edits, removed...)
	}
	return []diag.Fix{{
		Message: "take connection " + string(b.Connection) + " away",
		Changes: []source.Change{{File: f.FileName, Edits: edits}},
	}}
}
