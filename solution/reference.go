package solution

import (
	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// The children of a <connectionreference>, and the attribute that names it.
const (
	connectionTag   = "connectionid" // exports don't have it
	displayNameTag  = "connectionreferencedisplayname"
	connectorTag    = "connectorid"
	descriptionTag  = "description"
	customizableTag = "iscustomizable"
	promptingTag    = "promptingbehavior"
	stateTag        = "statecode"
	statusTag       = "statuscode"
	declarationKey  = "connectionreferencelogicalname"
)

// declared is what a <connectionreference> says, but for the row of a custom connector.
func declared(e source.Element) connref.Reference {
	ref := connref.Reference{
		LogicalName: declaredName(e),
		DisplayName: e.Child(displayNameTag).Trimmed(),
		Description: e.Child(descriptionTag).Text(),
		Connector:   connref.ConnectorID(e.Child(connectorTag).Trimmed()),
		Connection:  connref.ConnectionID(e.Child(connectionTag).Trimmed()),
		Prompting:   connref.Prompting(number(e.Child(promptingTag))),
		State:       number(e.Child(stateTag)),
		Status:      number(e.Child(statusTag)),
		At:          e.At(),
	}
	if text := e.Child(customizableTag).Trimmed(); text != "" {
		ref.Customizable = connref.FactOf(text == "1")
	}
	return ref
}

func declaredName(e source.Element) connref.LogicalName {
	return connref.LogicalName(attr(e, declarationKey))
}

// reference reads a <connectionreference>. Its connector stands in a child, the row of a custom connector in a
// grandchild of the same name.
func (r *reader) reference(e source.Element) {
	ref := declared(e)
	if id := e.Child("customconnectorid", connectorTag); id.Exists() {
		ref.CustomConnector = r.guid(id.Trimmed(), id.At(), "custom connector")
	}
	if ref.LogicalName.IsZero() {
		r.report(unnamedPart, ref.At, "a connection reference without connectionreferencelogicalname: nothing can use it")
		return
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
