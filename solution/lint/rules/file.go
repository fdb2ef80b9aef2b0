package rules

import "github.com/connref/connref/solution/lint"

// fileRules are the family "files": what is wrong with the files themselves, so that not all that they hold may have
// been read. Opening a solution finds it, and these rules tell it, so that nothing that is broken passes in silence.
var fileRules = []*lint.Rule{
	unreadableFile, undecodableText, malformedFile, missingPart, repeatedMember, repeatedEntry, missingFile, unlistedFlow,
	invalidID, repeatedName, twinLayouts, unnamedPart, invalidName, copiedSolution, differingCopies,
}
