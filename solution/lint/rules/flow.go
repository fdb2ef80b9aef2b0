package rules

import (
	"strings"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// flowRules are the family "flow": what holds of one flow, its bindings and its operations.
var flowRules = []*lint.Rule{
	undeclaredKey, missingKey, designerShape, directConnection, missingConnector, otherConnectorCalled,
	otherConnectorReferenced, unusedKey, severalKeys, mixedSources, invokerWithoutCaller, makerActsForCaller,
	missingConnections, authenticationMismatch, unknownOperation, legacyOperation, keyInOtherCase, literalSecret,
	manyReferences, deprecatedConnector, fileEncoding, unparsableFlow,
}

// isPackage tells whether a solution is a legacy flow package: its flows have direct connections and no references.
func isPackage(p *lint.Pass) bool { return p.Solution.Layout() == solution.LayoutFlowPackage }

// definition is the part of a flow that has parameters, triggers and actions.
func definition(f *solution.Flow) source.Value {
	return f.Document().Root().Get("properties", "definition")
}

// bindingEntries is the object that has the flow's bindings by their keys.
func bindingEntries(f *solution.Flow) source.Value {
	return f.Document().Root().Get("properties", "connectionReferences")
}

// hostOf is an operation's inputs.host.
func hostOf(f *solution.Flow, op *flow.Operation) source.Value {
	return f.Body(op).Get("inputs", "host")
}

// named is what messages call an operation.
func named(op *flow.Operation) string {
	if op.IsTrigger {
		return "trigger " + op.Path()
	}
	return "action " + op.Path()
}

// firstOperation is the first operation of a kind; nil if there is none.
func firstOperation(f *solution.Flow, is func(*flow.Operation) bool) *flow.Operation {
	for op := range f.Operations() {
		if is(op) {
			return op
		}
	}
	return nil
}

// isOpenAPI tells whether an operation has a type whose host names a key, an operation and a connector.
func isOpenAPI(op *flow.Operation) bool { return isOfKind(op.Type, "OpenApiConnection") }

// isLegacy tells whether an operation has one of the types from before those, whose host has an expression.
func isLegacy(op *flow.Operation) bool { return isOfKind(op.Type, "ApiConnection") }

// isOfKind tells whether a type is that of calls, of webhooks or of notifications of a kind.
func isOfKind(typ, kind string) bool {
	return len(typ) >= len(kind) && strings.EqualFold(typ[:len(kind)], kind) &&
		(len(typ) == len(kind) || strings.EqualFold(typ[len(kind):], "Webhook") ||
			strings.EqualFold(typ[len(kind):], "Notification"))
}
