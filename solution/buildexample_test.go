package solution_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// A solution from code: two references, one of them to a custom connector, a variable, and a flow that uses them.
func ExampleBuilder() {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName:  "ContosoOrders",
		DisplayName: "Contoso Orders",
		Version:     "1.0.0.0",
		Publisher:   solution.Publisher{UniqueName: "contoso", DisplayName: "Contoso", Prefix: "contoso"},
	})
	erp := b.AddConnector(solution.NewConnector{
		Name:        "contoso_erp",
		DisplayName: "Contoso ERP",
		OpenAPI: json.RawMessage(`{"swagger": "2.0", "info": {"title": "ERP", "version": "1.0"}, "host": "erp.contoso.com",
			"paths": {"/orders": {"get": {"operationId": "ListOrders", "responses": {"200": {"description": "orders"}}}}}}`),
	})
	b.AddReference(
		connref.Reference{LogicalName: "contoso_erp", DisplayName: "ERP", Connector: erp.ID},
		connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"},
	)
	b.AddVariable(solution.NewVariable{
		SchemaName: "contoso_Recipient", DisplayName: "Recipient", Type: solution.VariableString,
	})

	daily := b.NewFlow(solution.Workflow{Name: "Daily digest", On: true})
	daily.Bind(
		flow.Binding{Key: "erp", Reference: "contoso_erp", Connector: erp.ID},
		flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"},
	)
	daily.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	to := daily.Parameter(flow.Parameter{
		SchemaName: "contoso_Recipient", DisplayName: "Recipient", Type: flow.StringParameter,
	})
	orders := daily.Add("List orders", flow.Call{Key: "erp", Operation: "ListOrders"})
	daily.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2", Parameters: flow.Object{
		"emailMessage/To": to, "emailMessage/Subject": "Orders", "emailMessage/Body": orders.Body(),
	}})

	sol, err := b.Build(solution.LayoutZip)
	if err != nil {
		log.Fatal(err) // with all that is wrong
	}
	for name := range sol.Files() {
		fmt.Println(name)
	}
	if err := sol.WriteZip(context.Background(), io.Discard); err != nil {
		log.Fatal(err)
	}
	// Output:
	// customizations.xml
	// solution.xml
	// Workflows/Dailydigest-22903524-7D19-5C3A-BCB1-8E158DE972D9.json
	// Connector/contoso_5Ferp_openapidefinition.json
	// Connector/contoso_5Ferp_connectionparameters.json
	// Connector/contoso_5Ferp_policytemplateinstances.json
	// Connector/contoso_5Ferp_iconblob.Png
	// environmentvariabledefinitions/contoso_Recipient/environmentvariabledefinition.xml
	// [Content_Types].xml
}

// What is wrong is told at once, each with its path.
func ExampleBuilder_Build() {
	b := solution.NewBuilder(solution.Manifest{
		UniqueName: "ContosoOrders", Version: "1.0.0.0",
		Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "contoso"},
	})
	b.AddReference(connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"})
	b.AddVariable(solution.NewVariable{SchemaName: "contoso_Tax", Type: solution.VariableNumber, Default: "19 %"})
	f := b.NewFlow(solution.Workflow{Name: "Sync"})
	f.Bind(flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_outlook"})
	f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	f.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})

	_, err := b.Build(solution.LayoutZip)
	fmt.Println(err)
	// Output:
	// variable contoso_Tax: default "19 %": is no number; right would be digits, with a point before decimals
	// flow Sync: binding mail: connector "shared_outlook": is not that of its reference contoso_mail; right would be shared_office365
}
