package refactor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// dependencies are the missing dependencies of a solution on one reference: those that it lists, and those that it is
// to list.
type dependencies struct {
	draft     *draft
	sol       *solution.Solution
	reference *graph.Reference
	declared  bool               // the solution has it itself: nothing is missing
	required  solution.Component // what the solution lists, or is to list, as missing; zero if it can list nothing
}

func (d *draft) dependenciesOn(r *graph.Reference, sol *solution.Solution) *dependencies {
	m := &dependencies{draft: d, sol: sol, reference: r, declared: sol.StateOf(r.Name) == solution.Declared}
	if home := homeOf(r, sol); home != nil {
		m.required = solution.RequiredReference(r.Name, home.Solution.UniqueName+" ("+home.Version+")")
	}
	for _, row := range sol.Manifest().MissingDependencies {
		if row.Required.Reference().Equal(r.Name) {
			m.required = row.Required // as it is written there already
			break
		}
	}
	return m
}

// homeOf is the first solution other than one that declares a reference; nil if none that was read does.
func homeOf(r *graph.Reference, other *solution.Solution) *graph.Copy {
	for declaration := range r.Declarations() {
		home := declaration.Copy
		if name := home.Solution.UniqueName; name != "" && !connref.EqualFold(name, other.Manifest().UniqueName) {
			return home
		}
	}
	return nil
}

// can tells whether the solution can use the reference: it has it, or another one does that it can depend on.
func (m *dependencies) can() bool { return m.declared || len(m.required.Keys) > 0 }

// add lists that something depends on the reference, unless that is listed or nothing is missing.
func (m *dependencies) add(dependent solution.Component) {
	edits := m.draft.edits[m.sol]
	isSame := func(have solution.MissingDependency) bool {
		return have.Required.Reference().Equal(m.reference.Name) && sameComponent(have.Dependent, dependent)
	}
	stays := func(have solution.MissingDependency) bool {
		return isSame(have) && !m.draft.dropped[droppedPart{m.sol, have.At}]
	}
	listed := slices.ContainsFunc(m.sol.Manifest().MissingDependencies, stays)
	if m.declared || listed || slices.ContainsFunc(edits.Require, isSame) {
		return
	}
	edits.Require = append(edits.Require, solution.MissingDependency{Required: m.required, Dependent: dependent})
	text := fmt.Sprintf("list %s as missing, which %s needs from %s",
		m.reference.Name, cmp.Or(dependent.DisplayName, dependent.SchemaName), m.required.Solution)
	m.draft.step(noteAt(m.sol, source.Location{File: m.sol.Manifest().At.File}, text))
}

// warnOfCircles tells of solutions that come to need each other: then neither can be imported first.
func (d *draft) warnOfCircles(done Result) {
	if !slices.ContainsFunc(d.Solutions, func(sol *solution.Solution) bool { return len(d.edits[sol].Require) > 0 }) {
		return
	}
	before := circles(d.Solutions)
	for _, circle := range circles(done.Solutions) {
		if !slices.Contains(before, circle) {
			d.warn("%s need each other then: neither can be imported first", circle)
		}
	}
}

// circles names the solutions of each circle of dependencies.
func circles(solutions []*solution.Solution) (circles []string) {
	for _, cycle := range graph.New(graph.Input{Solutions: solutions}).ImportOrder().Cycles {
		var names []string
		for _, dependency := range cycle {
			names = append(names, dependency.From.Name())
		}
		circles = append(circles, strings.Join(names, " and "))
	}
	return circles
}

// sameComponent tells whether both sides of missing dependencies are one component.
func sameComponent(a, b solution.Component) bool {
	if a.Type != b.Type {
		return false
	}
	sameKeys := slices.EqualFunc(a.Keys, b.Keys, func(a, b source.Attr) bool {
		return a.Name == b.Name && connref.EqualFold(a.Value, b.Value)
	})
	if a.ID == "" && a.SchemaName == "" && len(a.Keys) == 0 {
		return sameKeys && b.ID == "" && b.SchemaName == "" && a.DisplayName == b.DisplayName
	}
	return sameKeys && connref.EqualFold(a.ID, b.ID) && connref.EqualFold(a.SchemaName, b.SchemaName)
}
