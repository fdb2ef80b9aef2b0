package rules

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// referenceRules are the family "reference": what is wrong with the definition of one reference, whoever uses it.
var referenceRules = []*lint.Rule{
	overlongName, unusualName, foreignPrefix, doubledPrefix, generatedName, poorDisplayName, sharedDisplayName,
	malformedConnector, inconsistentConnector, carriedConnection, missingDescription, unpromptedReference, oddState,
	lockedReference, credentialInReference,
}

// updating are the fixes that make a declared reference what it is to be.
func updating(sol *solution.Solution, ref connref.Reference, message string) []diag.Fix {
	changes, err := sol.Changes(solution.Edits{Update: []connref.Reference{ref}})
	if err != nil || len(changes) == 0 { // the declaration stands where none belongs, or is spelled as no export is
		return nil
	}
	return []diag.Fix{{Message: message, Changes: changes}}
}
