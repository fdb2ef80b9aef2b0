package audit

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/graph"
)

// Impact is what a change of one thing reaches, as a document.
type Impact struct {
	SchemaVersion string         `json:"schemaVersion"`
	Kind          string         `json:"kind"` // reference, connector or connection
	Name          string         `json:"name"`
	References    []string       `json:"references"` // logical names: what changes with it
	DeclaredBy    []string       `json:"declaredBy"` // solutions that declare one of them
	Flows         []ImpactFlow   `json:"flows"`      // that use it themselves
	Apps          []string       `json:"apps"`       // unique names
	Agents        []string       `json:"agents"`     // schema names of bot components
	Reached       []ImpactCaller `json:"reached"`    // what calls one of the flows, or gets to one by calls
	Invoker       []ImpactFlow   `json:"invoker"`    // of a connection: flows that run on their caller's instead
	InvokerAgents []string       `json:"invokerAgents"`
	Doubts        []string       `json:"doubts"` // why there may be more
}

// ImpactFlow is a flow and its operations that are reached.
type ImpactFlow struct {
	ID         string   `json:"id"` // lower case without braces; "" for none
	Name       string   `json:"name"`
	Solutions  []string `json:"solutions"`
	File       string   `json:"file"`
	State      string   `json:"state"`      // on, off or unknown
	Operations []string `json:"operations"` // paths: Scope > Condition (else) > Send mail
}

// ImpactCaller is a flow, an agent's component or a canvas app, and the flows on its way to one that is reached.
type ImpactCaller struct {
	Kind string   `json:"kind"` // flow, agent or app
	Name string   `json:"name"`
	Via  []string `json:"via"` // the names of the flows that are called, the one that is reached last
}

// ImpactOf answers the impact of the reference of that name, or else of the connector, or else of the connection. It
// fails with connref.ErrNotFound if nothing that was read has or names one.
func ImpactOf(g *graph.Graph, name string) (*Impact, error) {
	kind := "reference"
	hit, err := g.Impact(connref.LogicalName(name))
	if err != nil {
		kind = "connector"
		hit, err = g.ImpactOfConnector(connref.ConnectorID(name))
	}
	if err != nil {
		kind = "connection"
		hit, err = g.ImpactOfConnection(connref.ConnectionID(name))
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w: no reference, connector or connection of that name is in what was read",
			name, connref.ErrNotFound)
	}
	doc := &Impact{
		SchemaVersion: SchemaVersion, Kind: kind, Name: name,
		References: []string{}, DeclaredBy: []string{}, Flows: impactFlows(hit.Flows, hit.Operations), Apps: []string{}, Agents: []string{},
		Reached: []ImpactCaller{}, Invoker: invokerFlows(hit.Invoker), InvokerAgents: []string{}, Doubts: []string{},
	}
	for _, r := range hit.References {
		doc.References = append(doc.References, string(r.Name))
		for _, name := range names(r.DeclaredBy()) {
			if !slices.Contains(doc.DeclaredBy, name) {
				doc.DeclaredBy = append(doc.DeclaredBy, name)
			}
		}
	}
	for _, a := range hit.Apps {
		doc.Apps = append(doc.Apps, a.Name)
	}
	for _, a := range hit.Agents {
		doc.Agents = append(doc.Agents, a.SchemaName)
	}
	for _, a := range hit.InvokerAgents {
		doc.InvokerAgents = append(doc.InvokerAgents, a.SchemaName)
	}
	for _, r := range hit.Reached {
		doc.Reached = append(doc.Reached, impactCaller(r))
	}
	for _, d := range hit.Doubts {
		doc.Doubts = append(doc.Doubts, d.String())
	}
	return doc, nil
}

func impactFlows(flows []*graph.Flow, operations []*graph.Operation) []ImpactFlow {
	list := []ImpactFlow{}
	for _, f := range flows {
		flow := ImpactFlow{
			Name: f.Name, Solutions: names(f.Places.Solutions()), File: f.Places[0].At.File,
			State: onOff(f.On), Operations: []string{},
		}
		if !f.ID.IsZero() {
			flow.ID = f.ID.String()
		}
		for len(operations) > 0 && operations[0].Flow == f {
			flow.Operations = append(flow.Operations, operations[0].Path())
			operations = operations[1:]
		}
		list = append(list, flow)
	}
	return list
}

func onOff(on connref.Fact) string {
	switch on {
	case connref.Yes:
		return "on"
	case connref.No:
		return "off"
	}
	return "unknown"
}

func invokerFlows(bindings []*graph.Binding) []ImpactFlow {
	var flows []*graph.Flow
	var operations []*graph.Operation
	for _, b := range bindings {
		if !slices.Contains(flows, b.Flow) {
			flows = append(flows, b.Flow)
		}
		operations = slices.AppendSeq(operations, b.Operations())
	}
	return impactFlows(flows, operations)
}

func impactCaller(r graph.Reach) ImpactCaller {
	caller := ImpactCaller{Kind: "flow", Name: r.Name()}
	switch {
	case r.Agent != nil:
		caller.Kind = "agent"
	case r.App != nil:
		caller.Kind = "app"
	}
	for _, call := range r.Calls {
		caller.Via = append(caller.Via, call.Callee.Name)
	}
	return caller
}

// WriteJSON writes the document as indented JSON.
func (i *Impact) WriteJSON(w io.Writer) error { return writeJSON(w, i) }

// WriteText writes the document for people: the flows with their operations, what else uses it, what gets to it by
// calls, and what is not known.
func (i *Impact) WriteText(w io.Writer, opts *TextOptions) error {
	t := &text{w: w, color: opts != nil && opts.Color}
	operations := 0
	for _, f := range i.Flows {
		operations += len(f.Operations)
	}
	t.line("%s", t.paint(bold, diag.Printable(i.Name)))
	t.line("  %s", t.paint(dim, i.Kind+" · "+cmp.Or(usedBy(Reference{
		Flows: len(i.Flows), Operations: operations, Apps: len(i.Apps), Agents: len(i.Agents),
	}), "nothing that was read uses it")))
	if i.Kind == "reference" {
		t.line("  %s", t.paint(dim, "declared by "+cmp.Or(list(i.DeclaredBy), "none that was read")))
	} else {
		t.section("References", i.References)
	}
	t.impactFlows("Flows", i.Flows)
	t.section("Canvas apps", i.Apps)
	t.section("Agent components", i.Agents)
	var reached []string
	for _, r := range i.Reached {
		reached = append(reached, r.Name+" → "+strings.Join(r.Via, " → "))
	}
	t.section("Reached through calls", reached)
	t.impactFlows("Run on their caller's connection, not on this one", i.Invoker)
	t.section("Agent components on the connection of whoever talks to them", i.InvokerAgents)
	t.section("There may be more", i.Doubts)
	return t.err
}

func (t *text) section(title string, lines []string) {
	if len(lines) > 0 {
		t.heading(bold, title)
	}
	for _, line := range lines {
		t.line("    %s", diag.Printable(line))
	}
}

func (t *text) impactFlows(title string, flows []ImpactFlow) {
	if len(flows) > 0 {
		t.heading(bold, title)
	}
	for _, f := range flows {
		facts := list(f.Solutions)
		if f.State == "off" {
			facts += ", off"
		}
		t.line("    %s  %s", diag.Printable(f.Name), t.paint(dim, facts))
		for _, operation := range f.Operations {
			t.line("      %s", diag.Printable(operation))
		}
	}
}
