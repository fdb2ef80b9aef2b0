package rules

import (
	"context"
	"fmt"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var missingConnector = &lint.Rule{
	ID: "CR105", Name: "missing-connector", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "An entry of connectionReferences doesn't say for which connector it is\n\n" +
		"It has no api.name. Which connection can answer for the key isn't known then, to the platform or to " +
		"anybody else, and nothing that depends on it can be checked.",
	Mend: "Give the entry the connector's name, as in \"api\": {\"name\": \"shared_office365\"}.",
	Sources: []string{
		"MicrosoftDocs/power-automate-docs: manage-flows-with-code.md", "counted over 2,205 entries: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			if b.Connector.IsZero() {
				p.Report(lint.Finding{At: b.At, Message: fmt.Sprintf("key %s has no api.name: its connector isn't known", b.Key),
					Fixes: connectorFixes(p, b)})
			}
		}
		return nil
	},
}

// connectorFixes is the fix that gives an entry the connector that all of its operations name.
func connectorFixes(p *lint.Pass, b flow.Binding) []diag.Fix {
	id := calledConnector(p.Flow, b.Key)
	if id.IsZero() || isPackage(p) || referencedConnector(p, b.Reference).differs(id) {
		return nil
	}
	m := mending{}
	entry := bindingEntries(p.Flow).Get(b.Key)
	switch api := entry.Get("api"); api.Kind() {
	case source.Object:
		m.add(api.SetMember("name", source.QuoteJSON(id.Name())))
	case source.Absent, source.Null:
		m.add(entry.SetMember("api", `{"name":`+source.QuoteJSON(id.Name())+`}`))
	}
	return m.fixes(p.Flow.FileName, "say that it is for "+id.Name())
}

// calledConnector is the connector that all operations on a key name themselves; none if they don't agree.
func calledConnector(f *solution.Flow, key string) (id connref.ConnectorID) {
	for op := range f.UsersOf(key) {
		switch own := ownConnector(op); {
		case own.IsZero():
		case id.IsZero():
			id = own
		case !id.Equal(own):
			return ""
		}
	}
	return id
}

// ownConnector is the connector that an operation's host names itself. It is none where apiId is empty, as for some
// custom connectors, an expression, or a group of operations, as AI Builder's are on a Dataverse key.
func ownConnector(op *flow.Operation) connref.ConnectorID {
	if connref.ConnectorID(op.Host.Connector.Path()).Validate() != nil {
		return ""
	}
	return op.Host.Connector
}

var otherConnectorCalled = &lint.Rule{
	ID: "CR106", Name: "other-connector-called", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "An operation calls another connector than its key is for\n\n" +
		"The host's apiId and the api.name of the key that it names don't agree, as after a paste or a merge. " +
		"The save is refused. Some differences are right, and passed over: an empty apiId, AI Builder's " +
		"operations on a Dataverse key, and custom connectors whose ids differ only in the digits that are other " +
		"ones in each environment.",
	Mend: "Let the operation name a key that is for its connector, or put apiId right.",
	Sources: []string{
		"callumalpass/power-platform-devkit: CONNECTION_REFERENCE_API_MISMATCH",
		"counted over 8,309 hosts: 24 differ, all as they may",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			if b, ok := p.Flow.Binding(op.Host.Key); ok && callsOther(op, b) {
				p.Reportf(hostOf(p.Flow, op).Get("apiId").At(), "%s calls %s, but its key %s is for %s",
					named(op), op.Host.Connector.Name(), b.Key, b.Connector.Name())
			}
		}
		return nil
	},
}

// callsOther tells whether an operation names another connector than a binding has.
func callsOther(op *flow.Operation, b flow.Binding) bool {
	own := ownConnector(op)
	return !own.IsZero() && !b.Connector.IsZero() && !own.Same(b.Connector)
}

var otherConnectorReferenced = &lint.Rule{
	ID: "CR107", Name: "other-connector-referenced", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "A key is for another connector than the reference that it names\n\n" +
		"The api.name of the entry is not the connector that the reference is declared for. A connection of the " +
		"one can't run the operations of the other: the flow can't be saved or turned on. The solution's own " +
		"declarations are asked first, then those of other solutions of the set, then environments.",
	Mend: "Bind the key to a reference of its connector.",
	Sources: []string{
		"callumalpass/power-platform-devkit", "counted over 1,864 entries: all agree",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			if b.Direct() || b.Connector.IsZero() {
				continue
			}
			if known := referencedConnector(p, b.Reference); known.differs(b.Connector) {
				p.Reportf(b.At, "key %s is for %s, but its reference %s is for %s, as %s",
					b.Key, b.Connector.Name(), b.Reference, known.connectors[0].Name(), known.by)
			}
		}
		return nil
	},
}

// knownConnectors are the connectors that a reference may be for, and who says so.
type knownConnectors struct {
	connectors []connref.ConnectorID
	by         string // of the first of them, in words
}

// differs tells whether something is known, and none of it is the connector.
func (k knownConnectors) differs(id connref.ConnectorID) bool {
	for _, known := range k.connectors {
		if known.Same(id) {
			return false
		}
	}
	return len(k.connectors) > 0
}

func (k *knownConnectors) add(id connref.ConnectorID, by string) {
	if id.IsZero() {
		return
	}
	if len(k.connectors) == 0 {
		k.by = by
	}
	k.connectors = append(k.connectors, id)
}

// referencedConnector answers what the solution declares a reference for, or else what the others of the set do, or
// else what environments have.
func referencedConnector(p *lint.Pass, name connref.LogicalName) (known knownConnectors) {
	if ref, err := p.Solution.Reference(name); err == nil {
		known.add(ref.Connector, "the solution itself declares it")
		return known
	}
	r, err := p.Graph().Reference(name)
	if err != nil {
		return known
	}
	for _, c := range r.Candidates {
		if c.Connector != nil {
			known.add(c.Connector.ID, "solution "+c.Declarations[0].Copy.Solution.Name()+" declares it")
		}
	}
	if len(known.connectors) > 0 {
		return known
	}
	for bound := range r.Bound() {
		if bound.Connector != nil {
			known.add(bound.Connector.ID, "environment "+bound.Environment.Name+" has it")
		}
	}
	return known
}

var deprecatedConnector = &lint.Rule{
	ID: "CR120", Name: "deprecated-connector", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "A flow uses a connector that is deprecated\n\n" +
		"It works for now. Flows that are made over late, in a hurry, leave references behind that block the " +
		"next upgrade. One connector is known here: Microsoft Dataverse (legacy), shared_commondataservice. A " +
		"policy names others (connectors, deprecated).",
	Mend: "Make the operations over on the connector that takes its place, then remove the reference: for " +
		"shared_commondataservice that is shared_commondataserviceforapps.",
	Sources: []string{"microsoft/coe-starter-kit#8466", "MicrosoftDocs: Microsoft Dataverse (legacy) connector"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for b := range p.Flow.Bindings() {
			if b.Connector.Equal(legacyDataverse) {
				p.Reportf(b.At, "key %s is for %s, which is deprecated: shared_commondataserviceforapps takes its place",
					b.Key, b.Connector.Name())
			} else if known, ok := p.Policy.Connector(b.Connector); ok && known.Deprecated {
				p.Reportf(b.At, "key %s is for %s, which the policy calls deprecated", b.Key, b.Connector.Name())
			}
		}
		return nil
	},
}

const legacyDataverse connref.ConnectorID = "shared_commondataservice"
