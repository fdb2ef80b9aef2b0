package rules

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
)

var removedReference = &lint.Rule{
	ID: "CR310", Name: "removed-reference", Family: "solution", Severity: diag.Error, Scope: lint.ScopeSet,
	Needs: lint.NeedsOld,
	Doc: "A reference is gone, and still used\n\n" +
		"The old version of a solution declares a connection reference, the new one doesn't, and something still " +
		"uses it: in the new solutions, or in old ones that stay. The upgrade is refused, since other components " +
		"refer to what it would remove. It is a warning where solution.xml says that a solution that wasn't " +
		"looked at brings the reference now.",
	Mend: "Declare the reference again; or bind everything that uses it to another one, in an upgrade before " +
		"this one.",
	Sources: []string{
		"microsoft/coe-starter-kit#8466", "microsoft/coe-starter-kit#8726", "microsoft/coe-starter-kit#9299",
		"microsoft/coe-starter-kit#9735", "microsoft/coe-starter-kit#8548", "microsoft/coe-starter-kit#9347",
		"microsoft/coe-starter-kit#9228",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if err := compared(p); err != nil {
			return err
		}
		d := p.Difference()
		renamed := map[*graph.Reference]bool{}
		for _, r := range d.Renamed { // which is told as that
			renamed[r.Old] = true
		}
		for _, gone := range d.Removed {
			if gone.StillUsed.Len() > 0 && !renamed[gone.Reference] {
				reportRemoved(p, gone)
			}
		}
		return nil
	},
}

// compared answers why old and new solutions can't be compared, as an error that skips the rule; nil if they can.
func compared(p *lint.Pass) error {
	if file := unreadIn(p.Solutions, p.Old); file != "" {
		return lint.Skip("%s has errors: what can't be read of it may declare what seems to be gone or new", file)
	}
	return nil
}

func reportRemoved(p *lint.Pass, gone graph.Removal) {
	name := gone.Reference.Name
	place, ok := useOf(p, name)
	if !ok {
		place = successor(p, gone.Reference)
	}
	f := lint.Finding{Subject: string(name.Fold()), Message: fmt.Sprintf(
		"reference %s is gone from %s, and %s", name, owners(gone.Reference), stillUsing(gone.StillUsed))}
	if from := broughtBy(p, name, gone.StillUsed); from != "" {
		f.Severity = diag.Warning
		f.Message += "; solution " + from + " is listed to bring it, which was not looked at"
	}
	p.ReportAt(place, f)
}

// owners are the names of the solutions that declare a reference.
func owners(r *graph.Reference) string {
	by := r.DeclaredBy()
	if len(by) == 1 {
		return "solution " + by[0].Name()
	}
	return "solution " + by[0].Name() + " and " + strconv.Itoa(len(by)-1) + " more"
}

// stillUsing names the first of some consumers, and how many more there are.
func stillUsing(c graph.Consumers) string {
	first := ""
	switch {
	case len(c.Flows) > 0:
		first = "flow " + c.Flows[0].Name
	case len(c.Apps) > 0:
		first = "canvas app " + c.Apps[0].Name
	default:
		first = "agent " + c.Agents[0].SchemaName
	}
	switch more := c.Len() - 1; more {
	case 0:
		return first + " still uses it"
	case 1:
		return first + " and another one still use it"
	default:
		return first + " and " + strconv.Itoa(more) + " more still use it"
	}
}

// useOf is the first place in the new solutions that uses a reference, if there is one.
func useOf(p *lint.Pass, name connref.LogicalName) (graph.Place, bool) {
	r, err := p.Graph().Reference(name)
	if err != nil {
		return graph.Place{}, false
	}
	for b := range r.Bindings() {
		return b.Place(), true
	}
	users := r.Consumers()
	for _, a := range users.Apps {
		return a.Places[0], true
	}
	for _, a := range users.Agents {
		return a.Places[0], true
	}
	return graph.Place{}, false
}

// successor is the manifest of the new solution that replaces the first one that declared a reference, which is gone
// since all of them are replaced.
func successor(p *lint.Pass, old *graph.Reference) (place graph.Place) {
	if next, err := p.Graph().Solution(old.DeclaredBy()[0].UniqueName); err == nil {
		c := next.Copies[0]
		place = graph.Place{Copy: c, At: p.Set.ByPath(c.Path).Manifest().At}
	}
	return place
}

