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

var designerShape = &lint.Rule{
	ID: "CR103", Name: "designer-shape", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "A flow's file has the shape of the designer's API\n\n" +
		"In a solution an operation's host has a connectionName, and an entry of connectionReferences has the " +
		"reference's name inside connection. The API behind the designer calls them connectionReferenceName, and " +
		"has the reference's name right in the entry. Tools that mix the two write files whose save is refused, " +
		"or whose connectionReferences are emptied by the save.",
	Mend: "Write the shape that solutions have: connectionName in the host, and " +
		"connection.connectionReferenceLogicalName in the entry.",
	Sources: []string{
		"microsoft/power-platform-skills#414", "microsoft/power-platform-skills#498",
		"counted over 8,309 hosts and 2,205 entries: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		if isPackage(p) {
			return nil
		}
		for b := range p.Flow.Bindings() {
			if entry := bindingEntries(p.Flow).Get(b.Key); isFilled(entry.Get(referenceName)) {
				p.Report(lint.Finding{
					At: b.At,
					Message: fmt.Sprintf("key %s has its %s right in the entry: in a solution it is inside connection",
						b.Key, referenceName),
					Fixes: nestReference(entry).fixes(p.Flow.FileName, "move it into connection"),
				})
			}
		}
		for op := range p.Flow.Operations() {
			if member := designerMember(p.Flow, op); member != "" {
				right := connectionName
				if isLegacy(op) {
					right = "connection.name"
				}
				p.Report(lint.Finding{
					At: op.At,
					Message: fmt.Sprintf("%s names its key in host.%s: in a solution that is host.%s",
						named(op), member, right),
					Fixes: hostFixes(p.Flow, op),
				})
			}
		}
		return nil
	},
}

// The members that name keys and references.
const (
	referenceName  = "connectionReferenceLogicalName"
	connectionName = "connectionName"
	designerName   = "connectionReferenceName"
)

// designerMember is the member of an operation's host that names a key as the designer's API does; "" if none does.
func designerMember(f *solution.Flow, op *flow.Operation) string {
	switch host := hostOf(f, op); {
	case op.Host.Form == flow.HostNone: // or it is data
	case isFilled(host.Get(designerName)):
		return designerName
	case isFilled(host.Get("connection", "referenceName")):
		return "connection.referenceName"
	}
	return ""
}

// hostFixes is the fix that gives an operation's host the shape that solutions have. There is none for a legacy one,
// whose whole inputs have another shape.
func hostFixes(f *solution.Flow, op *flow.Operation) []diag.Fix {
	if !isOpenAPI(op) {
		return nil
	}
	return nameKey(hostOf(f, op)).fixes(f.FileName, "name the key in host."+connectionName)
}

// nestReference moves the name of an entry's reference into its connection. Where that has another one, which is meant
// isn't known.
func nestReference(entry source.Value) *mending {
	m := &mending{}
	flat, connection := entry.Member(referenceName), entry.Member("connection")
	nested := connection.Value.Get(referenceName)
	switch {
	case flat.Value.Text() == "", isFilled(nested) && !connref.EqualFold(nested.Text(), flat.Value.Text()):
		return m
	case !connection.Key.Exists():
		m.add(flat.Key.SetText("connection"))
		m.add(flat.Value.Replace(`{"` + referenceName + `":` + flat.Value.Raw() + `}`))
		return m
	case !isFilled(nested):
		m.add(connection.Value.SetMember(referenceName, flat.Value.Raw()))
	}
	m.add(entry.RemoveMember(referenceName))
	return m
}

// nameKey makes a host name its key as solutions do. Where it names another one so, which is meant isn't known.
func nameKey(host source.Value) *mending {
	m := &mending{}
	name, flat := host.Member(connectionName), host.Member(designerName)
	key := flat.Value
	if !isFilled(key) {
		flat = host.Member("connection")
		key = flat.Value.Get("referenceName")
	}
	switch {
	case key.Text() == "", flat.Value.Len() > 1, isFilled(name.Value) && name.Value.Text() != key.Text():
		return m
	case !name.Key.Exists():
		m.add(flat.Key.SetText(connectionName))
		if key != flat.Value {
			m.add(flat.Value.Replace(key.Raw()))
		}
		return m
	case !isFilled(name.Value):
		m.add(name.Value.Replace(key.Raw()))
	}
	m.add(host.RemoveMember(flat.Name()))
	return m
}
