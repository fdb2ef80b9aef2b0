package audit

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// New audits solutions, in the order given, as a set that isn't declared to be complete.
func New(solutions ...*solution.Solution) *Document {
	return Of(graph.Input{Solutions: solutions})
}

// Of audits the solutions of the input, in its order. Of those in its stream only one need be in memory.
func Of(in graph.Input) *Document {
	d := &Document{SchemaVersion: SchemaVersion, Complete: in.Complete, Solutions: []Solution{}}
	g := graph.New(graph.Input{
		Stream: func(yield func(*solution.Solution, error) bool) {
			for sol, err := range in.All() {
				if err == nil {
					d.add(audit(sol))
				}
				if !yield(sol, err) {
					return
				}
			}
		},
		Environments: in.Environments,
		Complete:     in.Complete,
	})
	d.compare(g)
	return d
}

func (d *Document) add(s Solution) {
	d.Solutions = append(d.Solutions, s)
	d.Summary.Solutions++
	d.Summary.Flows += len(s.Flows)
	d.Summary.References += len(s.References)
	d.Summary.Problems += len(s.Problems)
	for _, f := range s.Flows {
		d.Summary.Operations += f.Operations
	}
}

func audit(sol *solution.Solution) Solution {
	m := sol.Manifest()
	s := Solution{
		Path:            sol.Path(),
		Layout:          sol.Layout().String(),
		UniqueName:      m.UniqueName,
		Version:         m.Version,
		Managed:         m.Managed.String(),
		PublisherPrefix: m.Publisher.Prefix,
		References:      []Reference{},
		Flows:           []Flow{},
		Problems:        []Problem{},
	}
	uses := uses{}
	for f := range sol.Flows() {
		s.Flows = append(s.Flows, uses.flow(sol, f))
	}
	for app := range sol.Apps() {
		for name := range app.References() {
			uses.of(name).apps++
		}
	}
	for agent := range sol.Agents() {
		for _, use := range agent.Uses {
			uses.of(use.Reference).agents++
		}
	}
	for ref := range sol.References() {
		s.References = append(s.References, uses.reference(sol, ref))
	}
	for _, d := range sol.Problems() {
		s.Problems = append(s.Problems, problem(d))
	}
	return s
}

// uses counts the uses of references, by folded name.
type uses map[connref.LogicalName]*use

type use struct{ flows, operations, apps, agents int }

func (u uses) of(name connref.LogicalName) *use {
	name = name.Fold()
	if u[name] == nil {
		u[name] = &use{}
	}
	return u[name]
}

func (u uses) flow(sol *solution.Solution, f *solution.Flow) Flow {
	operations := map[string]int{}
	for op := range f.Operations() {
		if op.Host.Key != "" {
			operations[op.Host.Key]++
		}
	}
	flow := Flow{Name: f.Name, File: f.FileName, Operations: f.OperationCount(), Bindings: []Binding{}}
	if !f.ID.IsZero() {
		flow.ID = f.ID.String()
	}
	counted := map[connref.LogicalName]bool{}
	for b := range f.Bindings() {
		flow.Bindings = append(flow.Bindings, Binding{
			Key:           b.Key,
			Reference:     string(b.Reference),
			Connector:     b.Connector.Name(),
			RuntimeSource: string(b.Source),
			State:         sol.State(b).String(),
			Operations:    operations[b.Key],
			Line:          sol.Position(b.At).Line,
		})
		if b.Direct() {
			continue
		}
		use := u.of(b.Reference)
		use.operations += operations[b.Key]
		if name := b.Reference.Fold(); !counted[name] {
			counted[name] = true
			use.flows++
		}
	}
	return flow
}

func (u uses) reference(sol *solution.Solution, ref connref.Reference) Reference {
	use := u.of(ref.LogicalName)
	return Reference{
		LogicalName: string(ref.LogicalName),
		DisplayName: ref.DisplayName,
		Connector:   ref.Connector.Name(),
		Custom:      ref.Connector.Custom() || !ref.CustomConnector.IsZero(),
		File:        ref.At.File,
		Line:        sol.Position(ref.At).Line,
		Flows:       use.flows,
		Operations:  use.operations,
		Apps:        use.apps,
		Agents:      use.agents,
		Unused:      use.flows+use.apps+use.agents == 0,

		Inconclusive: []string{},
	}
}

func problem(d diag.Diagnostic) Problem {
	return Problem{
		Rule:     d.Rule,
		Name:     d.Name,
		Severity: d.Severity,
		File:     d.At.File,
		Line:     d.Position.Line,
		Column:   d.Position.Column,
		Pointer:  d.Position.Pointer,
		Message:  d.Message,
	}
}
