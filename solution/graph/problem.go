package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// The problems of solutions as a set.
var (
	copiedSolution  = diag.Rule{ID: "CR014", Name: "copied-solution", Severity: diag.Info}
	differingCopies = diag.Rule{ID: "CR015", Name: "differing-copies", Severity: diag.Warning}
	otherConnector  = diag.Rule{ID: "CR306", Name: "same-name-other-connector", Severity: diag.Error}
)

// report finds what is wrong with the solutions as a set.
func (b *builder) report() {
	for _, s := range b.g.solutions {
		if len(s.Copies) > 1 {
			b.add(copiedSolution, Place{Copy: s.Copies[0]}, fmt.Sprintf(
				"solution %s was read %d times: %s; what they have in common counts once",
				s.Name(), len(s.Copies), strings.Join(list(s.Copies, (*Copy).label), ", ")))
		}
	}
	for _, f := range b.g.flows {
		if b.differing[f] {
			b.add(differingCopies, f.Places[0], fmt.Sprintf(
				"flow %s is not the same in the %d copies that were read: what only one of them has counts too",
				f.Name, len(f.Places)))
		}
	}
	for _, r := range b.g.references {
		if len(r.Candidates) < 2 {
			continue
		}
		b.add(otherConnector, r.Candidates[0].Declarations[0].Place, fmt.Sprintf(
			"connection reference %s is declared for different connectors: %s; a target can have only one of them",
			r.Name, strings.Join(list(r.Candidates, (*Candidate).label), ", ")))
	}
	b.g.problems = b.problems.List()
}

func (b *builder) add(rule diag.Rule, at Place, message string) {
	d := rule.At(at.At, source.Position{File: at.At.File}, diag.Printable(message))
	d.Solution = at.Copy.Path
	b.problems.Add(d)
}

func list[T any](items []T, text func(T) string) []string {
	texts := make([]string, 0, len(items))
	for _, item := range items {
		if t := text(item); !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	return texts
}
