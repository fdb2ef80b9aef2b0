package rules

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var malformedConnector = &lint.Rule{
	ID: "CR208", Name: "malformed-connector", Family: "reference", Severity: diag.Error,
	Doc: "The connector of a reference is missing or malformed\n\n" +
		"The child connectorid has to be /providers/Microsoft.PowerApps/apis/ and the connector's name, at most " +
		"1,000 characters. Without it nobody knows of which connector a connection is to be asked for, and the " +
		"import fails.",
	Mend: "Put the connector's id there, as in another reference of the connector.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference, connectorid", "callumalpass/power-platform-devkit",
		"counted over 852 declarations: all have it in this form",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			path := connref.ConnectorID(ref.Connector.Path())
			fault := (*connref.FieldError)(nil)
			switch {
			case ref.Connector.IsZero():
				p.Reportf(ref.At, "reference %s names no connector: a connectorid such as %s would be right",
					ref.LogicalName, connref.ConnectorID("shared_office365").Path())
			case errors.As(path.Validate(), &fault):
				p.Reportf(ref.At, "the connectorid of reference %s %s", ref.LogicalName, fault.Reason)
			case len(path) != len(ref.Connector):
				spelled := ref
				spelled.Connector = path
				p.Report(lint.Finding{
					At: ref.At,
					Message: fmt.Sprintf("reference %s has the connectorid %s: %s would be right",
						ref.LogicalName, ref.Connector, path),
					Fixes: updating(p.Solution, spelled, "spell the connector as "+string(path)),
				})
			}
		}
		return nil
	},
}

var inconsistentConnector = &lint.Rule{
	ID: "CR209", Name: "inconsistent-connector", Family: "reference", Severity: diag.Error,
	Doc: "A reference and its custom connector don't fit\n\n" +
		"The id of a custom connector ends in digits that differ in each environment; what an import goes by is " +
		"the child customconnectorid, the connector's row. A reference that has one of the two and not the other " +
		"finds no connector in the target. It is a warning where a solution that was looked at brings a connector of " +
		"that name, whose row is another one. A connector that no solution brings is no fault: the target may have it. " +
		"Whether references on connectors that were made outside of solutions have a row isn't known, so that none " +
		"is asked for: their names have no publisher's prefix.",
	Mend: "Export the reference again, from an environment in which it has its connector.",
	Sources: []string{
		"microsoft/coe-starter-kit#3015", "microsoft/coe-starter-kit#9628",
		"counted over 459 declarations: 11 of custom connectors, all with both",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			isCustom, hasRow := ref.Connector.Custom(), !ref.CustomConnector.IsZero()
			switch {
			case isCustom && !hasRow && ofSolution(ref.Connector) && !hasInvalidID(p.Solution, ref):
				p.Reportf(ref.At, "reference %s is of custom connector %s, but has no customconnectorid that names its row",
					ref.LogicalName, ref.Connector.WithoutHash().Name())
			case !isCustom && hasRow && ref.Connector.Validate() == nil:
				p.Reportf(ref.At, "reference %s has a customconnectorid, but %s is no custom connector's id",
					ref.LogicalName, ref.Connector.Name())
			case isCustom && hasRow:
				if other := otherRow(p, ref); other != "" {
					p.Report(lint.Finding{At: ref.At, Severity: diag.Warning, Message: fmt.Sprintf(
						"reference %s names another row of custom connector %s than solution %s brings",
						ref.LogicalName, ref.Connector.WithoutHash().Name(), other)})
				}
			}
		}
		return nil
	},
}

// ofSolution tells whether a custom connector was made in a solution, whose publisher's prefix its name has then.
func ofSolution(id connref.ConnectorID) bool {
	return strings.Contains(connref.Fold(id.WithoutHash().Name()), "-5f")
}

// otherRow answers a solution of the set that brings the custom connector of a reference with another row than the
// reference names; "" if there is none, or one brings the row too.
func otherRow(p *lint.Pass, ref connref.Reference) string {
	c, err := p.Graph().ByConnector(ref.Connector)
	if err != nil {
		return ""
	}
	brought := memo(p, memoKey{"rows", c}, func() broughtRows { return rowsOf(p, c) })
	if brought.rows[ref.CustomConnector] {
		return ""
	}
	return brought.first
}

// broughtRows are the rows with which solutions bring a custom connector, and the first of those solutions.
type broughtRows struct {
	rows  map[connref.GUID]bool
	first string
}

func rowsOf(p *lint.Pass, c *graph.Connector) broughtRows {
	b := broughtRows{rows: map[connref.GUID]bool{}}
	for _, place := range c.BroughtBy {
		for brought := range p.Set.ByPath(place.Copy.Path).Connectors() {
			if brought.At == place.At && !brought.ID.IsZero() {
				b.rows[brought.ID], b.first = true, cmp.Or(b.first, place.Copy.Solution.Name())
			}
		}
	}
	return b
}

// hasInvalidID tells whether a reference has an id that is no GUID, which CR009 tells.
func hasInvalidID(sol *solution.Solution, ref connref.Reference) bool {
	for _, d := range sol.Problems() {
		if d.Rule == invalidID.ID && d.At.File == ref.At.File &&
			ref.At.Span.Start <= d.At.Span.Start && d.At.Span.End <= ref.At.Span.End {
			return true
		}
	}
	return false
}
