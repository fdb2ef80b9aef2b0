package audit

import (
	"slices"
	"strings"
	"unicode"
)

// printable answers the solution with names that can't steer a terminal or break a line: what files say is not to be
// trusted with either.
func printable(s Solution) Solution {
	for _, text := range []*string{&s.Path, &s.UniqueName, &s.Version} {
		*text = printableText(*text)
	}
	s.References = slices.Clone(s.References)
	for i := range s.References {
		r := &s.References[i]
		r.LogicalName, r.Connector = printableText(r.LogicalName), printableText(r.Connector)
	}
	s.Flows = slices.Clone(s.Flows)
	for i := range s.Flows {
		f := &s.Flows[i]
		f.Name, f.Bindings = printableText(f.Name), slices.Clone(f.Bindings)
		for j := range f.Bindings {
			b := &f.Bindings[j]
			b.Reference, b.Connector = printableText(b.Reference), printableText(b.Connector)
		}
	}
	s.Problems = slices.Clone(s.Problems)
	for i := range s.Problems {
		p := &s.Problems[i]
		p.File, p.Message = printableText(p.File), printableText(p.Message)
	}
	return s
}

func printableText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
