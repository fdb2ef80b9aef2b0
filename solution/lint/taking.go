package lint

import (
	"maps"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// taking are changes of a solution that don't clash.
type taking struct {
	edits   map[string][]source.Edit // by folded name of the file
	whole   map[string]source.Change // of whole files
	changes []source.Change
}

func newTaking() taking {
	return taking{edits: map[string][]source.Edit{}, whole: map[string]source.Change{}}
}

func (t *taking) clone() taking {
	out := taking{edits: maps.Clone(t.edits), whole: maps.Clone(t.whole), changes: slices.Clone(t.changes)}
	for key, edits := range out.edits {
		out.edits[key] = slices.Clip(edits)
	}
	return out
}

// take notes changes that don't clash. An edit that another fix makes too is made once.
func (t *taking) take(changes []source.Change) {
	for _, c := range changes {
		key := connref.Fold(c.File)
		if !c.OfText() {
			if _, there := t.whole[key]; !there {
				t.whole[key] = c
				t.changes = append(t.changes, c)
			}
			continue
		}
		own := source.Change{File: c.File, Spelling: c.Spelling}
		for _, e := range c.Edits {
			if !slices.Contains(t.edits[key], e) {
				own.Edits = append(own.Edits, e)
			}
		}
		t.edits[key] = append(t.edits[key], own.Edits...)
		t.changes = append(t.changes, own)
	}
}

// clashes tells whether changes can't be made beside those that were taken.
func (t *taking) clashes(changes []source.Change) bool {
	return slices.ContainsFunc(changes, func(c source.Change) bool {
		key := connref.Fold(c.File)
		whole, isWhole := t.whole[key]
		if !c.OfText() {
			return len(t.edits[key]) > 0 || isWhole && !equalWhole(whole, c)
		}
		return isWhole || slices.ContainsFunc(c.Edits, func(e source.Edit) bool {
			return slices.ContainsFunc(t.edits[key], func(taken source.Edit) bool { return overlap(taken, e) && taken != e })
		})
	})
}

// overlap tells whether two edits touch one text, or insert at one place.
func overlap(a, b source.Edit) bool {
	return a.Span.Start == b.Span.Start || a.Span.Start < b.Span.End && b.Span.Start < a.Span.End
}

// equalWhole tells whether two changes make the same of a whole file.
func equalWhole(a, b source.Change) bool {
	return a.Remove == b.Remove && string(a.Create) == string(b.Create)
}
