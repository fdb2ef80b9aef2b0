package graph

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// Impact is what a change reaches: of a reference, of everything that uses a connector, or of a connection. It is the
// caller's: its lists are nobody else's.
type Impact struct {
	References []*Reference
	Consumers               // Flows, Apps and Agents: what uses it itself
	Operations []*Operation // of the flows, flow by flow in file order
	// Reached are the flows, agents and apps that don't use it themselves, but call a flow that does or that reaches one.
	Reached []Reach
	// Invoker and InvokerAgents name a reference that is bound to the connection, but run on the connection of whoever
	// runs the flow or talks to the agent: what happens to the connection doesn't stop them, so that they are not counted
	// above. Only the impact of a connection has them.
	Invoker       []*Binding
	InvokerAgents []*Agent
	// Doubts are why there may be more.
	Doubts []Doubt
}

// Reach is the shortest way in which a flow, an agent or an app gets to what is changed: the calls from it down to a flow
// that uses it. One of Flow, Agent and App is the caller, the others are nil.
type Reach struct {
	Flow  *Flow
	Agent *Agent
	App   *App
	Calls []*Call
}

// Name is the name of the flow, the schema name of the agent's component, or the unique name of the app.
func (r Reach) Name() string {
	switch {
	case r.Flow != nil:
		return r.Flow.Name
	case r.Agent != nil:
		return r.Agent.SchemaName
	}
	return r.App.Name
}

// Impact answers what a change of the reference reaches, whichever of several candidates is meant. It fails with
// ErrNotFound.
func (g *Graph) Impact(name connref.LogicalName) (Impact, error) {
	r, err := g.Reference(name)
	if err != nil {
		return Impact{}, err
	}
	hit := Impact{References: []*Reference{r}, Consumers: r.Consumers(), Doubts: g.doubtsOf(r)}
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
	hit := Impact{References: slices.Clone(c.references), Doubts: slices.Clone(g.doubts)}
	hit.Apps = slices.Clone(c.apps)
	bindings := slices.Clone(c.bindings)
	for _, r := range c.references {
		for _, b := range r.bindings {
			if b.Connector == nil || b.Connector != c && len(r.Candidates) == 1 { // else it says itself what it is for
				bindings = append(bindings, b)
			}
		}
		hit.Apps = append(hit.Apps, r.apps...)
		hit.Agents = append(hit.Agents, r.agents...)
	}
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
	hit := Impact{References: c.References(), Doubts: g.doubtsOfConnection(c)}
	hit.Apps = slices.Clone(c.apps)
	var bindings []*Binding
	add := func(b *Binding) {
		if b.Source == flow.Invoker {
			hit.Invoker = append(hit.Invoker, b)
		} else {
			bindings = append(bindings, b)
		}
	}
	for _, b := range c.direct {
		add(b)
	}
	for _, r := range hit.References {
		for _, b := range r.bindings {
			add(b)
		}
		hit.Apps = append(hit.Apps, r.apps...)
		for _, a := range r.agents {
			if a.Invoker(r) {
				hit.InvokerAgents = append(hit.InvokerAgents, a)
			} else {
				hit.Agents = append(hit.Agents, a)
			}
		}
	}
	hit.settle(g, bindings)
	hit.InvokerAgents = slices.DeleteFunc(ordered(hit.InvokerAgents, agentIndex), func(a *Agent) bool {
		return slices.Contains(hit.Agents, a)
	})
	slices.SortStableFunc(hit.Invoker, byFlow)
	return hit, nil
}

// settle puts what was gathered from several places in order, each thing once.
func (hit *Impact) settle(g *Graph, bindings []*Binding) {
	if !slices.IsSortedFunc(bindings, byFlow) {
		bindings = slices.SortedStableFunc(slices.Values(bindings), byFlow)
	}
	hit.Flows = flowsOf(bindings)
	hit.Apps = ordered(hit.Apps, func(a *App) int { return a.index })
	hit.Agents = ordered(hit.Agents, agentIndex)
	hit.follow(g, bindings)
}

func byFlow(a, b *Binding) int { return cmp.Compare(a.Flow.index, b.Flow.index) }

func agentIndex(a *Agent) int { return a.index }

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
	hit.Reached = g.reached(hit.Consumers)
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

// reached answers what gets to flows by calls, nearest first, but for what uses the same thing itself.
func (g *Graph) reached(users Consumers) []Reach {
	if !slices.ContainsFunc(users.Flows, func(f *Flow) bool { return len(f.calledBy) > 0 }) {
		return nil
	}
	var list []Reach
	next := map[*Flow]*Call{}           // the call that gets a flow one step nearer; none for the users themselves
	there := make([]bool, len(g.flows)) // by a flow's index
	for _, f := range users.Flows {
		there[f.index] = true
	}
	others := map[any]bool{} // agents and apps that are there
	for _, a := range users.Agents {
		others[a] = true
	}
	for _, a := range users.Apps {
		others[a] = true
	}
	queue := slices.Clip(users.Flows)
	for i := 0; i < len(queue); i++ {
		for _, call := range queue[i].calledBy {
			if caller := call.other(); caller != nil {
				if !others[caller] {
					others[caller] = true
					list = append(list, Reach{Agent: call.Agent, App: call.App, Calls: chain(call, next)})
				}
			} else if !there[call.Flow.index] {
				there[call.Flow.index] = true
				next[call.Flow] = call
				list = append(list, Reach{Flow: call.Flow, Calls: chain(call, next)})
				queue = append(queue, call.Flow)
			}
		}
	}
	return list
}

// other answers the agent or the app that calls; nil if a flow does.
func (c *Call) other() any {
	switch {
	case c.Agent != nil:
		return c.Agent
	case c.App != nil:
		return c.App
	}
	return nil
}

func chain(call *Call, next map[*Flow]*Call) []*Call {
	var calls []*Call
	for ; call != nil; call = next[call.Callee] {
		calls = append(calls, call)
	}
	return calls
}
