package solution_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

// mentionsOf answers each mention as `kind name of holder at file:line:column: "what stands there" <tag of its part`.
func mentionsOf(tb testing.TB, sol *solution.Solution) []string {
	tb.Helper()
	var list []string
	for m := range sol.Mentions() {
		file, err := sol.File(m.At.File)
		require.NoError(tb, err)
		text := fmt.Sprint(m.Kind, " ", m.Reference)
		if m.Holder != "" {
			text += " of " + m.Holder
		}
		text += fmt.Sprintf(" at %v: %q", file.Position(m.At.Span.Start), file.Slice(m.At.Span))
		if m.Part != m.At {
			text += " " + strings.Fields(file.Slice(m.Part.Span))[0]
		}
		list = append(list, text)
	}
	return list
}

// Every kind of mention, in each layout, with names in upper and lower case. The lost reference is neither declared nor
// listed as missing, and the direct binding names none.
func TestMentions(t *testing.T) {
	const (
		data    = "botcomponents/contoso_helper.topic.Orders/data"
		appFile = "CanvasApps/contoso_counter_4be01.meta.xml"
	)
	common := []string{
		`agent row contoso_mail of contoso_helper.topic.Orders at ` + agentSetFile + `:3:59: "contoso_mail" ` +
			`<botcomponent_connectionreference`,
		`binding Contoso_Mail of Daily digest at ` + digestFile + `:6:59: "Contoso_Mail"`,
		`binding contoso_bulk of Daily digest at ` + digestFile + `:11:59: "contoso_bulk"`,
		`binding contoso_mail of Order intake at ` + intakeFile + `:6:59: "contoso_mail"`,
		`binding COMMON_files of Order intake at ` + intakeFile + `:11:59: "COMMON_files"`,
		`binding contoso_lost of Order intake at ` + intakeFile + `:16:59: "contoso_lost"`,
		`agent data CONTOSO_mail of contoso_helper.topic.Orders at ` + data + `:3:25: "CONTOSO_mail"`,
	}
	changed := func(of tree) tree {
		edited := of.with(data, "kind: TaskDialog\r\naction:\r\n  connectionReference: \"CONTOSO_mail\" # shared\r\n")
		for name, text := range edited {
			text = strings.Replace(text, `_office365&quot;`, `_office365&quot;,`+"\r\n"+
				`  &quot;displayName&quot;:&quot;A &amp;amp; B&quot;,&quot;xrmConnectionReferenceLogicalName&quot;:`+
				`&quot; contoso_bulk&quot;`, 1)
			edited[name] = strings.Replace(text, `"Shared files"`, `"common_files"`, 1)
		}
		return edited
	}
	for name, test := range map[string]struct {
		sol  *solution.Solution
		want []string
	}{
		"packed": {openZip(t, changed(packed).zip()), append(common,
			`app connection contoso_bulk of contoso_counter_4be01 at customizations.xml:27:105: " contoso_bulk"`,
			`declaration contoso_mail at customizations.xml:40:58: "contoso_mail" <connectionreference`,
			`declaration contoso_bulk at customizations.xml:47:58: "contoso_bulk" <connectionreference`,
			`declaration contoso_helper.shared_x.1 at customizations.xml:54:58: "contoso_helper.shared_x.1" `+
				`<connectionreference`,
			`required component Common_Files at solution.xml:26:59: "common_files" <MissingDependency>`,
			`required component Common_Files at solution.xml:27:46: "Common_Files" <MissingDependency>`,
		)},
		"unpacked": {openFS(t, changed(unpacked)), append([]string{common[0],
			`app connection contoso_bulk of contoso_counter_4be01 at ` + appFile + `:5:105: " contoso_bulk"`,
			`declaration contoso_mail at Other/Customizations.xml:7:58: "contoso_mail" <connectionreference`,
			`declaration contoso_bulk at Other/Customizations.xml:14:58: "contoso_bulk" <connectionreference`,
			`declaration contoso_helper.shared_x.1 at Other/Customizations.xml:21:58: "contoso_helper.shared_x.1" ` +
				`<connectionreference`,
			`required component Common_Files at Other/Solution.xml:26:59: "common_files" <MissingDependency>`,
			`required component Common_Files at Other/Solution.xml:27:46: "Common_Files" <MissingDependency>`,
		}, common[1:]...)},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblems(t, test.sol)
			if diff := cmp.Diff(test.want, mentionsOf(t, test.sol)); diff != "" {
				t.Errorf("mentions (-want +got):\n%s", diff)
			}
		})
	}
}

// A missing dependency names its reference by a key; its display name counts where that is the logical name again.
// Where the reference is what depends, on a custom connector, the mention says so.
func TestMentionsOfMissingDependencies(t *testing.T) {
	for label, test := range map[string]struct {
		dependency string
		want       []string // "kind attribute="value"
	}{
		"display name of people": {
			`<Required type="connectionreference" displayName="c_mail box" id.connectionreferencelogicalname="c_mail" />`,
			[]string{`required component id.connectionreferencelogicalname="c_mail`},
		},
		"other case, white space": {
			`<Required displayName="C_Mail" ID.ConnectionReferenceLogicalName=" c_mail " /><Dependent type="29" />`,
			[]string{`required component displayName="C_Mail`, `required component ID.ConnectionReferenceLogicalName=" c_mail `},
		},
		"what depends": {
			`<Required displayName="c_mail" /><Dependent displayName="c_mail" id.connectionreferencelogicalname="c_mail" />`,
			[]string{`dependent component displayName="c_mail`, `dependent component id.connectionreferencelogicalname="c_mail`},
		},
		"another component": {`<Required type="29" displayName="c_mail" id="c_mail" /><Dependent type="29" />`, nil},
	} {
		t.Run(label, func(t *testing.T) {
			sol := openFS(t, withCustomizations().with("solution.xml", solutionXML("<MissingDependencies><MissingDependency>"+
				test.dependency+"</MissingDependency></MissingDependencies>")))
			wantProblems(t, sol)
			manifest, err := sol.File("solution.xml")
			require.NoError(t, err)
			var got []string
			for m := range sol.Mentions() {
				before := strings.Fields(manifest.Text()[:m.At.Span.Start])
				got = append(got, m.Kind.String()+" "+before[len(before)-1]+manifest.Slice(m.At.Span))
				if tag := "<MissingDependency>"; !strings.HasPrefix(manifest.Slice(m.Part.Span), tag) {
					t.Errorf("the part is %q, want %s", manifest.Slice(m.Part.Span), tag)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("mentions (-want +got):\n%s", diff)
			}
		})
	}
}
