package refactor

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// Policy says which references could be one: those for which it answers the same key. A reference with the key "" could
// be one with no other. What a key stands for is a matter of a team's practice: two references for one connector are
// legal, and wanted where they run on different identities.
type Policy func(*graph.Reference) string

// ByConnector is the policy of one reference for each connector.
func ByConnector(r *graph.Reference) string {
	if list := r.Connectors(); len(list) == 1 {
		return string(list[0].ID.WithoutHash().Fold())
	}
	return ""
}

// ByDisplayName is the policy that references for one connector, which people can't tell apart by their display name,
// are one.
func ByDisplayName(r *graph.Reference) string {
	name, connector := r.DisplayName(), ByConnector(r)
	if name == "" || connector == "" {
		return ""
	}
	return connector + " " + connref.Fold(name)
}

// Duplicates answers the groups of declared references that could be one by a policy, in the order of the graph. It
// proposes and does nothing: which one to keep is for the caller to choose, with Merge.
func Duplicates(g *graph.Graph, policy Policy) (groups [][]*graph.Reference) {
	place := map[string]int{}
	for r := range g.References() {
		key := policy(r)
		if key == "" || len(r.Candidates) == 0 {
			continue
		}
		i, ok := place[key]
		if !ok {
			i = len(groups)
			place[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], r)
	}
	return deleteSingles(groups)
}

func deleteSingles(groups [][]*graph.Reference) (several [][]*graph.Reference) {
	for _, group := range groups {
		if len(group) > 1 {
			several = append(several, group)
		}
	}
	return several
}
