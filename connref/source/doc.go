// Package source reads and edits the text of solution files without losing a byte.
//
// A [File] holds a file as it was read, be it UTF-8, UTF-8 with a byte order mark or UTF-16, and its decoded text. [JSON]
// and [XML] are trees of spans over that text: they keep order, repeated members, number spelling, entities and empty
// tags, since they hold nothing but offsets. A change is an [Edit] of a span; [File.Apply] makes edits and touches
// nothing else. An edit that adds something follows the file's own indentation, newline and way to end an empty tag.
//
//	f := source.NewFile("Workflows/Daily.json", raw)
//	doc, err := source.ParseJSON(f, nil)
//	if err != nil {
//		return err // names file, line and column
//	}
//	name := doc.Root().Get("properties", "connectionReferences", "shared_office365", "connection",
//		"connectionReferenceLogicalName")
//	edit, err := name.SetText("contoso_mail")
//	if err != nil {
//		return err
//	}
//	f, err = f.Apply(edit)
//
// All offsets are byte offsets in the decoded text without byte order mark. Lines and columns count from 1, columns in
// runes; a byte order mark doesn't move column 1. A newline is \n, \r\n or \r.
//
// # Agreement with the standard library
//
// [ParseJSON] accepts what [encoding/json] accepts and [ParseXML] what [encoding/xml] accepts in strict mode, and both
// read the same values out of it, with these differences:
//
//	text                                           standard library       here
//	byte order mark                                JSON refuses it        accepted, not part of the text
//	                                               XML takes it for text
//	UTF-16                                         refused                decoded; with or without a byte order mark
//	XML in UTF-16 that declares utf-16             refused                accepted
//	invalid UTF-8                                  JSON replaces it, XML  refused: carried, not parsed
//	                                               lets it be in comments
//	repeated members of a JSON object              last one wins          all kept, Value.Repeated; Get takes the last
//	lone surrogates in UTF-16, or as &#xD800;      replaced               refused
//	document type and other <! declarations        accepted               refused
//	XML declaration that isn't first               accepted               refused
//	repeated attributes                            accepted               refused
//	number of roots, text outside the root         any                    exactly one root, no text outside
//	names beyond ASCII                             XML 1.0, 4th edition   5th edition
//	nesting                                        JSON up to 10,000      Options.MaxDepth, 1000 unless set
package source
