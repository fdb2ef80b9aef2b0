package connref_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
)

func Example() {
	ref := connref.Reference{
		LogicalName: "contoso_mail",
		DisplayName: "Contoso mail",
		Connector:   "shared_office365",
	}
	if err := ref.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	conn := connref.Connection{ID: "7c1e0d5a", Connector: "/providers/microsoft.powerapps/apis/shared_office365"}
	fmt.Println(conn.Connector.Equal(ref.Connector))
	// Output: true
}

// A value that has several faults reports them all.
func ExampleReference_Validate() {
	ref := connref.Reference{
		LogicalName: "contoso_mail",
		Connector:   "shared_office365",
		Connection:  "/providers/Microsoft.PowerApps/apis/shared_office365/connections/7c1e0d5a",
	}
	err := ref.Validate()
	fmt.Println(err)
	fmt.Println(errors.Is(err, connref.ErrInvalid))
	// Output:
	// reference contoso_mail: display name: is missing; right would be one that tells the reference from others
	// reference contoso_mail: connection "/providers/Microsoft.PowerApps/apis/shared_office365/connections/7c1e0d5a": is a full resource id; right would be its last segment, 7c1e0d5a
	// true
}

// Two environments give one custom connector two names.
func ExampleConnectorID_Same() {
	dev := connref.ConnectorID("/providers/Microsoft.PowerApps/apis/shared_contoso-5forders-5f21dec655d73f3a8c")
	prod := connref.ConnectorID("shared_contoso-5forders-5f691c36f6fa56d15c")
	fmt.Println(dev.Equal(prod), dev.Same(prod), prod.WithoutHash())
	// Output: false true shared_contoso-5forders
}

func ExampleParseGUID() {
	id, err := connref.ParseGUID("{F071EA88-4468-EE11-9AE7-002248993E6C}")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(id)
	// Output: f071ea88-4468-ee11-9ae7-002248993e6c
}

func ExampleConnection_CanUse() {
	deploy := connref.Principal{ID: connref.GUID{1}, Kind: connref.PrincipalService, Name: "deploy"}
	makers := connref.Principal{ID: connref.GUID{2}, Kind: connref.PrincipalGroup, Name: "makers"}
	conn := connref.Connection{ID: "7c1e0d5a", Connector: "shared_office365", Grants: []connref.Grant{
		{Principal: makers, Role: connref.RoleCanView},
	}}
	fmt.Println(conn.CanUse(deploy.ID)) // it may be one of the makers

	conn.Grants = append(conn.Grants, connref.Grant{Principal: deploy, Role: connref.RoleCanView})
	fmt.Println(conn.CanUse(deploy.ID))
	// Output:
	// unknown
	// yes
}

func ExampleCatalogue() {
	catalogue, err := connref.NewCatalogue(
		connref.Connector{ID: "shared_office365", DisplayName: "Office 365 Outlook", Tier: connref.TierStandard},
		connref.Connector{ID: "shared_contoso-5forders-5f21dec655d73f3a8c", DisplayName: "Orders"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	elsewhere := connref.ConnectorID("shared_contoso-5forders-5f691c36f6fa56d15c")
	if connector, ok := catalogue.Lookup(elsewhere); ok {
		fmt.Println(connector.DisplayName, connector.Premium())
	}
	// Output: Orders yes
}

// The flows of an environment best share one set of references. Their connections belong to a service principal, so
// that they outlive the people who come and go, and are shared with the service principal that deploys, which can't
// turn flows on otherwise.
func ExampleBuilder() {
	var (
		flows  = connref.Principal{ID: connref.GUID{1}, Kind: connref.PrincipalService, Name: "Contoso flows"}
		devOps = connref.Principal{ID: connref.GUID{2}, Kind: connref.PrincipalService, Name: "Contoso DevOps"}
	)
	var b connref.Builder
	b.AddPrincipal(flows, devOps)
	for _, connector := range []connref.Connector{
		{ID: "shared_commondataserviceforapps", DisplayName: "Dataverse", ServicePrincipal: connref.Yes},
		{ID: "shared_sql", DisplayName: "SQL Server", ServicePrincipal: connref.Yes},
	} {
		purpose := strings.TrimPrefix(connector.ID.Name(), "shared_")
		id := connref.ConnectionID("contoso-" + purpose)
		b.AddConnector(connector)
		b.AddConnection(connref.Connection{
			ID: id, Connector: connector.ID, Environment: "PROD", Owner: connref.Principal{ID: flows.ID},
			Grants: []connref.Grant{{Principal: connref.Principal{ID: devOps.ID}, Role: connref.RoleCanView}},
		})
		b.AddReference(connref.Reference{
			LogicalName: connref.LogicalName("contoso_" + purpose), DisplayName: "Contoso " + connector.DisplayName,
			Connector: connector.ID, Connection: id,
		})
	}
	estate, err := b.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for ref := range estate.References() {
		conn, err := estate.Connection(ref.Connection)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: owned by %s, %s can use it: %s\n",
			ref.LogicalName, conn.Owner, conn.Grants[0].Principal, conn.CanUse(devOps.ID))
	}

	b.AddReference(connref.Reference{
		LogicalName: "contoso_mail", DisplayName: "Contoso mail", Connector: "shared_office365", Connection: "contoso-sql",
	})
	_, err = b.Build()
	fmt.Println(err)
	// Output:
	// contoso_commondataserviceforapps: owned by Contoso flows, Contoso DevOps can use it: yes
	// contoso_sql: owned by Contoso flows, Contoso DevOps can use it: yes
	// reference contoso_mail: connection "contoso-sql": is of shared_sql; right would be a connection of shared_office365
}
