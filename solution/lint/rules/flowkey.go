package rules

import (
	"context"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var undeclaredKey = &lint.Rule{
	ID: "CR101", Name: "undeclared-key", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "An operation names a connection key that its flow doesn't declare\n\n" +
		"Each trigger and action that calls a connector names a key of the flow's connectionReferences. Where " +
		"there is none of that name, the flow can't be saved or turned on: InvalidOpenApiFlow, \"API connection " +
		"reference '…' could not be found for the operation\". A merge that took the entry away, or a tool that " +
		"emptied the whole object, leaves such keys.",
	Mend: "Declare the key with the reference that it stood for, or let the operation name a key that is declared.",
	Sources: []string{
		"microsoft/power-platform-skills#477", "microsoft/power-platform-skills#346",
		"counted over 8,815 operations: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			if isUndeclared(p.Flow, op) && len(inOtherCase(p.Flow, op.Host.Key)) == 0 {
				p.Reportf(op.Host.KeyAt, "%s names key %s, which the flow doesn't declare", named(op), op.Host.Key)
			}
		}
		return nil
	},
}

// isUndeclared tells whether an operation names a key that isn't there. What the caller's own $connections has isn't
// known, and an entry that can't be read is there.
func isUndeclared(f *solution.Flow, op *flow.Operation) bool {
	if op.Host.Key == "" || op.Host.Form == flow.HostTriggerData {
		return false
	}
	if _, declared := f.Binding(op.Host.Key); declared {
		return false
	}
	switch entries := bindingEntries(f); entries.Kind() {
	case source.Object, source.Null, source.Absent:
		return !entries.Get(op.Host.Key).Exists()
	default:
		return false
	}
}

// inOtherCase are the declared keys that are the same but for case.
func inOtherCase(f *solution.Flow, key string) (keys []string) {
	for b := range f.Bindings() {
		if connref.EqualFold(b.Key, key) {
			keys = append(keys, b.Key)
		}
	}
	return keys
}

var missingKey = &lint.Rule{
	ID: "CR102", Name: "missing-key", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "An operation that calls a connector names no connection key\n\n" +
		"Its inputs.host has no connectionName, or an empty one, so that nobody knows on which connection it " +
		"runs. The flow can't be saved or turned on: InvalidOpenApiFlow, WorkflowRunActionInputsMissingProperty.",
	Mend: "Give the host a connectionName: a key of the flow's connectionReferences, for the connector that is " +
		"called.",
	Sources: []string{"microsoft/power-platform-skills#414", "counted over 8,309 operations: none"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			if !isOpenAPI(op) && !isLegacy(op) || op.Host.Form != flow.HostNone && op.Host.Form != flow.HostOther {
				continue
			}
			host, at := hostOf(p.Flow, op), op.At
			if isFilled(host.Get("connectionName")) || isFilled(host.Get("connection", "name")) {
				continue // with what can't be read
			}
			if host.Exists() {
				at = host.At()
			}
			p.Reportf(at, "%s calls a connector, but its host names no connection key", named(op))
		}
		return nil
	},
}

// isFilled tells whether a member is there and holds something.
func isFilled(v source.Value) bool {
	return v.Exists() && v.Kind() != source.Null && (v.Kind() != source.String || v.Text() != "")
}

var keyInOtherCase = &lint.Rule{
	ID: "CR117", Name: "key-in-other-case", Family: "flow", Severity: diag.Info, Scope: lint.ScopeFlow,
	Doc: "An operation spells a key in another case than the flow declares\n\n" +
		"Keys are names in JSON, where case counts, unlike in the names of references. Some readers find the " +
		"key, others don't; the designer always writes both alike.",
	Mend:    "Spell the key as it is declared.",
	Sources: []string{"RFC 8259: names of members", "counted over 8,815 operations: none"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			if !isUndeclared(p.Flow, op) {
				continue
			}
			keys := inOtherCase(p.Flow, op.Host.Key)
			if len(keys) == 0 {
				continue
			}
			f := lint.Finding{At: op.Host.KeyAt, Message: fmt.Sprintf("%s names key %s, which the flow declares as %s",
				named(op), op.Host.Key, strings.Join(keys, " and as "))}
			if b, _ := p.Flow.Binding(keys[0]); len(keys) == 1 && !callsOther(op, b) {
				edit := p.Flow.File().NewEdit(op.Host.KeyAt.Span, spelledKey(op.Host.Form, keys[0]))
				f.Fixes = []diag.Fix{{
					Message: "spell it " + keys[0],
					Changes: []source.Change{{File: op.Host.KeyAt.File, Edits: []source.Edit{edit}}},
				}}
			}
			p.Report(f)
		}
		return nil
	},
}

// spelledKey spells a key as it stands between the quotes of a JSON string, and there perhaps between those of an
// expression.
func spelledKey(form flow.HostForm, key string) string {
	if form == flow.HostParameters {
		key = strings.ReplaceAll(key, "'", "''")
	}
	quoted := source.QuoteJSON(key)
	return quoted[1 : len(quoted)-1]
}
