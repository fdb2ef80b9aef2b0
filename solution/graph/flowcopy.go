package graph

import (
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// flowCopy adds one copy of a flow to its node.
type flowCopy struct {
	*builder
	flow     *Flow
	in       *Place
	bindings []keyed // of this copy, in file order
	around   []level // the actions that the operation at hand is inside of

	known map[operationKey]*Operation // what other copies have; nil in the first one
	met   map[any]bool                // what of the flow in other copies this copy has too
	added bool                        // this copy has what no other had
}

// keyed is a binding under the key that this copy's operations name.
type keyed struct {
	key     string
	binding *Binding
}

// level is an action around others, and its node once something inside needs it.
type level struct {
	op   *flow.Operation
	node *Operation
}

func (m *flowCopy) binding(sol *solution.Solution, in flow.Binding) {
	n := m.bindingNode(in)
	m.bindings = append(m.bindings, keyed{in.Key, n})
	switch state := sol.State(in); state {
	case solution.Direct:
		n.State = solution.Direct
	case solution.Declared:
	default:
		n.lacks = append(n.lacks, lack{state, m.in, in.At.Span})
		need := m.need(m.in.Copy.Solution, n.Reference, state)
		if m.known == nil || !slices.Contains(need.Bindings, n) {
			need.Bindings = append(need.Bindings, n)
		}
	}
}

// bindingNode answers the node of a binding, which another copy may have too.
func (m *flowCopy) bindingNode(in flow.Binding) *Binding {
	n := &Binding{
		Flow:       m.flow,
		Key:        in.Key,
		Connector:  m.connector(in.Connector),
		Connection: m.connection(in.Connection),
		Source:     in.Source,
		State:      solution.Declared,
		in:         m.in,
		span:       in.At.Span,
	}
	if !in.Direct() {
		n.Reference = m.reference(in.Reference)
	}
	if m.known != nil {
		for _, other := range m.flow.bindings {
			if other.Key == n.Key && other.Source == n.Source && other.Reference == n.Reference &&
				other.Connector == n.Connector && other.Connection == n.Connection {
				m.met[other] = true
				return other
			}
		}
	}
	n.Key, n.Source = m.text(n.Key), flow.RuntimeSource(m.text(string(n.Source)))
	m.flow.bindings = append(m.flow.bindings, n)
	m.added = true
	return n
}

// bindingOf answers the binding that a key stands for in this copy; of a repeated key the last.
func (m *flowCopy) bindingOf(key string) *Binding {
	if key == "" {
		return nil
	}
	for _, k := range slices.Backward(m.bindings) {
		if k.key == key {
			return k.binding
		}
	}
	return nil
}

// operation adds an operation that runs on a binding or calls a flow; others only once something inside them does.
func (m *flowCopy) operation(op *flow.Operation) {
	m.around = append(m.around[:op.Depth], level{op: op})
	binding, calls := m.bindingOf(op.Host.Key), op.Host.Form == flow.HostChildFlow
	if binding == nil && !calls {
		return
	}
	node := m.node(op.Depth, binding)
	if node.in == m.in { // no other copy has it
		m.flow.operations = append(m.flow.operations, node)
		if binding != nil {
			binding.append(node)
		}
	}
	if calls {
		m.call(node, op.Host.ChildFlow)
	}
}

// node answers the node of the action at a depth around the operation at hand, or of itself.
func (m *flowCopy) node(depth int, binding *Binding) *Operation {
	l := &m.around[depth]
	if l.node != nil {
		return l.node
	}
	key := operationKey{branch: l.op.Branch, name: l.op.Name, isTrigger: l.op.IsTrigger, binding: binding}
	if depth > 0 {
		key.parent = m.node(depth-1, m.bindingOf(m.around[depth-1].op.Host.Key))
	}
	if l.node = m.known[key]; l.node != nil {
		m.met[l.node] = true
		return l.node
	}
	m.added = true
	l.node = m.newOperation()
	*l.node = Operation{
		Name: m.text(l.op.Name), IsTrigger: l.op.IsTrigger, Flow: m.flow, Binding: binding,
		Parent: key.parent, Branch: m.text(l.op.Branch),
		in: m.in, span: l.op.At.Span,
	}
	return l.node
}

func (b *Binding) append(op *Operation) {
	if b.first == nil {
		b.first = op
	} else {
		b.last.next = op
	}
	b.last = op
}

// call adds a call to the flow, unless another copy has it.
func (m *flowCopy) call(op *Operation, id string) {
	called, _ := connref.ParseGUID(id) // what is no id calls nothing that could be found
	same := func(c *Call) bool { return c.Operation == op && c.ID == called }
	if i := slices.IndexFunc(m.flow.calls, same); m.known != nil && i >= 0 {
		m.met[m.flow.calls[i]] = true
		return
	}
	m.added = true
	m.flow.calls = m.builder.call(m.flow.calls, &Call{Flow: m.flow, Operation: op, ID: called})
}

// newOperation takes an Operation from a block: there are many, and they live and die together.
func (b *builder) newOperation() *Operation {
	if len(b.operations) == cap(b.operations) {
		b.operations = make([]Operation, 0, 64)
	}
	b.operations = b.operations[:len(b.operations)+1]
	return &b.operations[len(b.operations)-1]
}

func appendNew[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}
