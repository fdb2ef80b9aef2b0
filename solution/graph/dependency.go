package graph

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Dependency says that a solution needs something that another one brings, so that the other has to be imported first.
type Dependency struct {
	From *Solution // that needs it
	To   *Solution // that brings it
	Kind DependencyKind
	Name string // of what is needed
}

// DependencyKind is what a solution needs of another one.
type DependencyKind uint8

// The kinds of dependencies.
const (
	NeedsReference DependencyKind = iota + 1 // a connection reference
	NeedsConnector                           // the custom connector of a reference that it declares
	NeedsFlow                                // a child flow
	NeedsVariable                            // an environment variable
	NeedsComponent                           // anything else that solution.xml lists as missing and in that solution
)

var dependencyKinds = [...]string{"unknown", "reference", "connector", "flow", "variable", "component"}

// String answers the kind in words.
func (k DependencyKind) String() string {
	if int(k) >= len(dependencyKinds) {
		k = 0
	}
	return dependencyKinds[k]
}

// Dependencies yields what the solutions need of each other, in the order of solutions. Where several bring what is
// needed, the one that solution.xml names is meant, else the first.
func (g *Graph) Dependencies() iter.Seq[Dependency] { return slices.Values(g.dependencies) }

// required is a component that a solution lists as missing and that was in another one.
type required struct {
	by   string
	from *Solution
	kind DependencyKind
	name string
}

// require notes what a copy lists as missing beside references.
func (b *builder) require(c *Copy, sol *solution.Solution) {
	for _, m := range sol.Manifest().MissingDependencies {
		r := m.Required
		by := solutionNamed(r.Solution)
		if by == "" || !r.Reference().IsZero() {
			continue
		}
		kind, name := componentKind(r.Type), cmp.Or(r.DisplayName, r.SchemaName, r.ID)
		b.required = append(b.required, required{by: b.text(by), from: c.Solution, kind: kind, name: b.text(name)})
	}
}

// componentKind is what a solution needs if it lists a component of that type as missing.
func componentKind(componentType string) DependencyKind {
	switch connref.Fold(componentType) {
	case "29":
		return NeedsFlow
	case "371", "372", "connector":
		return NeedsConnector
	case "380", "environmentvariabledefinition":
		return NeedsVariable
	}
	return NeedsComponent
}

// solutionNamed is the unique name in "Name (1.0.0.0)"; "" for none and for "Active", which is no solution.
func solutionNamed(s string) string {
	name, _, _ := strings.Cut(s, " (")
	if connref.EqualFold(name, "Active") {
		return ""
	}
	return name
}

// dependencies collects what solutions need of each other, each thing once.
type dependencies struct {
	list  []Dependency
	known map[Dependency]bool
}

// add notes that a solution needs something that others bring, unless it brings that itself; of several that do, the
// first is meant.
func (d *dependencies) add(from *Solution, brings []*Solution, kind DependencyKind, name string) {
	if len(brings) == 0 || slices.Contains(brings, from) {
		return
	}
	if dependency := (Dependency{from, brings[0], kind, name}); !d.known[dependency] {
		d.known[dependency] = true
		d.list = append(d.list, dependency)
	}
}

// depend finds what the solutions need of each other.
func (b *builder) depend() {
	d := dependencies{known: map[Dependency]bool{}}
	for _, n := range b.g.needs {
		brings := n.Reference.DeclaredBy()
		if named := b.named(n.From); named != nil && (len(brings) == 0 || slices.Contains(brings, named)) {
			brings = []*Solution{named}
		}
		d.add(n.Solution, brings, NeedsReference, string(n.Reference.Name))
	}
	for _, r := range b.g.references {
		for _, c := range r.Candidates {
			for _, declaration := range c.Declarations {
				d.connector(declaration.Copy.Solution, c.Connector)
			}
		}
	}
	for _, f := range b.g.flows {
		for _, from := range f.Places.Solutions() {
			d.calls(from, f.calls)
			for _, b := range f.bindings {
				d.connector(from, b.Connector)
			}
			for _, v := range f.variables {
				d.add(from, v.Places.Solutions(), NeedsVariable, v.SchemaName)
			}
		}
	}
	for _, a := range b.g.agents {
		for _, from := range a.Places.Solutions() {
			d.calls(from, a.calls)
		}
	}
	for _, a := range b.g.apps {
		for _, from := range a.Places.Solutions() {
			d.calls(from, a.calls)
			for _, c := range a.connectors {
				d.connector(from, c)
			}
		}
	}
	for _, r := range b.required {
		if s := b.named(r.by); s != nil && !d.has(r.from, s, r.kind) {
			d.add(r.from, []*Solution{s}, r.kind, r.name)
		}
	}
	slices.SortStableFunc(d.list, func(a, b Dependency) int { return cmp.Compare(a.From.index, b.From.index) })
	b.g.dependencies = d.list
}

// connector notes that a solution needs a connector, if it is a custom one that others bring.
func (d *dependencies) connector(from *Solution, c *Connector) {
	brings := func(p Place) bool { return p.Copy.Solution == from }
	if c != nil && len(c.BroughtBy) > 0 && !slices.ContainsFunc(c.BroughtBy, brings) {
		d.add(from, []*Solution{c.BroughtBy[0].Copy.Solution}, NeedsConnector, c.label())
	}
}

// has tells whether it is noted from files what a list of components may say once more, under another name.
func (d *dependencies) has(from, to *Solution, kind DependencyKind) bool {
	return kind != NeedsComponent && slices.ContainsFunc(d.list, func(known Dependency) bool {
		return known.From == from && known.To == to && known.Kind == kind
	})
}

func (d *dependencies) calls(from *Solution, calls []*Call) {
	for _, call := range calls {
		if call.Callee != nil {
			d.add(from, call.Callee.Places.Solutions(), NeedsFlow, call.Callee.Name)
		}
	}
}

// named answers the solution that a missing dependency names; nil if it wasn't read.
func (b *builder) named(solution string) *Solution {
	return b.g.bySolution[connref.Fold(solutionNamed(solution))]
}
