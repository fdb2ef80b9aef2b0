package lint

import (
	"fmt"
	"slices"
	"sync"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Input is what rules look at. Nothing of it is changed.
type Input struct {
	// Solutions are judged as a set, in the order in which they are imported. Their paths differ.
	Solutions []*solution.Solution
	// Old are the solutions that a target has now, which Solutions replace; nil if that isn't asked.
	Old []*solution.Solution
	// Complete says that nothing else could use the references of Solutions, in any environment.
	Complete bool
	// Policy is what the team wants; nil if nothing is known of that. A Pass always has one, which may be empty.
	Policy *Policy
	// Environments are what is known of target environments.
	Environments []graph.Inventory
	// Settings are deployment settings files.
	Settings []*source.File
}

// has answers which needs are met.
func (in Input) has() (there Needs) {
	for i, need := range needs {
		if need.isMet(in) {
			there |= 1 << i
		}
	}
	return there
}

func (in Input) check() error {
	if len(in.Solutions) == 0 {
		return fmt.Errorf("no solutions, so that nothing would be judged: %w", connref.ErrInvalid)
	}
	if slices.Contains(in.Solutions, nil) || slices.Contains(in.Old, nil) {
		return fmt.Errorf("a solution is nil: %w", connref.ErrInvalid)
	}
	seen := map[string]bool{}
	for _, sol := range in.Solutions {
		if seen[sol.Path()] {
			return fmt.Errorf("solution %s is there twice: a finding would not tell which it is about: %w",
				sol.Path(), connref.ErrDuplicate)
		}
		seen[sol.Path()] = true
	}
	if in.Policy != nil {
		return in.Policy.Validate()
	}
	return nil
}

// Set is all that the passes of a run share: the Input, and what is made of it once somebody asks.
type Set struct {
	Input
	there      Needs
	byPath     map[string]*solution.Solution
	graph      func() *graph.Graph
	difference func() graph.Difference
	memos      sync.Map // any → func() any
}

func newSet(in Input) *Set {
	s := &Set{Input: in, there: in.has(), byPath: make(map[string]*solution.Solution, len(in.Solutions))}
	for _, sol := range in.Solutions {
		s.byPath[sol.Path()] = sol
	}
	if s.Policy == nil {
		s.Policy = &Policy{}
	}
	s.graph = sync.OnceValue(func() *graph.Graph {
		return graph.New(graph.Input{Solutions: in.Solutions, Environments: in.Environments, Complete: in.Complete})
	})
	s.difference = sync.OnceValue(func() graph.Difference {
		return graph.Diff(graph.New(graph.Input{Solutions: in.Old, Complete: in.Complete}), s.graph())
	})
	return s
}

// Graph is who shares what among the solutions. It is made when somebody first asks for it.
func (s *Set) Graph() *graph.Graph { return s.graph() }

// Difference is what changes from the old solutions to the new ones; a rule that asks for it needs NeedsOld.
func (s *Set) Difference() graph.Difference { return s.difference() }

// names are what solutions are called, by path.
func (s *Set) names() map[string]string {
	names := make(map[string]string, len(s.Solutions))
	for _, sol := range s.Solutions {
		names[sol.Path()] = solutionName(sol)
	}
	return names
}

// ByPath is the solution with that path, as a graph.Copy names it; nil if the set has none, as for an old one.
func (s *Set) ByPath(path string) *solution.Solution { return s.byPath[path] }

// Memo answers what make made for the key when somebody first asked in the run: what a rule looks up in the set again in
// each pass, it gathers once. The key is of a type of the caller's own, as a context's are. Passes that run side by side
// share the answer, so that none may change it; and make may not ask for its own key.
func (s *Set) Memo(key any, make func() any) any {
	memo, ok := s.memos.Load(key)
	if !ok {
		memo, _ = s.memos.LoadOrStore(key, sync.OnceValue(make))
	}
	return memo.(func() any)()
}
