package graph

import (
	"cmp"
	"iter"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// Consumers are what uses something itself, in the order of solutions and files.
type Consumers struct {
	Flows  []*Flow
	Apps   []*App
	Agents []*Agent
}

// Len is how many they are.
func (c Consumers) Len() int { return len(c.Flows) + len(c.Apps) + len(c.Agents) }

// Solutions answers the solutions that hold them, each once.
func (c Consumers) Solutions() []*Solution {
	var places Places
	for _, f := range c.Flows {
		places = append(places, f.Places...)
	}
	for _, a := range c.Apps {
		places = append(places, a.Places...)
	}
	for _, a := range c.Agents {
		places = append(places, a.Places...)
	}
	return places.Solutions()
}

// App is a canvas app. Files mostly say only which connectors it uses, not by which references.
type App struct {
	Name        string // the unique name
	DisplayName string
	Places      Places

	references []*Reference
	connectors []*Connector
	unlinked   []*Connector
	calls      []*Call
	index      int
}

// References yields the references that the app names.
func (a *App) References() iter.Seq[*Reference] { return slices.Values(a.references) }

// Connectors yields the connectors that the app connects to.
func (a *App) Connectors() iter.Seq[*Connector] { return slices.Values(a.connectors) }

// Unlinked yields those of the connectors to which the app connects without naming a reference.
func (a *App) Unlinked() iter.Seq[*Connector] { return slices.Values(a.unlinked) }

// Calls yields the flows that the app runs.
func (a *App) Calls() iter.Seq[*Call] { return slices.Values(a.calls) }

func (a *App) label() string { return cmp.Or(a.DisplayName, a.Name) }

// Agent is a component of a Copilot Studio agent that uses references or calls flows.
type Agent struct {
	SchemaName string
	Places     Places // where it names references first; the solution as a whole if it names none

	uses  []agentUse
	calls []*Call
	index int
}

// agentUse is a reference that an agent's component names.
type agentUse struct {
	reference *Reference
	invoker   bool // it runs on the connection of whoever talks to the agent
}

// References yields the references that the component names.
func (a *Agent) References() iter.Seq[*Reference] {
	return func(yield func(*Reference) bool) {
		for _, u := range a.uses {
			if !yield(u.reference) {
				return
			}
		}
	}
}

// Invoker tells whether the component uses the reference on nothing but the connection of whoever talks to the agent.
func (a *Agent) Invoker(r *Reference) bool { return slices.Contains(a.uses, agentUse{r, true}) }

// Calls yields the flows that the component calls.
func (a *Agent) Calls() iter.Seq[*Call] { return slices.Values(a.calls) }

// Variable is an environment variable: one that a solution defines, or one that a flow takes.
type Variable struct {
	SchemaName  string // as its first definition spells it, else as the first flow does
	DisplayName string
	Connector   *Connector // of a data source, which ties it to a reference that no file names; else nil
	Places      Places     // of its definitions

	flows []*Flow
}

// Flows yields the flows that take the variable.
func (v *Variable) Flows() iter.Seq[*Flow] { return slices.Values(v.flows) }

func (v *Variable) label() string { return cmp.Or(v.DisplayName, v.SchemaName) }

// partKey tells parts that have a name apart by it, and those that have none by where they stand.
func partKey(name string, place Place) any {
	if name == "" {
		return place
	}
	return connref.Fold(name)
}

// app makes the node of a canvas app, or adds a copy to it.
func (b *builder) app(c *Copy, sol *solution.Solution, in solution.App) {
	place := b.place(c, in.At)
	key := partKey(b.text(in.Name), place)
	a := b.apps[key]
	if a == nil {
		a = &App{Name: b.text(in.Name), DisplayName: b.text(in.DisplayName), index: len(b.g.apps)}
		b.apps[key] = a
		b.g.apps = append(b.g.apps, a)
	}
	a.Places = append(a.Places, place)
	for _, conn := range in.Connections {
		if !conn.Flow.IsZero() {
			if !slices.ContainsFunc(a.calls, func(c *Call) bool { return c.ID == conn.Flow }) {
				a.calls = b.call(a.calls, &Call{App: a, ID: conn.Flow})
			}
			continue // its connector stands for all flows
		}
		if conn == (solution.AppConnection{}) {
			b.doubt(Doubt{Kind: DoubtApp, Name: a.label(), Place: place})
		}
		connector := b.connector(conn.Connector)
		if connector != nil {
			a.connectors = appendNew(a.connectors, connector)
		}
		if connection := b.connection(conn.Connection); connection != nil {
			connection.apps = appendNew(connection.apps, a)
		}
		switch {
		case !conn.Reference.IsZero():
			r := b.reference(conn.Reference)
			a.references = appendNew(a.references, r)
			if need := b.needOf(c, sol, r); need != nil {
				need.Apps = appendNew(need.Apps, a)
			}
		case connector != nil:
			a.unlinked = appendNew(a.unlinked, connector)
		}
	}
}

// agent makes the node of a bot component, or adds a copy to it.
func (b *builder) agent(c *Copy, sol *solution.Solution, in solution.Agent) {
	key := connref.Fold(in.SchemaName)
	a := b.agents[key]
	if a == nil {
		a = &Agent{SchemaName: b.text(in.SchemaName), index: len(b.g.agents)}
		b.agents[b.text(key)] = a
		b.g.agents = append(b.g.agents, a)
	}
	place := Place{Copy: c}
	if len(in.Uses) > 0 {
		place = b.place(c, in.Uses[0].At)
	}
	a.Places = append(a.Places, place)
	for _, use := range in.Uses {
		r := b.reference(use.Reference)
		invoker := use.Source == flow.Invoker
		if i := slices.IndexFunc(a.uses, func(u agentUse) bool { return u.reference == r }); i < 0 {
			a.uses = append(a.uses, agentUse{r, invoker})
		} else {
			a.uses[i].invoker = a.uses[i].invoker && invoker
		}
		if need := b.needOf(c, sol, r); need != nil {
			need.Agents = appendNew(need.Agents, a)
		}
	}
	for _, id := range in.Flows {
		if !slices.ContainsFunc(a.calls, func(c *Call) bool { return c.ID == id }) {
			a.calls = b.call(a.calls, &Call{Agent: a, ID: id})
		}
	}
}

// call adds a call to those of its caller and of the graph.
func (b *builder) call(calls []*Call, call *Call) []*Call {
	b.g.calls = append(b.g.calls, call)
	return append(calls, call)
}

// variable answers the node of an environment variable; nil for none.
func (b *builder) variable(schemaName string) *Variable {
	if schemaName == "" {
		return nil
	}
	key := connref.Fold(schemaName)
	v := b.variables[key]
	if v == nil {
		v = &Variable{SchemaName: b.text(schemaName)}
		b.variables[b.text(key)] = v
		b.g.variables = append(b.g.variables, v)
	}
	return v
}

// definition adds the definition of an environment variable.
func (b *builder) definition(c *Copy, in solution.Variable) {
	v := b.variable(in.SchemaName)
	if v == nil {
		return
	}
	if len(v.Places) == 0 {
		v.SchemaName = b.text(in.SchemaName)
	}
	if v.DisplayName == "" {
		v.DisplayName = b.text(in.DisplayName)
	}
	if in.Type == solution.VariableDataSource && v.Connector == nil {
		v.Connector = b.connector(in.Connector)
	}
	v.Places = append(v.Places, b.place(c, in.At))
}