// broughtBy is the solution outside of the set that brings a reference, if everything that uses it is said to get it
// from one; else "".
func broughtBy(p *lint.Pass, name connref.LogicalName, users graph.Consumers) (from string) {
	r, err := p.Graph().Reference(name)
	if err != nil || r.Consumers().Len() != users.Len() { // old solutions that stay list nothing
		return ""
	}
	for need := range r.Needs() {
		name, _, _ := origin(need.From)
		if _, err := p.Graph().Solution(name); need.State != solution.External || name == "" || err == nil {
			return ""
		}
		from = name
	}
	return from
}

var renamedReference = &lint.Rule{
	ID: "CR311", Name: "renamed-reference", Family: "solution", Severity: diag.Error, Scope: lint.ScopeSet,
	Needs: lint.NeedsOld,
	Doc: "A reference has another name than before\n\n" +
		"One reference is gone and another one of the same connector is new, and flows have moved from one to the " +
		"other, or they have one display name, or there is no other of the connector that it could be. Logical " +
		"names can't be changed: a target keeps the old reference with its connection, and gets a second one, " +
		"which nobody has bound, so that the flows that moved to it stop.",
	Mend: "Keep the old name: bind the flows to it again and remove the new reference. If the new name is " +
		"needed, bind the new reference in each target, by deployment settings, before the old one is removed.",
	Sources: []string{"MicrosoftDocs: the table connectionreference, whose logical name can't be changed"},
	Run: func(_ context.Context, p *lint.Pass) error {
		if err := compared(p); err != nil {
			return err
		}
		d := p.Difference()
		used := map[*graph.Reference]graph.Consumers{}
		for _, gone := range d.Removed {
			used[gone.Reference] = gone.StillUsed
		}
		for _, r := range d.Renamed {
			how := fmt.Sprintf("%s is new and looks like it", r.New.Name)
			if len(r.Flows) > 0 {
				how = fmt.Sprintf("flow %s uses %s instead", r.Flows[0].Name, r.New.Name)
			}
			message := fmt.Sprintf("reference %s is gone, and %s: a target gets a second reference, without a connection",
				r.Old.Name, how)
			if users := used[r.Old]; users.Len() > 0 {
				message += "; of the old one " + stillUsing(users)
			}
			place := r.New.Candidates[0].Declarations[0].Place
			p.ReportAt(place, lint.Finding{Message: message, Subject: string(r.Old.Name.Fold())})
		}
		return nil
	},
}

var changedConnector = &lint.Rule{
	ID: "CR312", Name: "changed-connector", Family: "solution", Severity: diag.Warning, Scope: lint.ScopeSet,
	Needs: lint.NeedsOld,
	Doc: "A reference is for another connector than before\n\n" +
		"An import can't change the connector of a reference that a target has: it stays bound to a connection of " +
		"the old connector, which the new flows can't use.",
	Mend: "Give the reference its old connector back, and make a new one under a new name for the other " +
		"connector.",
	Sources: []string{"callumalpass/power-platform-devkit: reports connectors that mismatch"},
	Run: func(_ context.Context, p *lint.Pass) error {
		if err := compared(p); err != nil {
			return err
		}
		for _, change := range p.Difference().Changed {
			c := change.New.Candidates[max(slices.IndexFunc(change.New.Candidates, func(c *graph.Candidate) bool {
				return !slices.ContainsFunc(change.Old.Candidates, func(old *graph.Candidate) bool { return sameConnector(old, c) })
			}), 0)]
			p.ReportAt(c.Declarations[0].Place, lint.Finding{Subject: string(change.New.Name.Fold()), Message: fmt.Sprintf(
				"reference %s was for %s before and is for %s now: an import can't change that",
				change.New.Name, connectorOf(change.Old.Candidates[0]), connectorOf(c))})
		}
		return nil
	},
}

// sameConnector tells whether two declarations are for one connector, as far as they say.
func sameConnector(a, b *graph.Candidate) bool {
	if a.Connector == nil || b.Connector == nil {
		return a.Connector == b.Connector
	}
	return a.Connector.ID.Same(b.Connector.ID) &&
		(a.CustomConnector == b.CustomConnector || a.CustomConnector.IsZero() || b.CustomConnector.IsZero())
}

// connectorOf is the connector of a declaration, with its row where that is all that tells custom ones apart.
func connectorOf(c *graph.Candidate) string {
	if c.Connector == nil {
		return "no connector"
	}
	name := c.Connector.ID.WithoutHash().Name()
	if !c.CustomConnector.IsZero() {
		name += " (" + c.CustomConnector.String() + ")"
	}
	return name
}
