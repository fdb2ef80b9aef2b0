package graph

import (
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
	Place Place  // of it; zero for DoubtIncomplete, DoubtUnopened and DoubtUnbound
	// Connector is what an app, a variable, a reference or a direct connection has to do with it; nil if it isn't known.
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
	DoubtProcess                          // a process of a category that isn't read
	DoubtListed                           // a solution lists the reference as missing, though nothing that was read uses it
	DoubtUnbound                          // of a connection: a reference of its connector that no environment is known to bind
	DoubtDirect                           // of a connection: a flow's direct connection of its connector, which one isn't known
)

// String answers the doubt in words, on one printable line; "it" is the reference or connection that it is about.
func (d Doubt) String() string { return diag.Printable(d.text()) }

func (d Doubt) text() string {
	name, connector := d.Name, "a connector that no file names"
	if d.Place.Copy != nil {
		name += " in " + d.Place.Copy.Path
	}
	if d.Connector != nil {
		connector = d.Connector.label()
	}
	switch d.Kind {
	case DoubtIncomplete:
		return "the solutions read are not declared to be all there are"
	case DoubtUnopened:
		return "a solution could not be opened: " + name
	case DoubtUnread:
		return name + " has errors: what could not be read of it may use it"
	case DoubtMissing:
		return name + " is listed but its file is not there"
	case DoubtDesktopFlow:
		return "desktop flow " + name + " is not read"
	case DoubtDataflow:
		return "dataflow " + name + " is not read"
	case DoubtProcess:
		return "process " + name + " is not read"
	case DoubtApp:
		return "canvas app " + name + " connects to " + connector + " without naming a reference"
	case DoubtVariable:
		return "data-source variable " + name + " is of " + connector + ", and files don't name its reference"
	case DoubtListed:
		return "solution " + name + " lists it as missing"
	case DoubtUnbound:
		return "reference " + name + " of " + connector + " may be bound to it"
	case DoubtDirect:
		return "flow " + name + " has a direct connection of " + connector + ", which may be this one"
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
		for _, r := range g.references {
			known := len(r.Candidates) > 0 || len(r.bound) > 0
			if known && !r.used() && !yield(Unused{r, g.doubtsOf(r)}) {
				return
			}
		}
	}
}

// doubtsOf answers why more may use the reference than is known.
func (g *Graph) doubtsOf(r *Reference) []Doubt {
	doubts := slices.Clone(g.doubts)
	for _, n := range r.needs {
		if n.Consumers().Len() == 0 {
			doubts = append(doubts, Doubt{Kind: DoubtListed, Name: n.Solution.Name(), Place: Place{Copy: n.Solution.Copies[0]}})
		}
	}
	connectors := r.Connectors()
	if len(connectors) == 0 {
		connectors = g.connectors // it may be any
	}
	for _, c := range connectors {
		doubts = append(doubts, c.doubts...)
	}
	return doubts
}

// doubtsOfConnection answers why more may depend on a connection than is known.
func (g *Graph) doubtsOfConnection(c *Connection) []Doubt {
	doubts := slices.Clone(g.doubts)
	var connectors []*Connector
	if c.Connector != nil {
		connectors = append(connectors, c.Connector)
	}
	for _, b := range c.bound {
		for _, of := range b.Reference.Connectors() {
			connectors = appendNew(connectors, of)
		}
	}
	for _, of := range connectors {
		doubts = append(doubts, of.doubts...)
		for _, r := range of.references {
			if len(r.bound) == 0 {
				doubts = append(doubts, Doubt{Kind: DoubtUnbound, Name: string(r.Name), Connector: of})
			}
		}
		for _, b := range of.bindings {
			if b.Direct() && b.Connection == nil {
				doubts = append(doubts, Doubt{DoubtDirect, b.Flow.Name, b.Flow.Places[0], of})
			}
		}
	}
	return doubts
}

// doubtKey is what makes doubts of several copies the same.
type doubtKey struct {
	kind     DoubtKind
	name     string
	solution *Solution
}

// doubt notes a doubt that holds for every reference, unless it is known of another copy of the solution.
func (b *builder) doubt(d Doubt) {
	key := doubtKey{d.Kind, d.Name, d.Place.Copy.Solution}
	if d.Kind == DoubtUnread || !b.doubted[key] {
		b.doubted[key] = true
		b.g.doubts = append(b.g.doubts, d)
	}
}

// unseen is a flow or an app that a copy lists and that isn't in it; another copy or solution may have it.
type unseen struct {
	doubt Doubt
	flow  connref.FlowID
	app   string // folded; "" for a flow
}

// linkDoubts notes what was found nowhere, and what is doubtful about the references of each connector.
func (b *builder) linkDoubts() {
	for _, a := range b.unseen {
		if b.g.byFlow[a.flow] == nil && (a.app == "" || b.apps[a.app] == nil) {
			b.doubt(a.doubt)
		}
	}
	for _, a := range b.g.apps {
		for _, c := range a.unlinked {
			c.doubts = append(c.doubts, Doubt{DoubtApp, a.label(), a.Places[0], c})
		}
	}
	for _, v := range b.g.variables {
		if v.Connector != nil {
			v.Connector.doubts = append(v.Connector.doubts, Doubt{DoubtVariable, v.SchemaName, v.Places[0], v.Connector})
		}
	}
}

// unread notes what in a copy may use references but was not read.
func (b *builder) unread(c *Copy, sol *solution.Solution) {
	doubtful := func(kind DoubtKind, name string, at source.Location) Doubt {
		return Doubt{Kind: kind, Name: b.text(name), Place: b.place(c, at)}
	}
	broken := map[string]bool{}
	for _, p := range sol.Problems() {
		if p.Severity == diag.Error && !broken[p.At.File] {
			broken[p.At.File] = true
			b.doubt(doubtful(DoubtUnread, p.At.File, source.Location{File: p.At.File}))
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
			b.doubt(doubtful(DoubtDesktopFlow, w.Name, w.At))
		case w.Category == solution.CategoryCloudFlow:
			b.unseen = append(b.unseen, unseen{doubt: doubtful(DoubtMissing, "flow "+w.Name, w.At), flow: w.ID})
		case w.Category < solution.CategoryClassic, w.Category > solution.CategoryDesktopFlow && w.Category != solution.CategoryMacro:
			b.doubt(doubtful(DoubtProcess, w.Name, w.At))
		}
	}
	for d := range sol.Dataflows() {
		b.doubt(doubtful(DoubtDataflow, d.Name, d.At))
	}
	for _, root := range sol.Manifest().RootComponents {
		switch {
		case root.Type == "29" && !root.ID.IsZero() && !there[root.ID]:
			b.unseen = append(b.unseen, unseen{doubt: doubtful(DoubtMissing, "flow "+root.ID.String(), root.At), flow: root.ID})
		case root.Type == "300" && root.SchemaName != "":
			app := b.text(connref.Fold(root.SchemaName))
			b.unseen = append(b.unseen, unseen{doubt: doubtful(DoubtMissing, "canvas app "+root.SchemaName, root.At), app: app})
		}
	}
}
