package graph

import (
	"cmp"
	"slices"

	"github.com/connref/connref/connref"
)

// Rename is a removed and an added reference of one connector that look like the same: flows moved from one to the other,
// or they have one display name, or there are no others of the connector that they could be. Names can't be changed: the
// target gets a second reference, with no connection.
type Rename struct {
	Old, New *Reference
	Flows    []*Flow // of the new graph, that moved from one to the other
}

// renamed pairs removed and added references of one connector: first those between which flows moved, then those with
// one display name, then those that are the only ones left.
func renamed(d Difference) []Rename {
	r := renames{free: map[*Reference]bool{}}
	for _, gone := range d.Removed {
		r.free[gone.Reference] = true
	}
	for _, added := range d.Added {
		r.free[added] = true
	}
	type way struct{ from, to *Reference }
	moved := map[way][]*Flow{}
	for _, m := range d.Moved {
		moved[way{m.From, m.To}] = append(moved[way{m.From, m.To}], m.Flow)
	}
	for _, m := range d.Moved {
		r.pair(m.From, m.To, moved[way{m.From, m.To}])
	}
	r.alike(d, (*Reference).DisplayName, func(gone, added []*Reference) bool { return true })
	r.alike(d, func(*Reference) string { return "any" }, func(gone, added []*Reference) bool {
		return len(gone) == 1 && len(added) == 1
	})
	slices.SortStableFunc(r.pairs, func(a, b Rename) int { return cmp.Compare(a.Old.index, b.Old.index) })
	return r.pairs
}

// renames are the pairs found, and which references are in none.
type renames struct {
	pairs []Rename
	free  map[*Reference]bool
}

// pair makes two references of one connector a pair, if they are free.
func (r *renames) pair(gone, added *Reference, flows []*Flow) {
	if r.free[gone] && r.free[added] && sameConnectors(gone, added) {
		r.free[gone], r.free[added] = false, false
		r.pairs = append(r.pairs, Rename{gone, added, flows})
	}
}

// alike pairs free references of one connector that share a name of some kind, if that is enough to go by.
func (r *renames) alike(d Difference, name func(*Reference) string, enough func(gone, added []*Reference) bool) {
	type key struct{ connectors, name string }
	keyOf := func(ref *Reference) key {
		k := key{name: connref.Fold(name(ref))}
		for _, c := range ref.Connectors() {
			k.connectors += string(connectorKey(c.ID)) + " "
		}
		return k
	}
	removed, added := map[key][]*Reference{}, map[key][]*Reference{}
	for _, gone := range d.Removed {
		if r.free[gone.Reference] {
			removed[keyOf(gone.Reference)] = append(removed[keyOf(gone.Reference)], gone.Reference)
		}
	}
	for _, ref := range d.Added {
		if r.free[ref] {
			added[keyOf(ref)] = append(added[keyOf(ref)], ref)
		}
	}
	for _, gone := range d.Removed {
		k := keyOf(gone.Reference)
		if k.name == "" || !enough(removed[k], added[k]) {
			continue
		}
		for _, ref := range added[k] {
			if r.free[gone.Reference] {
				r.pair(gone.Reference, ref, nil)
			}
		}
	}
}
