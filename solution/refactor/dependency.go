package refactor

import (
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// dependencies are the missing dependencies of a solution on one reference: those that it lists, and those that it is to
// list.
type dependencies struct {
	draft     *draft
	sol       *solution.Solution
	reference *graph.Reference
	from      string // the solution that has it, as exports write it
	declared  bool   // the solution has it itself: nothing is missing
	listed    bool
}

func (d *draft) dependenciesOn(r *graph.Reference, sol *solution.Solution) *dependencies {
	state := sol.StateOf(r.Name)
	return &dependencies{
		draft: d, sol: sol, reference: r, from: d.homeOf(r, sol),
		declared: state == solution.Declared, listed: state == solution.External,
	}
}

// homeOf is the solution other than one that declares a reference, as "Name (1.0.0.0)"; "" if none that was read does.
func (d *draft) homeOf(r *graph.Reference, other *solution.Solution) string {
	for declaration := range r.Declarations() {
		home := declaration.Copy
		if name := home.Solution.UniqueName; name != "" && !connref.EqualFold(name, other.Manifest().UniqueName) {
			return name + " (" + home.Version + ")"
		}
	}
	return ""
}

// can tells whether the solution can use the reference: it has it, or another one does that it can depend on.
func (m *dependencies) can() bool { return m.declared || m.listed || m.from != "" }

// add lists that something depends on the reference, unless that is listed or nothing is missing.
func (m *dependencies) add(dependent solution.Component) {
	edits := m.draft.edits[m.sol]
	isSame := func(have solution.MissingDependency) bool {
		return have.Required.Reference().Equal(m.reference.Name) && sameComponent(have.Dependent, dependent)
	}
	kept := slices.DeleteFunc(slices.Clone(m.sol.Manifest().MissingDependencies), func(have solution.MissingDependency) bool {
		return slices.ContainsFunc(edits.Drop, func(gone solution.Mention) bool { return gone.Part == have.At })
	})
	if m.declared || slices.ContainsFunc(kept, isSame) || slices.ContainsFunc(edits.Require, isSame) {
		return
	}
	m.listed = true
	edits.Require = append(edits.Require, solution.MissingDependency{
		Required: solution.RequiredReference(m.reference.Name, m.from), Dependent: dependent,
	})
	m.draft.step(noteAt(m.sol, m.sol.Manifest().At, "list "+string(m.reference.Name)+" as missing, which "+
		dependent.DisplayName+" needs from "+m.from))
}

// sameComponent tells whether both sides of missing dependencies are one component.
func sameComponent(a, b solution.Component) bool {
	if a.Type != b.Type {
		return false
	}
	sameKeys := slices.EqualFunc(a.Keys, b.Keys, func(a, b source.Attr) bool {
		return a.Name == b.Name && connref.EqualFold(a.Value, b.Value)
	})
	if a.ID == "" && a.SchemaName == "" && len(a.Keys) == 0 {
		return sameKeys && b.ID == "" && b.SchemaName == "" && a.DisplayName == b.DisplayName
	}
	return sameKeys && connref.EqualFold(a.ID, b.ID) && connref.EqualFold(a.SchemaName, b.SchemaName)
}
