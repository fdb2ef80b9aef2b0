package graph

import (
	"fmt"
	"iter"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// NodeKind is what a Node is.
type NodeKind string

// The kinds of nodes.
const (
	NodeSolution    NodeKind = "solution"
	NodeEnvironment NodeKind = "environment"
	NodeConnector   NodeKind = "connector"
	NodeConnection  NodeKind = "connection"
	NodeReference   NodeKind = "reference"
	NodeFlow        NodeKind = "flow"
	NodeOperation   NodeKind = "operation"
	NodeApp         NodeKind = "app"
	NodeAgent       NodeKind = "agent"
	NodeVariable    NodeKind = "variable"
)

// Node is a node of the graph as data, for export.
type Node struct {
	ID     string      `json:"id"` // the kind, a colon, and what tells nodes of the kind apart
	Kind   NodeKind    `json:"kind"`
	Name   string      `json:"name"`             // by which it is known to the platform; of an operation, its path
	Label  string      `json:"label"`            // by which people know it
	On     *bool       `json:"on,omitempty"`     // of a flow, where it is known
	Status string      `json:"status,omitempty"` // of a connection, where it is known
	Copies []NodeCopy  `json:"copies,omitempty"` // of a solution
	Places []NodePlace `json:"places,omitempty"` // where it stands in files; a flow that is only called has none
}

// NodeCopy is a copy of a solution.
type NodeCopy struct {
	Path    string `json:"path"`
	Layout  string `json:"layout"`
	Version string `json:"version"`
	Managed string `json:"managed"`
}

// NodePlace is a place in a file of a copy of a solution.
type NodePlace struct {
	Path  string `json:"path"` // of the copy
	File  string `json:"file"`
	Start int    `json:"start"` // as a byte offset in the decoded text; 0 with end 0 for the file as a whole
	End   int    `json:"end"`
}

// EdgeKind is what an Edge says.
type EdgeKind string

// The kinds of edges, with what they lead from and to.
const (
	EdgeContains EdgeKind = "contains" // solution → flow, app, agent, variable
	EdgeDeclares EdgeKind = "declares" // solution → reference
	EdgeLists    EdgeKind = "lists"    // solution → reference that it lists as missing
	EdgeLacks    EdgeKind = "lacks"    // solution → reference that it uses, and neither declares nor lists
	EdgeBrings   EdgeKind = "brings"   // solution → custom connector
	EdgeNeeds    EdgeKind = "needs"    // solution → solution that it depends on
	EdgeBinds    EdgeKind = "binds"    // flow → reference, or → connector if the binding is direct
	EdgeHas      EdgeKind = "has"      // flow → operation; environment → reference, connection
	EdgeRuns     EdgeKind = "runs"     // operation → reference, or → connector
	EdgeCalls    EdgeKind = "calls"    // flow, agent, app → flow
	EdgeTakes    EdgeKind = "takes"    // flow → variable
	EdgeUses     EdgeKind = "uses"     // app, agent → reference; app → connector where it names no reference
	EdgeNames    EdgeKind = "names"    // flow, app → connection that it names itself
	EdgeOf       EdgeKind = "of"       // reference, connection, variable → connector
	EdgeBound    EdgeKind = "bound"    // reference → connection that answers for it
)

// Edge is an edge of the graph as data, for export.
type Edge struct {
	Kind          EdgeKind `json:"kind"`
	From          string   `json:"from"` // a Node's ID
	To            string   `json:"to"`
	Key           string   `json:"key,omitempty"`           // of a binding
	State         string   `json:"state,omitempty"`         // of a binding
	ResolvedBy    []string `json:"resolvedBy,omitempty"`    // solutions that declare an external or dangling one
	RuntimeSource string   `json:"runtimeSource,omitempty"` // of a binding, and of an agent's use where it is the invoker's
	Operations    int      `json:"operations,omitempty"`    // that run on a binding
	Name          string   `json:"name,omitempty"`          // what a solution needs, where a listed reference was, who calls
	Connector     string   `json:"connector,omitempty"`     // as a binding or a declaration names it
	Environment   string   `json:"environment,omitempty"`   // in which a reference is bound
}

// Nodes yields all nodes as data.
func (g *Graph) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) { (&exporter{g: g, node: yield}).nodes() }
}

// Edges yields all edges as data.
func (g *Graph) Edges() iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		e := &exporter{g: g, node: func(Node) bool { return true }}
		e.nodes() // which gives the ids
		e.edge = yield
		e.edges()
	}
}

// exporter walks the graph for as long as somebody takes what it yields.
type exporter struct {
	g       *Graph
	node    func(Node) bool
	edge    func(Edge) bool
	stopped bool
	ids     map[any]string // by node, or by the id of a flow that wasn't read
	taken   map[string]int
}

