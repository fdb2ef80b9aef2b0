package graph

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// Solution is a solution, with every copy of it that was read.
type Solution struct {
	UniqueName  string // as the first copy spells it; "" for legacy flow packages, which have none
	DisplayName string
	Copies      []*Copy // in the order read

	references []*Reference
	needs      []*Need
	flows      []*Flow
	index      int
}

// References yields the references that the solution declares.
func (s *Solution) References() iter.Seq[*Reference] { return slices.Values(s.references) }

// Needs yields the references that the solution uses, or lists as missing, and doesn't declare.
func (s *Solution) Needs() iter.Seq[*Need] { return slices.Values(s.needs) }

// Flows yields the solution's flows.
func (s *Solution) Flows() iter.Seq[*Flow] { return slices.Values(s.flows) }

// Copy is one reading of a solution: of a zip or a folder, of one version of it.
type Copy struct {
	Solution *Solution
	Path     string // as solution.Solution.Path answers it
	Layout   solution.Layout
	Version  string
	Managed  solution.Managed
}

// Place is where something stands: which copy of which solution, and where in its files. The copy's
// solution.Solution.Position makes the location readable.
type Place struct {
	Copy *Copy
	At   source.Location
}

// Places are where a node stands, one for each copy that holds it, in the order read.
type Places []Place

// Solutions answers the solutions that hold the node, each once.
func (p Places) Solutions() []*Solution {
	var list []*Solution
	for _, place := range p {
		if s := place.Copy.Solution; !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// Name is the unique name, or the path of a solution that has none.
func (s *Solution) Name() string {
	if s.UniqueName == "" {
		return s.Copies[0].Path
	}
	return s.UniqueName
}

func (s *Solution) label() string { return cmp.Or(s.DisplayName, s.Name()) }

func (c *Copy) label() string {
	facts := []string{c.Layout.String()}
	if c.Version != "" {
		facts = append(facts, c.Version)
	}
	if c.Managed == solution.ManagedYes {
		facts = append(facts, c.Managed.String())
	}
	return c.Path + " (" + strings.Join(facts, ", ") + ")"
}

func (p Place) label() string { return p.Copy.Path }

// copy makes the node of the solution, or adds a copy to it. Of two solutions without a name nothing tells that they are
// the same.
func (b *builder) copy(sol *solution.Solution) *Copy {
	m := sol.Manifest()
	key := b.text(connref.Fold(m.UniqueName))
	s := b.g.bySolution[key]
	if s == nil {
		s = &Solution{UniqueName: b.text(m.UniqueName), DisplayName: b.text(m.DisplayName), index: len(b.g.solutions)}
		b.g.solutions = append(b.g.solutions, s)
		if key != "" {
			b.g.bySolution[key] = s
		}
	}
	c := &Copy{
		Solution: s, Path: b.text(sol.Path()), Layout: sol.Layout(), Version: b.text(m.Version), Managed: m.Managed,
	}
	s.Copies = append(s.Copies, c)
	return c
}

// place is a place that keeps nothing of the file's text alive.
func (b *builder) place(c *Copy, at source.Location) Place {
	return Place{c, source.Location{File: b.text(at.File), Span: at.Span}}
}
