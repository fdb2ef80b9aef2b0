package refactor

import (
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution/graph"
)

// otherConnector answers why one reference can't stand in for another; "" if both are for the same connector.
func otherConnector(a, b *graph.Reference) string {
	ca, cb := a.Connectors(), b.Connectors()
	for _, r := range []*graph.Reference{a, b} {
		switch n := len(r.Connectors()); {
		case n == 0:
			return fmt.Sprintf("which connector %s is for is not known", r.Name)
		case n > 1:
			return fmt.Sprintf("solutions declare %s for %d connectors", r.Name, n)
		}
	}
	if ca[0] != cb[0] {
		return fmt.Sprintf("%s is for %s, %s for %s", a.Name, ca[0].ID.Name(), b.Name, cb[0].ID.Name())
	}
	if ra, rb := customRow(a), customRow(b); !ra.IsZero() && !rb.IsZero() && ra != rb {
		return fmt.Sprintf("%s is for custom connector %s, %s for %s", a.Name, ra, b.Name, rb)
	}
	return ""
}

// customRow is the row of the custom connector that a reference is declared for; zero if none is known.
func customRow(r *graph.Reference) connref.GUID {
	for _, c := range r.Candidates {
		if !c.CustomConnector.IsZero() {
			return c.CustomConnector
		}
	}
	return connref.GUID{}
}
