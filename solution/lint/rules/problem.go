package rules

import (
	"context"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

// problems tells what reading found under the rule's id: reading a solution, or several as a set.
func problems(_ context.Context, p *lint.Pass) error {
	var found diag.List
	if p.Solution != nil {
		found = p.Solution.Problems()
	} else {
		found = p.Graph().Problems()
	}
	for _, d := range found {
		if d.Rule != p.Rule.ID {
			continue
		}
		f := lint.Finding{In: p.Set.ByPath(d.Solution), At: d.At, Severity: d.Severity, Message: d.Message}
		if f.At.File == "" { // a solution as a whole: there has to be a file to look at
			f.At = f.In.Manifest().At
		}
		p.Report(f)
	}
	return nil
}

var unreadableFile = &lint.Rule{
	ID: "CR001", Name: "unreadable-file", Family: "files", Severity: diag.Error,
	Doc: "A file can't be read\n\n" +
		"The archive is damaged there, or the disk refuses. What the file holds is not known: references, flows " +
		"and whatever else it has are missing from everything that is said of the solution.",
	Mend:    "Export or copy the solution again.",
	Sources: []string{"ZIP file format specification"},
	Run:     problems,
}

var undecodableText = &lint.Rule{
	ID: "CR002", Name: "undecodable-text", Family: "files", Severity: diag.Error,
	Doc: "The bytes of a file spell no text\n\n" +
		"They are no UTF-8, and no UTF-16 behind a byte order mark, as where a tool has written the file in an " +
		"encoding of its own. The file is carried as it is, and not read.",
	Mend:    "Save the file as UTF-8.",
	Sources: []string{"counted over 1,126 flow files: UTF-8, and UTF-8 or UTF-16 behind a byte order mark"},
	Run:     problems,
}

var malformedFile = &lint.Rule{
	ID: "CR003", Name: "malformed-file", Family: "files", Severity: diag.Error,
	Doc: "A file is not the XML or JSON that it has to be\n\n" +
		"A merge or an edit by hand has left it half, or in another shape. It is read up to the fault; what " +
		"stands behind is not known, and the import refuses the file.",
	Mend:    "Put the text right at the place that is told, or take the file from the last good export.",
	Sources: []string{"MicrosoftDocs/kaizala-docs#187: 8004801a, the file is not valid XML"},
	Run:     problems,
}

var missingPart = &lint.Rule{
	ID: "CR004", Name: "missing-part", Family: "files", Severity: diag.Error,
	Doc: "A part that every solution has is missing\n\n" +
		"That is solution.xml, customizations.xml, or the unique name that solution.xml gives. An import refuses " +
		"an archive without them (80048060), which mostly comes of zipping a folder instead of what is in it.",
	Mend: "Export the solution again, or pack the folder so that solution.xml and customizations.xml are at the " +
		"archive's root.",
	Sources: []string{"MicrosoftDocs/kaizala-docs#187"},
	Run:     problems,
}

var repeatedMember = &lint.Rule{
	ID: "CR005", Name: "repeated-member", Family: "files", Severity: diag.Warning,
	Doc: "An object of a flow has a member twice\n\n" +
		"Only the last one counts, so that what the first one says is lost without a word. Merges leave such " +
		"pairs.",
	Mend:    "Take away the one that isn't meant.",
	Sources: []string{"counted over 1,126 flow files: one has runAfter twice in an action"},
	Run:     problems,
}

var repeatedEntry = &lint.Rule{
	ID: "CR006", Name: "repeated-entry", Family: "files", Severity: diag.Error,
	Doc: "An archive or a folder has a file twice\n\n" +
		"The names are the same, or differ only in case. The first one is read here; other readers may take the " +
		"last, and a disk that doesn't tell case apart holds one of them only.",
	Mend:    "Take away the file that isn't meant.",
	Sources: []string{"ZIP file format specification: nothing in it forbids a name twice"},
	Run:     problems,
}

var missingFile = &lint.Rule{
	ID: "CR007", Name: "missing-file", Family: "files", Severity: diag.Warning,
	Doc: "A flow is listed, and its file is not there\n\n" +
		"The metadata has the flow, but names no file, or one that the solution doesn't have. What the flow uses " +
		"isn't known, and the import fails for want of the file.",
	Mend:    "Put the file back, or take the flow out of the metadata and out of solution.xml.",
	Sources: []string{"counted over 190 solutions: 18 entries name a file that isn't there, all edited by hand"},
	Run:     problems,
}

var unlistedFlow = &lint.Rule{
	ID: "CR008", Name: "unlisted-flow", Family: "files", Severity: diag.Info,
	Doc: "A flow's file is there, and no metadata lists it\n\n" +
		"An import doesn't see the flow. It is judged all the same, but its id and whether it is on are not " +
		"known.",
	Mend:    "Take the file away, or export the flow with the solution so that it is listed.",
	Sources: []string{"counted over 190 solutions: 26 flow files without an entry"},
	Run:     problems,
}

var invalidID = &lint.Rule{
	ID: "CR009", Name: "invalid-id", Family: "files", Severity: diag.Warning,
	Doc: "An id is no GUID\n\n" +
		"The id of a flow, a connector or a component has to be one. What has another id can't be told to be the " +
		"same in another solution, or to be what something else names.",
	Mend:    "Export the component again; ids that were made up by hand have to be replaced wherever they stand.",
	Sources: []string{"MicrosoftDocs: the tables workflow and connector, whose primary keys are GUIDs"},
	Run:     problems,
}

var repeatedName = &lint.Rule{
	ID: "CR010", Name: "repeated-name", Family: "files", Severity: diag.Error,
	Doc: "A name or id that is unique is there twice\n\n" +
		"A reference is declared twice, or a flow or canvas app listed twice. An import takes one of them, or " +
		"fails; which one counts can't be said.",
	Mend:    "Take away the one that isn't meant.",
	Sources: []string{"MicrosoftDocs: the table connectionreference, whose logical name is an alternate key"},
	Run:     problems,
}

var twinLayouts = &lint.Rule{
	ID: "CR011", Name: "twin-layouts", Family: "files", Severity: diag.Warning,
	Doc: "A folder holds a solution twice, packed and unpacked\n\n" +
		"Both customizations.xml and Other/Customizations.xml are there, as where somebody unzipped a solution " +
		"into the folder of its unpacked form. They drift apart, and which one is packed depends on the tool.",
	Mend:    "Keep one of the two, in a folder of its own.",
	Sources: []string{"counted over 379 folders: two solutions of one public repository"},
	Run:     problems,
}

var unnamedPart = &lint.Rule{
	ID: "CR012", Name: "unnamed-part", Family: "files", Severity: diag.Error,
	Doc: "A part has no name\n\n" +
		"A connection reference, an environment variable or an agent's use of a reference lacks the attribute " +
		"that names it. Nothing can use it, and the import fails.",
	Mend:    "Give it its name, or take it away.",
	Sources: []string{"MicrosoftDocs: the table connectionreference, whose logical name is required"},
	Run:     problems,
}

var invalidName = &lint.Rule{
	ID: "CR013", Name: "invalid-name", Family: "files", Severity: diag.Warning,
	Doc: "An agent names a reference with what is no name\n\n" +
		"The logical name in an agent's data, or in the list of what agents use, is too long or holds characters that " +
		"no real name has. No reference can have it, so that the agent's action finds none. The names and connectors " +
		"of declared references are judged by CR201, CR202 and CR208.",
	Mend: "Export the agent again, or put the name right there.",
	Sources: []string{
		"MicrosoftDocs: the table connectionreference, 200 characters",
		"counted over 852 declarations: ASCII letters, digits, underscores, dots and hyphens",
	},
	Run: problems,
}

var copiedSolution = &lint.Rule{
	ID: "CR014", Name: "copied-solution", Family: "files", Severity: diag.Info, Scope: lint.ScopeSet,
	Doc: "A solution was given several times\n\n" +
		"Managed and unmanaged, packed and unpacked, or two versions of one unique name. They are taken for one " +
		"solution: what they have in common counts once.",
	Mend: "Give one copy of each solution, the one that is deployed. To compare versions, give the older ones " +
		"as the old.",
	Sources: []string{"counted over 379 folders: 190 unique names"},
	Run:     problems,
}

var differingCopies = &lint.Rule{
	ID: "CR015", Name: "differing-copies", Family: "files", Severity: diag.Warning, Scope: lint.ScopeSet,
	Doc: "A flow is not the same in all copies that were given\n\n" +
		"Copies of a solution, or solutions that share a flow, bind or call something else in it. All of it " +
		"counts, so that what is said of the flow may be true of one copy only. One of them has drifted from what " +
		"is deployed.",
	Mend:    "Bring the copies to one state, or give only the one that is deployed.",
	Sources: []string{"counted over 84 flows that are there packed and unpacked: 7 differ in content"},
	Run:     problems,
}
