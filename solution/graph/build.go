package graph

import (
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
)

// builder makes a Graph, and is dropped when that is done.
type builder struct {
	g          *Graph
	texts      map[string]string // every text that the graph holds: none is a part of a file
	references map[connref.LogicalName]*Reference
	connectors map[connref.ConnectorID]*Connector
	flows      map[flowKey]*Flow
	apps       map[any]*App
	agents     map[string]*Agent
	variables  map[string]*Variable
	needs      map[needKey]*Need
	required   []required
	differing  map[*Flow]bool
	doubted    map[doubtKey]bool
	unseen     []unseen
	operations []Operation // what is left of a block of them
	problems   diag.Collector
}

// New makes the graph of the solutions and environments. Solutions that can't be opened make it less conclusive, and are
// the concern of whoever opens them.
func New(in Input) *Graph {
	b := &builder{
		g: &Graph{
			complete:     in.Complete,
			bySolution:   map[string]*Solution{},
			byReference:  map[connref.LogicalName]*Reference{},
			byConnector:  map[connref.ConnectorID]*Connector{},
			byConnection: map[connref.ConnectionID]*Connection{},
			byFlow:       map[connref.FlowID]*Flow{},
		},
		texts:      map[string]string{},
		references: map[connref.LogicalName]*Reference{},
		connectors: map[connref.ConnectorID]*Connector{},
		flows:      map[flowKey]*Flow{},
		apps:       map[any]*App{},
		agents:     map[string]*Agent{},
		variables:  map[string]*Variable{},
		needs:      map[needKey]*Need{},
		differing:  map[*Flow]bool{},
		doubted:    map[doubtKey]bool{},
	}
	if !in.Complete {
		b.g.doubts = append(b.g.doubts, Doubt{Kind: DoubtIncomplete})
	}
	for sol, err := range in.All() {
		if err != nil {
			b.g.doubts = append(b.g.doubts, Doubt{Kind: DoubtUnopened, Name: b.text(err.Error())})
			continue
		}
		b.solution(sol)
	}
	for _, env := range in.Environments {
		b.environment(env)
	}
	b.link()
	b.depend()
	b.report()
	return b.g
}

// text answers a text that the graph may hold on to.
func (b *builder) text(s string) string {
	if s == "" {
		return ""
	}
	own, ok := b.texts[s]
	if !ok {
		own = strings.Clone(s)
		b.texts[own] = own
	}
	return own
}

// solution adds all that a solution holds.
func (b *builder) solution(sol *solution.Solution) {
	c := b.copy(sol)
	for ref := range sol.References() {
		b.declaration(c, ref)
	}
	b.missing(c, sol)
	for custom := range sol.Connectors() {
		b.brought(c, custom)
	}
	for v := range sol.Variables() {
		b.definition(c, v)
	}
	for f := range sol.Flows() {
		b.flow(c, sol, f)
	}
	for app := range sol.Apps() {
		b.app(c, sol, app)
	}
	for agent := range sol.Agents() {
		b.agent(c, sol, agent)
	}
	b.unread(c, sol)
	b.require(c, sol)
}

// link gives every node what leads to it, once all nodes are there.
func (b *builder) link() {
	g := b.g
	for _, f := range g.flows {
		if !f.ID.IsZero() {
			g.byFlow[f.ID] = f
		}
		for _, s := range f.Places.Solutions() {
			s.flows = append(s.flows, f)
		}
		for _, binding := range f.bindings {
			b.linkBinding(binding)
		}
		for _, v := range f.variables {
			v.flows = append(v.flows, f)
		}
	}
	for _, call := range g.calls {
		if call.Callee = g.byFlow[call.ID]; call.Callee != nil {
			call.Callee.calledBy = append(call.Callee.calledBy, call)
		}
	}
	for _, a := range g.apps {
		for _, r := range a.references {
			r.apps = append(r.apps, a)
		}
		for _, c := range a.connectors {
			c.apps = append(c.apps, a)
		}
	}
	for _, a := range g.agents {
		for r := range a.References() {
			r.agents = append(r.agents, a)
		}
	}
	for _, v := range g.variables {
		if v.Connector != nil {
			v.Connector.variables = append(v.Connector.variables, v)
		}
	}
	for _, r := range g.references {
		for _, c := range r.Connectors() {
			c.references = append(c.references, r)
		}
		for _, s := range r.DeclaredBy() {
			s.references = append(s.references, r)
		}
	}
	b.linkNeeds()
	b.linkDoubts()
}

func (b *builder) linkBinding(binding *Binding) {
	binding.settle()
	if binding.Reference != nil {
		binding.Reference.bindings = append(binding.Reference.bindings, binding)
	}
	if binding.Connector != nil {
		binding.Connector.bindings = append(binding.Connector.bindings, binding)
	}
	if binding.Connection != nil {
		binding.Connection.direct = append(binding.Connection.direct, binding)
	}
}
