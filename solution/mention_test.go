package solution_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

// mentionsOf answers each mention as `kind name of holder file:line:column "what stands there" <tag of its part`.
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
		text += fmt.Sprintf(" %v %q", file.Position(m.At.Span.Start), file.Slice(m.At.Span))
		if m.Part != m.At {
			tag, _, _ := strings.Cut(file.Slice(m.Part.Span), " ")
			tag, _, _ = strings.Cut(tag, "\n")
			tag, _, _ = strings.Cut(tag, ">")
			text += " " + tag
		}
		list = append(list, text)
	}
	return list
}

// Every kind of mention, in each layout. Names come as written, in upper and lower case.
func TestMentions(t *testing.T) {
	const agentData = "botcomponents/contoso_helper.topic.Orders/data"
	parts := tree{
		agentData: "kind: TaskDialog\r\naction:\r\n  connectionReference: \"CONTOSO_mail\" # shared\r\n",
	}
	app := strings.Replace(appXML, "office365&quot;", "office365&quot;,\r\n  &quot;displayName&quot;:&quot;A &amp;amp; B&quot;,"+
		"&quot;xrmConnectionReferenceLogicalName&quot;:&quot;contoso_bulk&quot;", 1)
	missing := strings.Replace(missingXML, `displayName="Shared files"`, `displayName="common_files"`, 1)
	edit := func(text string) string {
		return strings.NewReplacer(appXML, app, missingXML, missing).Replace(text)
	}
	shared := func(manifest, customizations string) []string {
		return []string{
			"agent row contoso_mail of contoso_helper.topic.Orders " + agentSetFile + `:3:67 "contoso_mail" <botcomponent_connectionreference`,
			"declaration contoso_mail " + customizations + ` "contoso_mail" <connectionreference`,
			"required component Common_Files " + manifest + `:22:57 "common_files" <MissingDependency`,
			"required component Common_Files " + manifest + `:23:47 "Common_Files" <MissingDependency`,
			"binding contoso_mail of Order intake " + intakeFile + `:6:57 "contoso_mail"`,
			"binding COMMON_files of Order intake " + intakeFile + `:11:57 "COMMON_files"`,
			"agent data CONTOSO_mail of contoso_helper.topic.Orders " + agentData + `:3:25 "CONTOSO_mail"`,
		}
	}
	for name, test := range map[string]struct {
		sol  *solution.Solution
		want []string
	}{
		"packed": {
			openZip(t, packed.join(parts).with("customizations.xml", edit(packed["customizations.xml"])).
				with("solution.xml", edit(packed["solution.xml"])).zip()),
			append(shared("solution.xml", "customizations.xml:41:58"),
				`app connection contoso_bulk of contoso_counter_4be01 customizations.xml:26:93 "contoso_bulk" <CanvasApp`),
		},
		"unpacked": {
			openFS(t, unpacked.join(parts).with("CanvasApps/contoso_counter_4be01.meta.xml", edit(appXML)).
				with("Other/Solution.xml", edit(unpacked["Other/Solution.xml"]))),
			append(shared("Other/Solution.xml", "Other/Customizations.xml:7:58"),
				"app connection contoso_bulk of contoso_counter_4be01 CanvasApps/contoso_counter_4be01.meta.xml"+
					`:5:93 "contoso_bulk" <CanvasApp`),
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantProblems(t, test.sol)
			got := mentionsOf(t, test.sol)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("mentions (-want +got):\n%s", diff)
			}
		})
	}
}
