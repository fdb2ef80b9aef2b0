package connref_test

import (
	"errors"
	"fmt"

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