func (e *exporter) nodes() {
	e.ids, e.taken = map[any]string{}, map[string]int{}
	for _, s := range e.g.solutions {
		n := Node{Kind: NodeSolution, Name: s.Name(), Label: s.label()}
		for _, c := range s.Copies {
			n.Copies = append(n.Copies, NodeCopy{c.Path, c.Layout.String(), c.Version, c.Managed.String()})
		}
		e.add(s, connref.Fold(s.Name()), n)
	}
	for _, env := range e.g.environments {
		e.add(env, env.Name, Node{Kind: NodeEnvironment, Name: env.Name, Label: env.Name})
	}
	for _, c := range e.g.connectors {
		e.add(c, string(connectorKey(c.ID)), Node{
			Kind: NodeConnector, Name: c.ID.Name(), Label: c.label(), Places: nodePlaces(c.BroughtBy),
		})
	}
	for _, c := range e.g.connections {
		n := Node{Kind: NodeConnection, Name: string(c.ID), Label: c.label()}
		if c.Status != 0 {
			n.Status = c.Status.String()
		}
		e.add(c, string(c.ID.Fold()), n)
	}
	for _, r := range e.g.references {
		n := Node{Kind: NodeReference, Name: string(r.Name), Label: r.label()}
		for d := range r.Declarations() {
			n.Places = append(n.Places, nodePlace(d.Place))
		}
		e.add(r, string(r.Name.Fold()), n)
	}
	for _, f := range e.g.flows {
		n := Node{Kind: NodeFlow, Name: f.Name, Label: f.Name, Places: nodePlaces(f.Places)}
		if f.On != connref.Unknown {
			on := f.On == connref.Yes
			n.On = &on
		}
		e.add(f, f.key(), n)
		for op := range f.Operations() {
			e.add(op, f.key()+"#"+op.Path(), Node{
				Kind: NodeOperation, Name: op.Path(), Label: op.Name, Places: []NodePlace{nodePlace(op.Place())},
			})
		}
	}
	for _, call := range e.g.calls {
		if id, unread := call.callee().(connref.FlowID); unread && e.ids[id] == "" {
			e.add(id, id.String(), Node{Kind: NodeFlow, Name: id.String(), Label: id.String()})
		}
	}
	for _, a := range e.g.apps {
		e.add(a, connref.Fold(a.Name), Node{Kind: NodeApp, Name: a.Name, Label: a.label(), Places: nodePlaces(a.Places)})
	}
	for _, a := range e.g.agents {
		e.add(a, connref.Fold(a.SchemaName), Node{
			Kind: NodeAgent, Name: a.SchemaName, Label: a.SchemaName, Places: nodePlaces(a.Places),
		})
	}
	for _, v := range e.g.variables {
		e.add(v, connref.Fold(v.SchemaName), Node{
			Kind: NodeVariable, Name: v.SchemaName, Label: v.label(), Places: nodePlaces(v.Places),
		})
	}
}

// add yields a node under an id that no other has.
func (e *exporter) add(node any, key string, n Node) {
	first := string(n.Kind) + ":" + key
	n.ID = first
	for i := e.taken[first] + 1; e.taken[n.ID] > 0; i++ {
		n.ID = fmt.Sprintf("%s (%d)", first, i)
	}
	e.taken[first]++
	if n.ID != first {
		e.taken[n.ID]++
	}
	e.ids[node] = n.ID
	e.stopped = e.stopped || !e.node(n)
}

func (e *exporter) edges() {
	for _, d := range e.g.dependencies {
		e.link(d.From, d.To, Edge{Kind: EdgeNeeds, Name: d.Kind.String() + " " + d.Name})
	}
	for _, n := range e.g.needs {
		kind := EdgeLacks
		if n.State == solution.External {
			kind = EdgeLists
		}
		e.link(n.Solution, n.Reference, Edge{Kind: kind, Name: n.From, ResolvedBy: e.all(n.ResolvedBy())})
	}
	for _, f := range e.g.flows {
		e.ofFlow(f)
	}
	for _, a := range e.g.apps {
		e.held(EdgeContains, a, a.Places.Solutions())
		for _, r := range a.references {
			e.link(a, r, Edge{Kind: EdgeUses})
		}
		for _, c := range a.unlinked {
			e.link(a, c, Edge{Kind: EdgeUses})
		}
		for _, call := range a.calls {
			e.call(a, call)
		}
	}
	for _, a := range e.g.agents {
		e.held(EdgeContains, a, a.Places.Solutions())
		for _, u := range a.uses {
			uses := Edge{Kind: EdgeUses}
			if u.invoker {
				uses.RuntimeSource = string(flow.Invoker)
			}
			e.link(a, u.reference, uses)
		}
		for _, call := range a.calls {
			e.call(a, call)
		}
	}
	for _, v := range e.g.variables {
		e.held(EdgeContains, v, v.Places.Solutions())
		e.of(v, v.Connector)
	}
	for _, r := range e.g.references {
		e.ofReference(r)
	}
	for _, c := range e.g.connectors {
		e.held(EdgeBrings, c, c.BroughtBy.Solutions())
	}
	for _, c := range e.g.connections {
		e.of(c, c.Connector)
		if c.Environment != nil {
			e.link(c.Environment, c, Edge{Kind: EdgeHas})
		}
		for _, a := range c.apps {
			e.link(a, c, Edge{Kind: EdgeNames})
		}
	}
}

