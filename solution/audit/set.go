package audit

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
)

// set writes the section of all solutions together, if they are several.
func (t *text) set(d *Document) {
	if len(d.ImportOrder) < 2 && len(d.Problems) == 0 {
		return
	}
	t.line("%s", t.paint(bold, "All solutions together"))
	if len(d.Shared) > 0 {
		t.heading(bold, "Shared across solutions")
	}
	for _, s := range d.Shared {
		t.line("    %s  %s  %s", diag.Printable(s.LogicalName), diag.Printable(withoutHash(s.Connector)),
			usedBy(Reference{Flows: s.Flows, Operations: s.Operations, Apps: s.Apps, Agents: s.Agents}))
		t.line("      %s", t.paint(dim, "declared by "+cmp.Or(list(s.DeclaredBy), "none that was read")))
		if len(s.UsedBy) > 0 {
			t.line("      %s", t.paint(dim, "used by "+list(s.UsedBy)))
		}
	}
	if len(d.ImportOrder) > 1 {
		t.heading(bold, "Import order")
		t.line("    %s", list(d.ImportOrder))
	}
	for i, n := range d.Needs {
		if i == 0 || n.Solution != d.Needs[i-1].Solution || n.Of != d.Needs[i-1].Of {
			t.line("    %s", diag.Printable(n.Solution+" needs of "+n.Of))
		}
		t.line("      %s", t.paint(dim, diag.Printable(n.Kind+" "+n.Name)))
	}
	for _, cycle := range d.Cycles {
		t.line("    %s", t.paint(red, "no order is right: "+strings.Join(printables(cycle), " needs ")+
			" needs "+diag.Printable(cycle[0])))
	}
	t.problems(d.Problems)
	t.line("")
}

func list(names []string) string { return strings.Join(printables(names), ", ") }

func printables(names []string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		names[i] = diag.Printable(name)
	}
	return names
}
