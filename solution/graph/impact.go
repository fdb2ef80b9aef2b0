package graph

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// Impact is what a change reaches: of a reference, of everything that uses a connector, or of a connection.
type Impact struct {
	References []*Reference
	Consumers               // what uses it itself
	Operations []*Operation // of the flows, flow by flow in file order
	// Reached are the flows and agents that don't use it themselves, but call a flow that does, or one that reaches it.
	Reached []Reach
	// Invoker are the bindings that name a reference bound to the connection, but run on the connection of whoever runs
	// the flow: what happens to the connection doesn't stop them, so that they are not counted above. Only the impact of
	// a connection has them.
	Invoker []*Binding
	// Doubts are why there may be more.
	Doubts []Doubt
}

// Reach is the shortest way in which a flow or an agent gets to what is changed: the calls from it down to a flow that
// uses it.
type Reach struct {
	Flow  *Flow  // the caller; nil if it is an agent
	Agent *Agent // the caller; nil if it is a flow
	Calls []*Call
}

// Name is the name of the flow, or the schema name of the agent's component.
func (r Reach) Name() string {
	if r.Flow != nil {
		return r.Flow.Name
	}
	return r.Agent.SchemaName
}

// Impact answers what a change of the reference reaches, whichever of several candidates is meant. It fails with
// ErrNotFound.
func (g *Graph) Impact(name connref.LogicalName) (Impact, error) {
	r, err := g.Reference(name)
	if err != nil {
		return Impact{}, err
	}
	hit := Impact{References: []*Reference{r}, Consumers: r.Consumers(), Doubts: g.doubtsOf(r.Connectors())}
	hit.follow(g, r.bindings)
	return hit, nil
}

// SharedBy answers who uses the reference itself. It fails with ErrNotFound.
func (g *Graph) SharedBy(name connref.LogicalName) (Consumers, error) {
	r, err := g.Reference(name)
	if err != nil {
		return Consumers{}, err
	}
	return r.Consumers(), nil
}

// ImpactOfConnector answers what a change of the connector reaches, such as a policy that forbids it: through whatever
// reference, or directly. It fails with ErrNotFound.
func (g *Graph) ImpactOfConnector(id connref.ConnectorID) (Impact, error) {
	c, err := g.ByConnector(id)
	if err != nil {
		return Impact{}, err
	}
	hit := Impact{References: slices.Clip(c.references), Doubts: slices.Clip(g.doubts)}
	bindings := c.bindings
	for _, r := range c.references {
		others := slices.DeleteFunc(slices.Clone(r.bindings), func(b *Binding) bool {
			return b.Connector == c || b.Connector != nil && len(r.Candidates) > 1 // which tells whose it is
		})
		bindings = append(slices.Clip(bindings), others...)
		hit.Apps = append(hit.Apps, r.apps...)
		hit.Agents = append(hit.Agents, r.agents...)
	}
	hit.Apps = append(hit.Apps, c.apps...)
	hit.settle(g, bindings)
	return hit, nil
}

// ImpactOfConnection answers what stops when the connection does, or changes with it: what uses the references that are
// bound to it in the environments that the graph knows, and what names it directly. It fails with ErrNotFound.
func (g *Graph) ImpactOfConnection(id connref.ConnectionID) (Impact, error) {
	c, err := g.ByConnection(id)
	if err != nil {
		return Impact{}, err
	}
	hit := Impact{References: c.References()}
	var connectors []*Connector
	bindings := slices.Clone(c.direct)
	hit.Apps = slices.Clone(c.apps)
	for _, r := range hit.References {
		bindings = append(bindings, r.bindings...)
		hit.Apps = append(hit.Apps, r.apps...)
		hit.Agents = append(hit.Agents, r.agents...)
		for _, of := range r.Connectors() {
			connectors = appendNew(connectors, of)
		}
	}
	hit.Doubts = g.doubtsOf(connectors)
	invoker := func(b *Binding) bool { return b.Source == flow.Invoker }
	for _, b := range bindings {
		if invoker(b) {
			hit.Invoker = append(hit.Invoker, b)
		}
	}
	hit.settle(g, slices.DeleteFunc(bindings, invoker))
	return hit, nil
}

// settle puts what was gathered from several places in order, each thing once.
func (hit *Impact) settle(g *Graph, bindings []*Binding) {
	byFlow := func(a, b *Binding) int { return cmp.Compare(a.Flow.index, b.Flow.index) }
	if !slices.IsSortedFunc(bindings, byFlow) {
		bindings = slices.SortedStableFunc(slices.Values(bindings), byFlow)
	}
	hit.Flows = flowsOf(bindings)
	hit.Apps = ordered(hit.Apps, func(a *App) int { return a.index })
	hit.Agents = ordered(hit.Agents, func(a *Agent) int { return a.index })
	hit.follow(g, bindings)
}

// follow fills in what runs on the bindings and what calls their flows.
func (hit *Impact) follow(g *Graph, bindings []*Binding) {
	for len(bindings) > 0 {
		f, n := bindings[0].Flow, 1
		for n < len(bindings) && bindings[n].Flow == f {
			n++
		}
		if n == 1 { // mostly
			hit.Operations = slices.AppendSeq(hit.Operations, bindings[0].Operations())
			bindings = bindings[1:]
			continue
		}
		for _, op := range f.operations {
			if slices.Contains(bindings[:n], op.Binding) {
				hit.Operations = append(hit.Operations, op)
			}
		}
		bindings = bindings[n:]
	}
	hit.Reached = g.reached(hit.Flows, hit.Agents)
}

// flowsOf answers the flows of bindings that stand flow by flow, each once.
func flowsOf(bindings []*Binding) []*Flow {
	if len(bindings) == 0 {
		return nil
	}
	flows := make([]*Flow, 0, len(bindings))
	for _, b := range bindings {
		if n := len(flows); n == 0 || flows[n-1] != b.Flow {
			flows = append(flows, b.Flow)
		}
	}
	return flows
}

// ordered answers a list in the order of the graph, each item once.
func ordered[T comparable](list []T, index func(T) int) []T {
	return slices.Compact(slices.SortedFunc(slices.Values(list), func(a, b T) int { return cmp.Compare(index(a), index(b)) }))
}

// reached answers what gets to the flows by calls, nearest first, without the flows and agents themselves.
func (g *Graph) reached(flows []*Flow, agents []*Agent) []Reach {
	if !slices.ContainsFunc(flows, func(f *Flow) bool { return len(f.calledBy) > 0 }) {
		return nil
	}
	var list []Reach
	there := make([]bool, len(g.flows)) // by a flow's index
	for _, f := range flows {
		there[f.index] = true
	}
	next := map[*Flow]*Call{} // the call that gets a flow one step nearer; none for the flows themselves
	callers := map[*Agent]bool{}
	for _, a := range agents {
		callers[a] = true
	}
	queue := slices.Clip(flows)
	for i := 0; i < len(queue); i++ {
		for _, call := range queue[i].calledBy {
			if a := call.Agent; a != nil {
				if !callers[a] {
					callers[a] = true
					list = append(list, Reach{Agent: a, Calls: chain(call, next)})
				}
				continue
			}
			if !there[call.Flow.index] {
				there[call.Flow.index] = true
				next[call.Flow] = call
				list = append(list, Reach{Flow: call.Flow, Calls: chain(call, next)})
				queue = append(queue, call.Flow)
			}
		}
	}
	return list
}

func chain(call *Call, next map[*Flow]*Call) []*Call {
	var calls []*Call
	for ; call != nil; call = next[call.Callee] {
		calls = append(calls, call)
	}
	return calls
}
