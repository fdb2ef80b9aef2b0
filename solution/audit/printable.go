package audit

import (
	"slices"

	"github.com/connref/connref/connref/diag"
)

// printable answers the solution with names that can't steer a terminal or break a line: what files say is not to be
// trusted with either.
func printable(s Solution) Solution {
	for _, text := range []*string{&s.Path, &s.UniqueName, &s.Version} {
		*text = diag.Printable(*text)
	}
	s.References = slices.Clone(s.References)
	for i := range s.References {
		r := &s.References[i]
		r.LogicalName, r.Connector = diag.Printable(r.LogicalName), diag.Printable(r.Connector)
		r.Inconclusive = printables(r.Inconclusive)
	}
	s.Flows = slices.Clone(s.Flows)
	for i := range s.Flows {
		f := &s.Flows[i]
		f.Name, f.Bindings = diag.Printable(f.Name), slices.Clone(f.Bindings)
		for j := range f.Bindings {
			b := &f.Bindings[j]
			b.Reference, b.Connector = diag.Printable(b.Reference), diag.Printable(b.Connector)
			b.ResolvedBy = diag.Printable(b.ResolvedBy)
		}
	}
	s.Problems = slices.Clone(s.Problems)
	for i := range s.Problems {
		p := &s.Problems[i]
		p.File, p.Message = diag.Printable(p.File), diag.Printable(p.Message)
	}
	return s
}
