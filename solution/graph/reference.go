package graph

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
)

// Reference is a connection reference: one that a solution declares, one that something names though no solution that
// was read declares it, or one that an environment has.
type Reference struct {
	Name connref.LogicalName // as its first declaration spells it, else as whoever names it does
	// Candidates are what the name may stand for: nothing if no solution declares it, several if solutions declare it for
	// different connectors, of which a target can have only one.
	Candidates []*Candidate

	bindings []*Binding // in the order of flows
	needs    []*Need
	index    int
	apps     []*App
	agents   []*Agent
	bound    []*Bound
}

// Candidate is what solutions agree on that declare a name.
type Candidate struct {
	Connector       *Connector   // nil if the declarations name none
	CustomConnector connref.GUID // the row of a custom connector; zero for one of the platform's own
	Declarations    []Declaration
}

// Declaration is a reference as one copy of a solution declares it.
type Declaration struct {
	Place
	DisplayName string
}

// DisplayName is the name that people see, of the first declaration that has one.
func (r *Reference) DisplayName() string {
	for d := range r.Declarations() {
		if d.DisplayName != "" {
			return d.DisplayName
		}
	}
	return ""
}

// Declarations yields the declarations, one for each copy of a solution that declares the reference.
func (r *Reference) Declarations() iter.Seq[Declaration] {
	return func(yield func(Declaration) bool) {
		for _, c := range r.Candidates {
			for _, d := range c.Declarations {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// DeclaredBy answers the solutions that declare the reference, each once.
func (r *Reference) DeclaredBy() []*Solution {
	var places Places
	for d := range r.Declarations() {
		places = append(places, d.Place)
	}
	return places.Solutions()
}

// declaredBy tells whether a solution declares the reference.
func (r *Reference) declaredBy(s *Solution) bool {
	for d := range r.Declarations() {
		if d.Copy.Solution == s {
			return true
		}
	}
	return false
}

// resolvedBy answers the solutions other than one that declare the reference.
func (r *Reference) resolvedBy(without *Solution) []*Solution {
	return slices.DeleteFunc(r.DeclaredBy(), func(s *Solution) bool { return s == without })
}

// Connectors answers the connectors that the reference is declared for; if nothing declares it, those that its users and
// its environments take it for.
func (r *Reference) Connectors() []*Connector {
	var list []*Connector
	add := func(c *Connector) {
		if c != nil && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	for _, c := range r.Candidates {
		add(c.Connector)
	}
	if len(r.Candidates) > 0 {
		return list
	}
	for _, b := range r.bindings {
		add(b.Connector)
	}
	for _, b := range r.bound {
		add(b.Connector)
	}
	return list
}

// Bindings yields the bindings of flows that name the reference, flow by flow.
func (r *Reference) Bindings() iter.Seq[*Binding] { return slices.Values(r.bindings) }

// Needs yields what solutions use the reference or list it as missing, and don't declare it.
func (r *Reference) Needs() iter.Seq[*Need] { return slices.Values(r.needs) }

// Bound yields what environments have the reference bound to.
func (r *Reference) Bound() iter.Seq[*Bound] { return slices.Values(r.bound) }

// Consumers answers the flows, apps and agents that use the reference themselves.
func (r *Reference) Consumers() Consumers {
	return Consumers{Flows: flowsOf(r.bindings), Apps: slices.Clone(r.apps), Agents: slices.Clone(r.agents)}
}

// used tells whether any flow, app or agent uses the reference itself.
func (r *Reference) used() bool { return len(r.bindings)+len(r.apps)+len(r.agents) > 0 }

func (r *Reference) label() string { return cmp.Or(r.DisplayName(), string(r.Name)) }

func (c *Candidate) label() string {
	connector := "none"
	if c.Connector != nil {
		connector = c.Connector.ID.Name()
	}
	var places Places
	for _, d := range c.Declarations {
		places = append(places, d.Place)
	}
	return connector + " in " + strings.Join(list(places, Place.label), " and ")
}

// reference answers the node of a name.
func (b *builder) reference(name connref.LogicalName) *Reference {
	if r := b.references[name]; r != nil { // this very spelling is known
		return r
	}
	own := connref.LogicalName(b.text(string(name)))
	key := own.Fold()
	r := b.g.byReference[key]
	if r == nil {
		r = &Reference{Name: own, index: len(b.g.references)}
		b.g.byReference[key] = r
		b.g.references = append(b.g.references, r)
	}
	b.references[own] = r
	return r
}

// declaration adds what a copy of a solution declares.
func (b *builder) declaration(c *Copy, ref connref.Reference) {
	r := b.reference(ref.LogicalName)
	if len(r.Candidates) == 0 {
		r.Name = connref.LogicalName(b.text(string(ref.LogicalName)))
	}
	connector := b.connector(ref.Connector)
	d := Declaration{b.place(c, ref.At), b.text(ref.DisplayName)}
	for _, candidate := range r.Candidates {
		if candidate.agrees(connector, ref.CustomConnector) {
			if candidate.CustomConnector.IsZero() {
				candidate.CustomConnector = ref.CustomConnector
			}
			candidate.Declarations = append(candidate.Declarations, d)
			return
		}
	}
	r.Candidates = append(r.Candidates, &Candidate{connector, ref.CustomConnector, []Declaration{d}})
}

// agrees tells whether a declaration, of whatever graph, means the same connector: by the row of a custom one where both
// name theirs, since two custom connectors can share a name.
func (c *Candidate) agrees(connector *Connector, custom connref.GUID) bool {
	if !c.CustomConnector.IsZero() && !custom.IsZero() {
		return c.CustomConnector == custom
	}
	if c.Connector == nil || connector == nil {
		return c.Connector == connector
	}
	return c.Connector.ID.Same(connector.ID)
}
