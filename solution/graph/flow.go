package graph

import (
	"iter"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// Flow is a cloud flow. One that stands in several copies, or in several solutions, is one node.
type Flow struct {
	ID      connref.FlowID // zero for flows of legacy packages and for some that were made by hand
	Name    string
	On      connref.Fact // in the first copy that knows it; Unknown where no metadata lists the flow
	Trigger flow.TriggerKind
	Places  Places // its definition files

	bindings   []*Binding
	operations []*Operation
	calls      []*Call
	calledBy   []*Call
	variables  []*Variable
	index      int
}

// Binding is the use of a connection by a flow, under a key of its own. Where copies of the flow bind one key to
// different references, there is a Binding for each.
type Binding struct {
	Flow       *Flow
	Key        string
	Reference  *Reference  // nil for a direct connection
	Connector  *Connector  // as the flow has it; nil if it has none
	Connection *Connection // of a direct connection in a legacy package; else nil
	Source     flow.RuntimeSource
	// State is how the reference stands to the flow's solution, of which one copy declaring it is enough. Where several
	// solutions have the flow, it is the worst of theirs, in the order declared, external, dangling; and the Binding's
	// Place is in that one.
	State solution.State

	in          *Place // the definition file
	span        source.Span
	first, last *Operation
	lacks       []lack // until the graph is linked
}

// lack is a copy that doesn't declare the reference of a binding.
type lack struct {
	state solution.State
	in    *Place
	span  source.Span
}

// settle finds the binding's state, once all declarations are known.
func (b *Binding) settle() {
	for _, l := range b.lacks {
		if l.state > b.State && !b.Reference.declaredBy(l.in.Copy.Solution) {
			b.State, b.in, b.span = l.state, l.in, l.span
		}
	}
	b.lacks = nil
}

// Operation is a trigger or an action that runs on a binding or calls a flow, or one that such a one is inside of.
type Operation struct {
	Name      string
	IsTrigger bool
	Flow      *Flow
	Binding   *Binding   // nil if it runs on none
	Parent    *Operation // the action that holds it; nil at the top
	Branch    string     // of Parent: "" for its actions, "else", "default", or "case NAME"

	in   *Place // the definition file
	span source.Span
	next *Operation // of the same binding
}

// Call is the call of a flow: of a child flow by an operation of another, or by an agent or a canvas app.
type Call struct {
	Flow      *Flow      // the caller, or nil
	Operation *Operation // of Flow
	Agent     *Agent     // the caller, or nil
	App       *App       // the caller, or nil
	ID        connref.FlowID
	Callee    *Flow // nil if no solution that was read has it
}

// callee is what the call leads to: the flow, or its id if no solution that was read has it; nil if it has no id either.
func (c *Call) callee() any {
	switch {
	case c.Callee != nil:
		return c.Callee
	case !c.ID.IsZero():
		return c.ID
	}
	return nil
}

// Bindings yields the flow's bindings in file order.
func (f *Flow) Bindings() iter.Seq[*Binding] { return slices.Values(f.bindings) }

// Operations yields the triggers and actions that run on a binding or call a flow, in file order.
func (f *Flow) Operations() iter.Seq[*Operation] { return slices.Values(f.operations) }

// References answers the references that the flow names, each once, in file order.
func (f *Flow) References() []*Reference {
	var list []*Reference
	for _, b := range f.bindings {
		if b.Reference != nil {
			list = appendNew(list, b.Reference)
		}
	}
	return list
}

// Calls yields the calls of child flows, in file order.
func (f *Flow) Calls() iter.Seq[*Call] { return slices.Values(f.calls) }

// CalledBy yields the calls of this flow.
func (f *Flow) CalledBy() iter.Seq[*Call] { return slices.Values(f.calledBy) }

// Variables yields the environment variables that the flow takes.
func (f *Flow) Variables() iter.Seq[*Variable] { return slices.Values(f.variables) }

// Place is where the binding's key stands.
func (b *Binding) Place() Place { return at(b.in, b.span) }

// Direct tells whether the binding names no reference at all.
func (b *Binding) Direct() bool { return b.Reference == nil }

// ResolvedBy answers the other solutions that declare the reference of an external or dangling binding.
func (b *Binding) ResolvedBy() []*Solution {
	if b.State != solution.External && b.State != solution.Dangling {
		return nil
	}
	return b.Reference.resolvedBy(b.in.Copy.Solution)
}

// Operations yields the triggers and actions that run on the binding, in file order.
func (b *Binding) Operations() iter.Seq[*Operation] {
	return func(yield func(*Operation) bool) {
		for op := b.first; op != nil; op = op.next {
			if !yield(op) {
				return
			}
		}
	}
}

// Place is where the operation stands.
func (op *Operation) Place() Place { return at(op.in, op.span) }

// Path names the operation with the actions and branches around it, as in "Try > Has items (else) > Send mail".
func (op *Operation) Path() string {
	if op.Parent == nil {
		return op.Name
	}
	path := op.Parent.Path()
	if op.Branch != "" {
		path += " (" + op.Branch + ")"
	}
	return path + " > " + op.Name
}

func at(file *Place, span source.Span) Place {
	return Place{file.Copy, source.Location{File: file.At.File, Span: span}}
}

// flowKey is what tells flows apart: the id, or the file in its solution where there is none.
type flowKey struct {
	id       connref.FlowID
	solution *Solution
	file     string
}

// operationKey is what tells the operations of one flow apart.
type operationKey struct {
	parent       *Operation
	branch, name string
	isTrigger    bool
	binding      *Binding
}

// flow makes the node of a flow, or adds to it what this copy has and others hadn't.
func (b *builder) flow(c *Copy, sol *solution.Solution, f *solution.Flow) {
	key := flowKey{id: f.ID}
	if f.ID.IsZero() {
		key.solution, key.file = c.Solution, b.text(connref.Fold(f.FileName))
	}
	node, known := b.flows[key]
	if !known {
		node = &Flow{ID: f.ID, Name: b.text(f.Name), Trigger: f.TriggerKind(), index: len(b.g.flows)}
		b.flows[key] = node
		b.g.flows = append(b.g.flows, node)
	}
	if f.Listed && node.On == connref.Unknown {
		node.On = connref.FactOf(f.On)
	}
	file := b.place(c, source.Location{File: f.FileName})
	node.Places = append(node.Places, file)
	m := flowCopy{builder: b, flow: node, in: &file}
	if known {
		m.known, m.met = node.steps(), map[any]bool{}
	}
	others := len(m.known) + len(node.bindings) + len(node.calls)
	for binding := range f.Bindings() {
		m.binding(sol, binding)
	}
	for op := range f.Operations() {
		m.operation(op)
	}
	for v := range f.Variables() {
		if variable := b.variable(v.SchemaName); variable != nil && !slices.Contains(node.variables, variable) {
			node.variables = append(node.variables, variable)
		}
	}
	if known && (m.added || len(m.met) != others) {
		b.differing[node] = true
	}
}

// steps answers all operations of a flow, to be found again in another copy.
func (f *Flow) steps() map[operationKey]*Operation {
	all := map[operationKey]*Operation{}
	for _, op := range f.operations {
		for ; op != nil; op = op.Parent {
			all[op.key()] = op
		}
	}
	return all
}

func (op *Operation) key() operationKey {
	return operationKey{op.Parent, op.Branch, op.Name, op.IsTrigger, op.Binding}
}
