// Package connref is the vocabulary of connection references: the names a flow, a solution and an environment use, the
// things those names stand for, and the rules both must obey. It reads no file and never connects; a value holds no
// credential, and no type of this package has a field for one.
//
// A connection reference says which connector is needed. In each environment it is bound to one connection, and every
// flow that uses the reference uses that connection. Four names take part, and they are never mixed up:
//
//	binding key    local to one flow, named by its operations       shared_office365_1
//	LogicalName    a reference, in its solution and environment     contoso_mail
//	ConnectorID    a connector, on the platform                     /providers/Microsoft.PowerApps/apis/shared_office365
//	ConnectionID   a connection, in one environment                 shared-office365-7c1e…, 32 hex digits, …
//
// A binding key belongs to package flow. The others are defined here, each with a strict Parse function, a Validate
// method for values that were read or written without it, and a zero value that means "absent". They keep their
// spelling; Equal and Fold compare them as Dataverse does, without regard to case.
//
//	ref := connref.Reference{
//		LogicalName: "contoso_mail",
//		DisplayName: "Contoso mail",
//		Connector:   "shared_office365",
//	}
//	if err := ref.Validate(); err != nil {
//		return err // every fault at once, each a *connref.FieldError
//	}
//	conn := connref.Connection{ID: "7c1e0d5a", Connector: "/providers/microsoft.powerapps/apis/shared_office365"}
//	fmt.Println(conn.Connector.Equal(ref.Connector)) // true: both spellings name one connector
//
// A [Builder] gathers them for a whole environment, or for tests: its Build tells everything at once that doesn't fit,
// such as a reference bound to a connection of another connector, and answers an [Estate] that nothing can change.
//
//	flows := connref.Principal{ID: connref.GUID{1}, Kind: connref.PrincipalService, Name: "Contoso flows"}
//	devOps := connref.Principal{ID: connref.GUID{2}, Kind: connref.PrincipalService, Name: "Contoso DevOps"}
//	var b connref.Builder
//	b.AddPrincipal(flows, devOps)
//	b.AddConnection(connref.Connection{
//		ID: "7c1e0d5a", Connector: "shared_sql", Owner: flows,
//		Grants: []connref.Grant{{Principal: devOps, Role: connref.RoleCanView}},
//	})
//	b.AddReference(connref.Reference{
//		LogicalName: "contoso_orders", DisplayName: "Contoso orders", Connector: "shared_sql", Connection: "7c1e0d5a",
//	})
//	estate, err := b.Build()
//	if err != nil {
//		return err // every fault at once
//	}
//	for ref := range estate.References() {
//		fmt.Println(ref.LogicalName)
//	}
//
// What is not known stays visible: a [Fact] is yes, no or unknown, and the zero [Role], [Status], [PrincipalKind] and
// [Tier] mean that the input did not say.
package connref
