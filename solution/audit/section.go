package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/graph"
)

// solution writes the section of one solution, which may be one of several.
func (t *text) solution(s Solution, several bool) {
	title, path := s.UniqueName, s.Path
	if title == "" {
		title, path = s.Path, ""
	}
	operations := 0
	for _, f := range s.Flows {
		operations += f.Operations
	}
	facts := []string{path, s.Layout, managedness(s.Managed),
		count(len(s.Flows), "flow"), count(operations, "operation"), count(len(s.References), "reference")}
	facts = slices.DeleteFunc(facts, func(fact string) bool { return fact == "" })
	t.line("%s", t.paint(bold, strings.TrimSpace(title+" "+s.Version)))
	t.line("  %s", t.paint(dim, strings.Join(facts, " · ")))

	broken := slices.ContainsFunc(s.Problems, func(p Problem) bool { return p.Severity == diag.Error })
	if broken {
		t.problems(s.Problems)
	}
	users := usersByName(s)
	t.references(s, users, broken)
	t.undeclared(s, users, broken, several)
	if !broken {
		t.problems(s.Problems)
	}
	t.line("")
}

func managedness(managed string) string {
	switch managed {
	case "unknown":
		return ""
	case "both":
		return "managed and unmanaged"
	}
	return managed
}

// usersByName answers the names of the flows that need a reference or, directly, a connector, by state and folded name.
func usersByName(s Solution) map[need][]string {
	users := map[need][]string{}
	for _, f := range s.Flows {
		for _, b := range f.Bindings {
			n := needOf(b)
			if names := users[n]; len(names) == 0 || names[len(names)-1] != f.Name {
				users[n] = append(names, f.Name)
			}
		}
	}
	return users
}

// need is what a binding needs: a reference, or a connector of which it has a direct connection.
type need struct{ state, name string }

func needOf(b Binding) need {
	if b.State == "direct" {
		return need{b.State, connref.Fold(withoutHash(b.Connector))}
	}
	return need{b.State, connref.Fold(b.Reference)}
}

// references writes what the solution declares: what is shared, what has one user, what has none.
func (t *text) references(s Solution, users map[need][]string, broken bool) {
	var name, connector int
	for _, r := range s.References {
		name, connector = wider(name, r.LogicalName), wider(connector, connectorOf(r))
	}
	for _, g := range []struct {
		title, style string
		want         func(users int) bool
	}{
		{"Shared", bold, func(users int) bool { return users > 1 }},
		{"One user", bold, func(users int) bool { return users == 1 }},
		{"Unused here" + asFar(broken), dim, func(users int) bool { return users == 0 }},
	} {
		refs := slices.DeleteFunc(slices.Clone(s.References), func(r Reference) bool { return !g.want(userCount(r)) })
		slices.SortStableFunc(refs, func(a, b Reference) int { return cmp.Compare(userCount(b), userCount(a)) })
		if len(refs) > 0 {
			t.heading(g.style, g.title)
		}
		for _, r := range refs {
			t.line("    %s  %s  %s", pad(r.LogicalName, name), pad(connectorOf(r), connector), usedBy(r))
			t.names(users[need{"declared", connref.Fold(r.LogicalName)}])
			t.conclusion(r)
		}
	}
}

// incomplete goes without saying under a heading that speaks of one solution.
var incomplete = graph.Doubt{Kind: graph.DoubtIncomplete}.String()

// conclusion writes whether an unused reference is proven to be.
func (t *text) conclusion(r Reference) {
	if r.Conclusive {
		t.line("      %s", t.paint(dim, "proven: nothing that could use it does"))
	}
	for _, reason := range r.Inconclusive {
		if reason != incomplete {
			t.line("      %s", t.paint(dim, "but "+reason))
		}
	}
}

// asFar qualifies a heading that would claim too much when files could not be read.
func asFar(broken bool) string {
	if broken {
		return ", as far as could be read"
	}
	return ""
}

func userCount(r Reference) int { return r.Flows + r.Apps + r.Agents }

func usedBy(r Reference) string {
	var parts []string
	for _, use := range []struct {
		n    int
		noun string
	}{{r.Flows, "flow"}, {r.Operations, "operation"}, {r.Apps, "app"}, {r.Agents, "agent component"}} {
		if use.n > 0 {
			parts = append(parts, count(use.n, use.noun))
		}
	}
	return strings.Join(parts, ", ")
}

func connectorOf(r Reference) string {
	if r.Custom {
		return withoutHash(r.Connector) + " (custom)"
	}
	return r.Connector
}

// withoutHash drops the part of a custom connector's name that tells a person nothing.
func withoutHash(connector string) string {
	return string(connref.ConnectorID(connector).WithoutHash())
}

// undeclared writes what the flows need and the solution doesn't bring.
func (t *text) undeclared(s Solution, users map[need][]string, broken, several bool) {
	for _, g := range []struct{ state, title, style string }{
		{"external", "External: another solution must bring it", yellow},
		{"dangling", "Dangling: neither declared here nor listed as missing" + asFar(broken), red},
		{"direct", "Direct: no connection reference", yellow},
	} {
		written := map[need]bool{}
		for _, f := range s.Flows {
			for _, b := range f.Bindings {
				n := needOf(b)
				if b.State != g.state || written[n] {
					continue
				}
				if len(written) == 0 {
					t.heading(g.style, g.title)
				}
				written[n] = true
				name := b.Reference
				if name == "" {
					name = withoutHash(b.Connector)
				}
				switch {
				case b.ResolvedBy != "":
					name += t.paint(dim, "  declared by "+b.ResolvedBy)
				case several && g.state != "direct":
					name += t.paint(dim, "  declared by none that was read")
				}
				t.line("    %s", name)
				t.names(users[n])
			}
		}
	}
}

func (t *text) problems(problems []Problem) {
	if len(problems) == 0 {
		return
	}
	t.heading(bold, "Problems")
	for _, p := range problems {
		style := map[diag.Severity]string{diag.Error: red, diag.Warning: yellow, diag.Info: dim}[p.Severity]
		finding := diag.Diagnostic{
			Rule: p.Rule, Name: p.Name, Message: p.Message,
			Position: source.Position{File: p.File, Line: p.Line, Column: p.Column},
		}
		t.line("    %s %s", t.paint(style, pad(p.Severity.String(), 7)), finding)
	}
}
