// Package linttest tests rules with cases. A case is a text file, an archive of the files that matter in a solution and
// of the findings that a rule should report there:
//
//	A flow names a reference that nobody declares.
//	-- references --
//	contoso_mail shared_office365 Mail of the orders team
//	-- Workflows/Daily.json --
//	{
//	  "connectionReferences": {"mail": "contoso_mail", "sql": "contoso_slq"},
//	  "actions": {"Read": "sql GetItems_V2", "Send": "mail SendEmailV2"}
//	}
//	-- want --
//	Workflows/Daily.json#/properties/connectionReferences/sql: error: contoso_slq is not declared
//
// All the rest of the solution is made up, as this page tells, and the rule is run over it:
//
//	func TestUndeclared(t *testing.T) { linttest.Run(t, Undeclared, "testdata/undeclared/*.txtar") }
//
// The test fails unless every line of want finds its finding and every finding its line; if a rule breaks, or finds
// something else in a second run; and if the fixes of what it finds don't do what the case expects. It shows how the
// archive would have to be for the rule to be right. With the flag -update it rewrites what cases expect:
//
//	go test ./... -run TestUndeclared -update
//
// The flag is there in every test that imports this package. One that wants a flag -update for other things too takes
// this one, with flag.Lookup("update"), since two flags can't have one name.
//
// A case can be used without a test too, for a page about a rule, say:
//
//	c, err := linttest.Load("testdata/undeclared/typo.txtar")
//	if err != nil {
//		return err // every fault of the archive, with its line
//	}
//	result, err := lint.Run(ctx, c.Input, lint.Config{Rules: rules.All()})
//	if err != nil {
//		return err
//	}
//	fmt.Print(c.Comment)
//	for _, finding := range result.Findings {
//		fmt.Println(finding)
//	}
//
// # Files of an archive
//
// The archive has the txtar format: prose, then files, each after a line with its name. These names are special:
//
//	want                 what the rule finds
//	references           connection references that the solution declares
//	policy.json          the policy, as lint.ReadPolicy reads it
//	settings.json        a deployment settings file; several are settings/NAME.json
//	complete             empty; says that nothing else could use the references
//	broken               empty; says that files which can't be read are meant: else such a case fails, since it proves
//	                     nothing of what it seems to hold
//	old/FILE             a file of the old version, which this one replaces; completed in the same way
//	solutions/NAME/FILE  a file of the solution NAME, where a case has several; old ones are old/solutions/NAME/FILE
//	fixed/FILE           a file that fixes change, as it is afterwards
//	fixed/removed        the names of files that fixes remove, a line each
//
// All others are files of the solution, named as in an unzipped export: solution.xml, customizations.xml,
// Workflows/Daily.json and so on. A name that no export has, or that is spelled like a special one, such as Want or
// want.txt, is a fault of the case. Several solutions are given in the order of their first files, and want, fixed/FILE
// and fixed/removed name their files NAME/FILE. A case with Other/Solution.xml or Other/Customizations.xml, as
// SolutionPackager writes them, brings all metadata itself; only its flows are completed.
//
// # Lines of want
//
// A line is FILE#ANCHOR: REGEXP, or FILE: REGEXP for a finding about a file as a whole. The anchor is the one that
// lint.Anchor answers: in JSON the pointer of the value, in the file as it is completed; in XML the start tag at the
// place, or the text there. The expression is matched anywhere in "SEVERITY: MESSAGE". Where the anchor itself has a
// colon and a space, it has to begin with the severity.
//
//	Workflows/Daily.json#/properties/connectionReferences/sql: error: .*contoso_slq
//	customizations.xml#<connectionreference connectionreferencelogicalname="contoso_mail">: warning: display name
//	solution.xml: info
//	skipped: policy doesn't say
//
// The last line expects that the rule was skipped for that reason; that isn't all right by itself. A rule that is
// skipped where findings are wanted fails the test, and -update leaves such a case alone. Empty lines and those that
// start with // mean nothing. What -update writes is quoted, so that it matches nothing but what was found; lines that
// are right it leaves as they are.
//
// Lines that fit one finding alone are paired first, then those that fit two, and so on, each with the first finding
// that is left.
//
// # Fixes
//
// All fixes are applied with lint.Fix. They have to change the files in fixed/ to what stands there, remove those of
// fixed/removed, in their order, and do nothing else; nothing that has a fix may be found afterwards, and no file may
// be broken then. Each fix has to be one that can be applied alone. A newline at the end of a file doesn't count, since
// files of archives always have one.
//
// # How flows are completed
//
// A file Workflows/NAME.json, the folder in whatever case, is completed if it is an object that has no other members
// than connectionReferences, parameters, triggers and actions, which become those of a whole flow's file. It is
// indented by two spaces, and what a case writes keeps its spelling and order. Any other file stays as it is, to the
// byte.
//
//   - A binding that is a text is the logical name of a reference. Its connector is the one that references or
//     customizations.xml say, of this solution or else of another one of the case; of a reference that none has it is
//     shared_KEY, without a number at the end of the key.
//   - An action that is a text is KEY OPERATIONID: it calls the operation on that key's connector, with nothing to run
//     after and no parameters. This holds at every depth, in the branches of conditions and switches too.
//   - A trigger that is a text is KEY OPERATIONID too, a webhook's.
//   - No triggers: a button starts the flow. No parameters: $connections and $authentication, as in every flow.
//
// # How metadata is completed
//
//   - A line of references is LOGICALNAME CONNECTOR [DISPLAY NAME…], the connector by name or path. Without a display
//     name it is the logical name. A customizations.xml with <connectionreferences> of its own gets none of them.
//   - customizations.xml gets <Workflows> with an entry of every Workflows/*.json, a cloud flow that is on, and
//     <connectionreferences> of references, each unless it has one. So a case can give either as it wants it. A flow's
//     id is the one in its file's name, Daily-01234567-89AB-CDEF-0123-456789ABCDEF.json, or made of the names of
//     solution and flow.
//   - solution.xml may have the root SolutionManifest and of its children only those that matter. What is missing is
//     unique name NAME or Test, version 1.0.0.0, unmanaged, publisher contoso with that prefix, all flows as root
//     components, and no missing dependencies.
//   - What isn't well-formed, or has another root, stays as it is, to the byte; so does a solution.xml that is whole.
package linttest
