package refactor

import (
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Remove plans to take references out of the solutions that declare them, and their entries out of settings files. It
// refuses one that nothing declares, and one that anything which was read uses or lists as missing: the refusal names
// the users. The plan warns of what may use a reference all the same.
func Remove(in Input, names ...connref.LogicalName) (*Plan, error) {
	d := in.draft()
	unused := map[*graph.Reference]graph.Unused{}
	for u := range d.Graph.Unused() {
		unused[u.Reference] = u
	}
	for _, name := range names {
		r := d.reference("remove", name)
		if r != nil && d.removeUnused(r) && !unused[r].Conclusive() {
			d.warn("%s may be used: %s", r.Name, doubts(unused[r]))
		}
	}
	return d.finish()
}

// Prune plans to remove every reference that is proven to be unused: the graph has to be of all solutions that there
// are, and say so. The plan warns of those that nothing seems to use but that it leaves, and why.
func Prune(in Input) (*Plan, error) {
	d := in.draft()
	for unused := range d.Graph.Unused() {
		r := unused.Reference
		switch outside := d.outside(r); {
		case len(r.Candidates) == 0:
			continue // an environment has it, no solution
		case outside != "":
			d.warn("%s is left: solution %s declares it, and is not among those to be changed", r.Name, outside)
		case unused.Conclusive():
			d.removeUnused(r)
		default:
			d.warn("%s is left, since it may be used: %s", r.Name, doubts(unused))
		}
	}
	return d.finish()
}

// doubts says why a reference may be used; only the first few reasons, since there can be many.
func doubts(unused graph.Unused) string {
	const told = 3
	var reasons []string
	for _, doubt := range unused.Doubts[:min(told, len(unused.Doubts))] {
		reasons = append(reasons, doubt.String())
	}
	if more := len(unused.Doubts) - told; more > 0 {
		reasons = append(reasons, fmt.Sprintf("and %d more reasons", more))
	}
	return strings.Join(reasons, "; ")
}

// removeUnused drops the declarations of a reference, and what is said of it elsewhere, unless it is used. It answers
// whether it did.
func (d *draft) removeUnused(r *graph.Reference) bool {
	users := usersOf(r)
	switch outside := d.outside(r); {
	case len(users) > 0:
		d.refuse("remove %s: it is used by %s", r.Name, strings.Join(users, ", "))
		return false
	case len(r.Candidates) == 0:
		d.refuse("remove %s: no solution that was read declares it", r.Name)
		return false
	case outside != "":
		d.refuse("remove %s: solution %s declares it, and is not among those to be changed", r.Name, outside)
		return false
	}
	for _, sol := range d.Solutions {
		for _, m := range d.mentions[sol] {
			if !isUse(m) && m.Reference.Equal(r.Name) && d.drop(sol, m) {
				d.step(noteAt(sol, m.At, fmt.Sprintf("drop %s of %s", part(m), m.Reference)))
			}
		}
	}
	d.dropSettings(r.Name)
	d.warnOfLeftover(r)
	return true
}

// isUse tells whether a mention is in what uses the reference.
func isUse(m solution.Mention) bool {
	switch m.Kind {
	case solution.MentionDeclaration, solution.MentionRequired, solution.MentionDependent:
		return false
	}
	return true
}

// usersOf names what uses a reference or lists it as missing.
func usersOf(r *graph.Reference) (users []string) {
	consumers := r.Consumers()
	for _, f := range consumers.Flows {
		users = append(users, "flow "+f.Name+" ("+f.Places[0].Copy.Path+")")
	}
	for _, a := range consumers.Apps {
		users = append(users, "canvas app "+a.Name+" ("+a.Places[0].Copy.Path+")")
	}
	for _, a := range consumers.Agents {
		users = append(users, "agent component "+a.SchemaName+" ("+a.Places[0].Copy.Path+")")
	}
	for need := range r.Needs() {
		if need.Consumers().Len() == 0 {
			users = append(users, "solution "+need.Solution.Name()+", which lists it as missing")
		}
	}
	return users
}
