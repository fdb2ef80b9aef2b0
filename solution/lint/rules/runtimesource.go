package rules

import (
	"context"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var mixedSources = &lint.Rule{
	ID: "CR110", Name: "mixed-sources", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "A flow uses one reference on its own connection and on the caller's\n\n" +
		"Two keys name the same reference; one is embedded, the other is the invoker's. Half of the steps then " +
		"act with the rights of the connection's owner, and half with those of whoever runs the flow, which " +
		"nobody sees in the designer.",
	Mend: "Let both keys have the same runtimeSource; or, if both are meant, make a reference of its own for the " +
		"flow's part.",
	Sources: []string{
		"MicrosoftDocs/power-automate-docs: create-team-flows.md, run-only users", "counted over 622 flows: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if !p.Flow.TriggerKind().HasCaller() {
			return nil
		}
		own := map[connref.LogicalName]string{} // keys on the flow's own connection, by what they name
		for b := range p.Flow.Bindings() {
			if b.Source == flow.Embedded && !b.Direct() && own[b.Reference.Fold()] == "" {
				own[b.Reference.Fold()] = b.Key
			}
		}
		for b := range p.Flow.Bindings() {
			if other := own[b.Reference.Fold()]; b.Source == flow.Invoker && other != "" {
				p.Reportf(b.At, "key %s uses reference %s on the caller's connection, key %s on the flow's own",
					b.Key, b.Reference, other)
			}
		}
		return nil
	},
}

var invokerWithoutCaller = &lint.Rule{
	ID: "CR111", Name: "invoker-without-caller", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "A flow that nobody runs is to use its caller's connection\n\n" +
		"The key's runtimeSource is invoker, but the flow is started by a schedule or an event. There is no " +
		"run-only user whose connection it could use.",
	Mend: "Let the key be embedded, or let somebody start the flow: a person, an app or an agent.",
	Sources: []string{
		"MicrosoftDocs/power-automate-docs: create-team-flows.md",
		"counted over 106 flows with such keys: all are started by somebody",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		kind := p.Flow.TriggerKind()
		if kind != flow.TriggerScheduled && kind != flow.TriggerAutomated {
			return nil
		}
		for b := range p.Flow.Bindings() {
			if b.Source != flow.Invoker {
				continue
			}
			f := lint.Finding{At: b.At, Message: fmt.Sprintf(
				"key %s is to run on the caller's connection, but the flow is %s and has no caller", b.Key, kind)}
			if !signsInAsCaller(p.Flow, b.Key) {
				change, err := p.Flow.SetSources(map[string]flow.RuntimeSource{b.Key: flow.Embedded})
				f.Fixes = fixes(change, err, "run it on the flow's own connection")
			}
			p.Report(f)
		}
		return nil
	},
}

// signsInAsCaller tells whether an operation on a key takes the caller's connection by itself.
func signsInAsCaller(f *solution.Flow, key string) bool {
	for op := range f.UsersOf(key) {
		if op.Authentication.Kind == flow.AuthInvoker || op.Host.Form == flow.HostTriggerData {
			return true
		}
	}
	return false
}

var makerActsForCaller = &lint.Rule{
	ID: "CR112", Name: "maker-acts-for-caller", Family: "flow", Severity: diag.Info, Scope: lint.ScopeFlow,
	Needs: lint.NeedsPolicy,
	Doc: "Whoever starts a flow acts with the rights of its connection's owner\n\n" +
		"A person starts the flow, with a button, in an app or through an agent, and it uses a connector on its " +
		"own connection. Every run-only user acts with that identity then: sends mail as it, and reads what it " +
		"may read. For most flows that is meant, so that a policy has to name the connectors for which it isn't " +
		"(callerConnectors). A flow that another one calls has to use its own connections, and is passed over.",
	Mend: "Let the key be the invoker's: in the designer, by Provided by run-only user in the run-only permissions.",
	Sources: []string{
		"wyattdave: misuse of shared connection references", "counted over 301 flows that somebody starts: 223",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		connectors := p.Policy.CallerConnectors
		if len(connectors) == 0 {
			return lint.Skip("the policy names no callerConnectors: with which connectors a flow should act as its caller")
		}
		kind := p.Flow.TriggerKind()
		if !kind.HasCaller() || kind == flow.TriggerHTTP { // who knows an address is nobody with a connection
			return nil
		}
		var told []lint.Finding
		for b := range p.Flow.Bindings() {
			if b.Source == flow.Embedded && slices.ContainsFunc(connectors, b.Connector.Same) {
				told = append(told, lint.Finding{At: b.At, Message: fmt.Sprintf(
					"key %s runs %s on the flow's own connection, whoever starts the flow", b.Key, b.Connector.Name())})
			}
		}
		if len(told) > 0 && !isCalled(p) {
			for _, f := range told {
				p.Report(f)
			}
		}
		return nil
	},
}

// isCalled tells whether another flow of the set is known to call the flow.
func isCalled(p *lint.Pass) bool {
	f, err := p.Graph().Flow(p.Flow.ID)
	if err != nil || p.Flow.ID.IsZero() {
		return false
	}
	for call := range f.CalledBy() {
		if call.Flow != nil {
			return true
		}
	}
	return false
}
