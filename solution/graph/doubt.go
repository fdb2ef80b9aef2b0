package graph

import (
	"fmt"
	"iter"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// Doubt is why it can't be said that nothing else uses a reference.
type Doubt struct {
	Kind  DoubtKind
	Name  string // of the app, variable, flow, …; of a file that could not be read; the error of an unopened solution
	Place Place  // of it; zero for DoubtIncomplete and DoubtUnopened
	// Connector is what an app or a variable has to do with the reference; else nil.
	Connector *Connector
}

// DoubtKind is the kind of a Doubt.
type DoubtKind uint8

// The kinds of doubts.
const (
	DoubtIncomplete  DoubtKind = iota + 1 // the solutions aren't declared to be all there are
	DoubtUnopened                         // a solution could not be opened
	DoubtUnread                           // a file has errors, so that not all of it may have been read
	DoubtMissing                          // a flow or an app is listed but isn't there
	DoubtDesktopFlow                      // desktop flows aren't read
	DoubtDataflow                         // dataflows aren't read
	DoubtApp                              // a canvas app connects to the connector and doesn't say by which reference
	DoubtVariable                         // a data-source variable of the connector: files don't hold its reference
)

// String answers the doubt in words, on one printable line.
func (d Doubt) String() string { return diag.Printable(d.text()) }

func (d Doubt) text() string {
	switch d.Kind {
	case DoubtIncomplete:
		return "the solutions read are not declared to be all there are"
	case DoubtUnopened:
		return "a solution could not be opened: " + d.Name
	case DoubtUnread:
		return fmt.Sprintf("%s in %s has errors: what could not be read of it may use it", d.Name, d.Place.Copy.Path)
	case DoubtMissing:
		return fmt.Sprintf("%s is listed in %s but its file is not there", d.Name, d.Place.Copy.Path)
	case DoubtDesktopFlow:
		return fmt.Sprintf("desktop flow %s in %s is not read", d.Name, d.Place.Copy.Path)
	case DoubtDataflow:
		return fmt.Sprintf("dataflow %s in %s is not read", d.Name, d.Place.Copy.Path)
	case DoubtApp:
		return fmt.Sprintf("canvas app %s in %s connects to %s without naming a reference",
			d.Name, d.Place.Copy.Path, d.Connector.label())
	case DoubtVariable:
		return fmt.Sprintf("data-source variable %s in %s is of %s, and files don't name its reference",
			d.Name, d.Place.Copy.Path, d.Connector.label())
	}
	return "unknown"
}

// Unused is a reference that nothing that was read uses.
type Unused struct {
	Reference *Reference
	Doubts    []Doubt
}

// Conclusive tells whether it is proven that nothing uses the reference.
func (u Unused) Conclusive() bool { return len(u.Doubts) == 0 }

// Unused yields the references that no flow, app or agent uses, of those that a solution declares or an environment has.
func (g *Graph) Unused() iter.Seq[Unused] {
	return func(yield func(Unused) bool) {
		doubts := map[*Connector][]Doubt{} // mostly the references of a connector share theirs
		of := func(connectors []*Connector) []Doubt {
			if len(connectors) != 1 {
				return g.doubtsOf(connectors)
			}
			list, known := doubts[connectors[0]]
			if !known {
				list = slices.Clip(g.doubtsOf(connectors))
				doubts[connectors[0]] = list
			}
			return list
		}
		for _, r := range g.references {
			known := len(r.Candidates) > 0 || len(r.bound) > 0
			if known && !r.used() && !yield(Unused{r, of(r.Connectors())}) {
				return
			}
		}
	}
}

// doubtsOf answers why more may use the reference than is known.
func (g *Graph) doubtsOf(connectors []*Connector) []Doubt {
	doubts := slices.Clip(g.doubts)
	for _, c := range connectors {
		for _, a := range c.apps {
			if slices.Contains(a.unlinked, c) {
				doubts = append(doubts, Doubt{DoubtApp, a.label(), a.Places[0], c})
			}
		}
		for _, v := range c.variables {
			doubts = append(doubts, Doubt{DoubtVariable, v.SchemaName, v.Places[0], c})
		}
	}
	return doubts
}

// isOfCopy tells whether another doubt is the same of another copy.
func (d Doubt) isOfCopy(other Doubt) bool {
	return d.Kind == other.Kind && d.Name == other.Name && other.Place.Copy != nil &&
		d.Place.Copy.Solution == other.Place.Copy.Solution
}

// unread notes what in a copy may use references but was not read.
func (b *builder) unread(c *Copy, sol *solution.Solution) {
	doubt := func(kind DoubtKind, name string, at source.Location) {
		d := Doubt{Kind: kind, Name: b.text(name), Place: b.place(c, at)}
		if kind == DoubtUnread || !slices.ContainsFunc(b.g.doubts, d.isOfCopy) {
			b.g.doubts = append(b.g.doubts, d)
		}
	}
	broken := map[string]bool{}
	for _, p := range sol.Problems() {
		if p.Severity == diag.Error && !broken[p.At.File] {
			broken[p.At.File] = true
			doubt(DoubtUnread, p.At.File, source.Location{File: p.At.File})
		}
	}
	read := map[source.Location]bool{}
	for f := range sol.Flows() {
		read[f.Workflow.At] = true
	}
	there := map[connref.GUID]bool{}
	for w := range sol.Workflows() {
		there[w.ID] = true
		switch {
		case read[w.At] || broken[w.FileName]:
		case w.Category == solution.CategoryDesktopFlow:
			doubt(DoubtDesktopFlow, w.Name, w.At)
		case w.Category == solution.CategoryCloudFlow:
			doubt(DoubtMissing, "flow "+w.Name, w.At)
		}
	}
	for d := range sol.Dataflows() {
		doubt(DoubtDataflow, d.Name, d.At)
	}
	apps := map[string]bool{}
	for a := range sol.Apps() {
		apps[connref.Fold(a.Name)] = true
	}
	for _, root := range sol.Manifest().RootComponents {
		switch {
		case root.Type == "29" && !root.ID.IsZero() && !there[root.ID]:
			doubt(DoubtMissing, "flow "+root.ID.String(), root.At)
		case root.Type == "300" && root.SchemaName != "" && !apps[connref.Fold(root.SchemaName)]:
			doubt(DoubtMissing, "canvas app "+root.SchemaName, root.At)
		}
	}
}
