package rules

import "github.com/connref/connref/solution/lint"

// solutionRules are the family "solution": what holds of a solution as a whole, or of several as a set.
var solutionRules = []*lint.Rule{
	undeclaredReference, activeDependency, unmetDependency, outsideCommonSolution, severalOwners, sameNameOtherConnector,
	duplicateReference, unusedReference, connectorBesideReference, removedReference, renamedReference, changedConnector,
	foreignReference, invalidPrefix, defaultPublisher, malformedManifest, dataSourceWithoutReference, reservedVariable,
	currentValue, appOnCustomConnector, widelyShared,
}
