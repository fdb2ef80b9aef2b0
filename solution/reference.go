package solution

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// reference reads a <connectionreference>. Its connector stands in a child, that of a custom connector also in a
// grandchild of the same name.
func (r *reader) reference(e source.Element) {
	ref := connref.Reference{
		LogicalName: connref.LogicalName(attr(e, declarationKey)),
		DisplayName: e.Child(displayNameTag).Trimmed(),
		Description: e.Child(descriptionTag).Text(),
		Connector:   connref.ConnectorID(e.Child("connectorid").Trimmed()),
		Prompting:   connref.Prompting(number(e.Child("promptingbehavior"))),
		State:       number(e.Child("statecode")),
		Status:      number(e.Child("statuscode")),
		At:          e.At(),
	}
	if text := e.Child("iscustomizable").Trimmed(); text != "" {
		ref.Customizable = connref.FactOf(text == "1")
	}
	if id := e.Child("customconnectorid", "connectorid"); id.Exists() {
		ref.CustomConnector = r.guid(id.Trimmed(), id.At(), "custom connector")
	}
	if ref.LogicalName.IsZero() {
		r.report(unnamedPart, ref.At, "a connection reference without connectionreferencelogicalname: nothing can use it")
		return
	}
	r.checkName(ref.LogicalName.Validate(), e.AttrAt(declarationKey))
	if !ref.Connector.IsZero() {
		r.checkName(ref.Connector.Validate(), e.Child("connectorid").At())
	}
	folded := ref.LogicalName.Fold()
	if r.sol.declared[folded] {
		r.report(repeatedName, e.AttrAt(declarationKey),
			"connection reference "+string(ref.LogicalName)+" is declared more than once: a logical name is unique")
	}
	r.sol.declared[folded] = true
	r.sol.references = append(r.sol.references, ref)
	r.mention(Mention{
		Kind: MentionDeclaration, Reference: ref.LogicalName, At: e.AttrAt(declarationKey), Part: ref.At,
	})
}
