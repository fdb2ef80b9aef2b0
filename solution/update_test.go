package solution_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
)

// Children of a declaration are changed where they stand, made where they belong, and taken away.
func TestUpdate(t *testing.T) {
	const (
		displayName = "      <connectionreferencedisplayname>A</connectionreferencedisplayname>\n"
		description = "      <description>of a</description>\n"
		connector   = "      <connectorid>shared_sql</connectorid>\n"
		tag         = "    <connectionreference connectionreferencelogicalname="
		end         = "    </connectionreference>"
	)
	crlf := encodings["crlf"]
	both := func(a, b string) string {
		return crlf(root("  <connectionreferences>\n" + tag + "\"c_a\">\n" + a + end + "\n" + tag + "\"c_b\">\n" + b + end +
			"\n  </connectionreferences>\n"))
	}
	before := both(displayName+connector+description, connector)
	bare := strings.Replace(before, crlf(tag+"\"c_b\">\n"+connector+end), tag+`"c_b" />`, 1)
	for label, test := range map[string]struct {
		before string
		update []connref.Reference
		want   string
	}{
		"set": {
			before, []connref.Reference{{
				LogicalName: "C_A", DisplayName: "A & B", Description: "one\ntwo", Connector: "shared_sql",
			}},
			both(strings.Replace(displayName, "A", "A &amp; B", 1)+connector+
				strings.Replace(description, "of a", "one\ntwo", 1), connector),
		},
		"take away": {
			before, []connref.Reference{{LogicalName: "c_a", DisplayName: "A", Connector: "shared_sql"}},
			both(displayName+connector, connector),
		},
		"the same, though it lacks much": {
			before, []connref.Reference{{LogicalName: "c_b", Connector: "shared_sql"}}, before,
		},
		"make": {
			before, []connref.Reference{{
				LogicalName: "c_b", DisplayName: "A", Description: "of a", Connector: "shared_sql", State: 1, Status: 2,
			}},
			both(displayName+connector+description, displayName+connector+description+
				"      <statecode>1</statecode>\n      <statuscode>2</statuscode>\n"),
		},
		"make all of nothing": {
			bare, []connref.Reference{{LogicalName: "c_b", DisplayName: "A", Connector: "shared_sql", Description: "of a"}},
			both(displayName+connector+description, displayName+connector+description),
		},
		"take one away beside what is made": {
			both(description, connector),
			[]connref.Reference{{LogicalName: "c_a", DisplayName: "A", Connector: "shared_sql"}},
			both(displayName+connector, connector),
		},
	} {
		t.Run(label, func(t *testing.T) {
			sol := openFS(t, tree{"solution.xml": solutionXML(), "customizations.xml": test.before})
			sol = madeWith(t, sol, solution.Edits{Update: test.update})
			if diff := cmp.Diff(test.want, fileOf(t, sol, "customizations.xml").Text()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever children a declaration has, it becomes what it is to be, its children in order; what says the same already
// is left alone.
func TestUpdateOfAnything(t *testing.T) {
	children := []string{
		"<connectionid>7c1e</connectionid>",
		"<connectionreferencedisplayname>A</connectionreferencedisplayname>",
		"<connectorid>shared_sql</connectorid>", "<description>of a</description>", "<iscustomizable>0</iscustomizable>",
		"<promptingbehavior>1</promptingbehavior>", "<statecode>1</statecode>", "<statuscode>2</statuscode>",
	}
	const path = "/providers/Microsoft.PowerApps/apis/shared_sql"
	updates := []connref.Reference{
		{DisplayName: "A", Connector: "shared_sql"},
		{DisplayName: "B", Connector: path, Customizable: connref.Yes, Status: 1},
		{DisplayName: "B", Connector: path, Customizable: connref.No, Description: "of b", Prompting: connref.SkipPrompt,
			State: 1, Status: 2},
	}
	for set := range 1 << len(children) {
		var text strings.Builder
		for i, child := range children {
			if set&(1<<i) != 0 {
				text.WriteString("\n  " + child)
			}
		}
		sol := openFS(t, withCustomizations("<connectionreferences>\n"+
			`<connectionreference connectionreferencelogicalname="a">`+text.String()+"\n</connectionreference>\n"+
			"</connectionreferences>"))
		for _, want := range updates {
			want.LogicalName = "a"
			after := madeWith(t, sol, solution.Edits{Update: []connref.Reference{want}})
			got, err := after.Reference("a")
			require.NoError(t, err)
			if diff := cmp.Diff(want, got, noPlaces); diff != "" {
				t.Errorf("of %s (-want +got):\n%s", text.String(), diff)
			}
			inOrder(t, fileOf(t, after, "customizations.xml").Text(), children)
			if again := madeWith(t, after, solution.Edits{Update: []connref.Reference{got}}); again != after {
				t.Errorf("of %s: made again, it is another solution", text.String())
			}
		}
	}
}

// inOrder checks that the children stand in a text in their order.
func inOrder(t *testing.T, text string, children []string) {
	t.Helper()
	last := 0
	for _, child := range children {
		tag, _, _ := strings.Cut(child, ">")
		if i := strings.Index(text, "\n  "+tag+">"); i >= 0 {
			if i < last {
				t.Errorf("%s isn't in its place in %s", tag, text)
			}
			last = i
		} else if strings.Contains(text, tag+">") {
			t.Errorf("%s isn't on a line of its own in %s", tag, text)
		}
	}
}

// Of two declarations of one name, the one at the place is updated.
func TestUpdateOfTwins(t *testing.T) {
	one := func(name, connector string) string {
		return `<connectionreference connectionreferencelogicalname="` + name + `"><connectorid>` + connector +
			"</connectorid></connectionreference>"
	}
	twins := func(second string) tree {
		both := one("a", "shared_a") + one("A", second)
		return withCustomizations("<connectionreferences>" + both + "</connectionreferences>")
	}
	sol := openFS(t, twins("shared_b"))
	for ref := range sol.References() {
		if ref.LogicalName == "A" {
			ref.Connector = "shared_c"
			sol = madeWith(t, sol, solution.Edits{Update: []connref.Reference{ref}})
		}
	}
	if diff := cmp.Diff(contents(t, openFS(t, twins("shared_c"))), contents(t, sol)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