// held yields the edges that lead from solutions to what they hold.
func (e *exporter) held(kind EdgeKind, node any, by []*Solution) {
	for _, s := range by {
		e.link(s, node, Edge{Kind: kind})
	}
}

func (e *exporter) ofReference(r *Reference) {
	for _, c := range r.Candidates {
		var places Places
		for _, d := range c.Declarations {
			places = append(places, d.Place)
		}
		for _, s := range places.Solutions() {
			e.link(s, r, Edge{Kind: EdgeDeclares, Connector: connectorName(c.Connector)})
		}
	}
	for _, c := range r.Connectors() {
		e.of(r, c)
	}
	for _, b := range r.bound {
		e.link(b.Environment, r, Edge{Kind: EdgeHas})
		if b.Connection != nil {
			e.link(r, b.Connection, Edge{Kind: EdgeBound, Environment: e.ids[b.Environment]})
		}
	}
}

func (e *exporter) ofFlow(f *Flow) {
	e.held(EdgeContains, f, f.Places.Solutions())
	for _, b := range f.bindings {
		binds := Edge{
			Kind: EdgeBinds, Key: b.Key, State: b.State.String(), RuntimeSource: string(b.Source),
			ResolvedBy: e.all(b.ResolvedBy()), Connector: connectorName(b.Connector),
		}
		for range b.Operations() {
			binds.Operations++
		}
		e.link(f, b.target(), binds)
		if b.Connection != nil {
			e.link(f, b.Connection, Edge{Kind: EdgeNames, Key: b.Key})
		}
	}
	for op := range f.Operations() {
		e.link(f, op, Edge{Kind: EdgeHas})
		if op.Binding != nil {
			e.link(op, op.Binding.target(), Edge{Kind: EdgeRuns, Key: op.Binding.Key})
		}
	}
	for _, call := range f.calls {
		e.call(f, call)
	}
	for _, v := range f.variables {
		e.link(f, v, Edge{Kind: EdgeTakes})
	}
}

// target is what a binding leads to: its reference, or its connector if it has none; nil if it has neither.
func (b *Binding) target() any {
	switch {
	case b.Reference != nil:
		return b.Reference
	case b.Connector != nil:
		return b.Connector
	}
	return nil
}

func connectorName(c *Connector) string {
	if c == nil {
		return ""
	}
	return c.ID.Name()
}

func (e *exporter) of(node any, c *Connector) {
	if c != nil {
		e.link(node, c, Edge{Kind: EdgeOf})
	}
}

func (e *exporter) call(from any, call *Call) {
	calls := Edge{Kind: EdgeCalls}
	if call.Operation != nil {
		calls.Name = call.Operation.Path()
	}
	e.link(from, call.callee(), calls)
}

// link yields an edge, unless it leads nowhere.
func (e *exporter) link(from, to any, edge Edge) {
	if to == nil || e.stopped {
		return
	}
	edge.From, edge.To = e.ids[from], e.ids[to]
	e.stopped = !e.edge(edge)
}

func (e *exporter) all(solutions []*Solution) []string {
	var ids []string
	for _, s := range solutions {
		ids = append(ids, e.ids[s])
	}
	return ids
}

// key is what tells flows apart: the id, or the solution and the file where there is none.
func (f *Flow) key() string {
	if !f.ID.IsZero() {
		return f.ID.String()
	}
	return connref.Fold(f.Places[0].Copy.Solution.Name() + "/" + f.Places[0].At.File)
}

func nodePlaces(places Places) []NodePlace {
	var list []NodePlace
	for _, p := range places {
		list = append(list, nodePlace(p))
	}
	return list
}

func nodePlace(p Place) NodePlace {
	return NodePlace{p.Copy.Path, p.At.File, p.At.Span.Start, p.At.Span.End}
}
