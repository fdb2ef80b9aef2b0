package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution/lint"
)

var unknownOperation = &lint.Rule{
	ID: "CR115", Name: "unknown-operation", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "An operation calls nothing that its connector is known to have\n\n" +
		"Without an operationId nobody knows what is to be called, and the flow can't be saved: " +
		"WorkflowOperationInputsApiOperationNotFound. Which operations a connector has is known only where a " +
		"policy lists them (connectors, operations): then it is a warning to call another one, and worth knowing " +
		"to call a deprecated one.",
	Mend: "Name an operation that the connector has; the designer's code view of a new action shows how it is " +
		"spelled.",
	Sources: []string{
		"MicrosoftDocs: error reference of Power Automate", "counted over 5,877 operations: none without an id",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			if op.Host.Form != flow.HostKey && op.Host.Form != flow.HostDesigner || !isOpenAPI(op) {
				continue
			}
			if op.Host.OperationID == "" {
				p.Reportf(hostOf(p.Flow, op).At(), "%s has no operationId: what it calls isn't known", named(op))
				continue
			}
			if f, wrong := judgeOperation(p, op); wrong {
				f.At = hostOf(p.Flow, op).Get("operationId").At()
				p.Report(f)
			}
		}
		return nil
	},
}

// judgeOperation holds an operation against what the policy knows of its connector.
func judgeOperation(p *lint.Pass, op *flow.Operation) (f lint.Finding, wrong bool) {
	id, connector := op.Host.OperationID, ownConnector(op)
	if op.Host.Connector.IsZero() {
		b, _ := p.Flow.Binding(op.Host.Key)
		connector = b.Connector
	}
	known, ok := p.Policy.Connector(connector)
	if !ok || len(known.Operations) == 0 || strings.HasPrefix(id, "@") {
		return f, false
	}
	i := slices.IndexFunc(known.Operations, func(o lint.PolicyOperation) bool { return connref.EqualFold(o.ID, id) })
	switch {
	case i < 0:
		return lint.Finding{Severity: diag.Warning, Message: named(op) + " calls " + id + ", which is no operation of " +
			known.ID.Name() + " that the policy knows"}, true
	case known.Operations[i].Deprecated:
		return lint.Finding{Severity: diag.Info, Message: named(op) + " calls " + id + " of " +
			known.ID.Name() + ", which the policy calls deprecated"}, true
	}
	return f, false
}

var legacyOperation = &lint.Rule{
	ID: "CR116", Name: "legacy-operation", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "An operation calls its connector in the legacy way\n\n" +
		"It is of a type ApiConnection, whose host takes the connection out of $connections with an expression. " +
		"The designer has long written OpenApiConnection instead. A flow with one of the old ones can't be " +
		"called as a child flow: ChildFlowsUnsupportedForNonOpenApiConnections. The trigger for a selected item " +
		"is written so to this day, and passed over; so are legacy flow packages.",
	Mend: "Delete the operation in the designer and add it again.",
	Sources: []string{
		"MicrosoftDocs: error reference of Power Automate, ChildFlowsUnsupportedForNonOpenApiConnections",
		"counted over 5,877 operations: 22",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if isPackage(p) {
			return nil
		}
		for op := range p.Flow.Operations() {
			byExpression := op.Host.Form == flow.HostParameters || op.Host.Form == flow.HostTriggerData
			if isLegacy(op) || byExpression && !strings.EqualFold(op.Type, "Request") {
				p.Reportf(op.At, "%s calls its connector in the legacy way, so that the flow can't be a child flow: "+
					"OpenApiConnection would be right", named(op))
			}
		}
		return nil
	},
}
