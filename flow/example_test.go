package flow_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

const daily = `{
  "properties": {
    "connectionReferences": {
      "shared_office365": {
        "runtimeSource": "embedded",
        "connection": { "connectionReferenceLogicalName": "contoso_mail" },
        "api": { "name": "shared_office365" }
      }
    },
    "definition": {
      "triggers": {
        "Every morning": { "type": "Recurrence", "recurrence": { "frequency": "Day", "interval": 1 } }
      },
      "actions": {
        "Has items": {
          "type": "If",
          "expression": "@greater(length(variables('items')), 0)",
          "actions": {
            "Send mail": {
              "type": "OpenApiConnection",
              "inputs": { "host": { "connectionName": "shared_office365", "operationId": "SendEmailV2" } }
            }
          },
          "else": {
            "actions": {
              "Send regrets": {
                "type": "OpenApiConnection",
                "inputs": { "host": { "connectionName": "shared_office365", "operationId": "SendEmailV2" } }
              }
            }
          }
        }
      }
    }
  },
  "schemaVersion": "1.0.0.0"
}`

func Example() {
	f, problems := flow.Parse(source.NewFile("Workflows/Daily.json", []byte(daily)), nil)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for b := range f.Bindings() {
		for op := range f.UsersOf(b.Key) {
			fmt.Println(b.Reference, "is used by", op.Path())
		}
	}
	// Output:
	// contoso_mail is used by Has items > Send mail
	// contoso_mail is used by Has items (else) > Send regrets
}

// A broken file is a finding with its place, not a refusal: whatever can be read is there.
func ExampleParse() {
	text := `{"properties": {"definition": {"actions": {"Wait": {"type": "Wait"}, "Send": null}}}}`
	f, problems := flow.Parse(source.NewFile("Workflows/Daily.json", []byte(text)), nil)
	for _, d := range problems {
		fmt.Println(d)
	}
	fmt.Println(f.OperationCount(), "operation was read")
	// Output:
	// Workflows/Daily.json:1:78: action "Send" is null: expected an object [CR122 unparsable-flow]
	// 1 operation was read
}

// The place of a key is the key alone, even inside an expression.
func ExampleFlow_Position() {
	f, _ := flow.Parse(source.NewFile("Workflows/Daily.json", []byte(daily)), nil)
	for op := range f.UsersOf("shared_office365") {
		p := f.Position(op.Host.KeyAt)
		fmt.Println(p, f.File().Slice(op.Host.KeyAt.Span))
		fmt.Println(p.Pointer)
		break
	}
	// Output:
	// Workflows/Daily.json:21:56 shared_office365
	// /properties/definition/actions/Has items/actions/Send mail/inputs/host/connectionName
}

// Point a binding at another reference. Nothing but the name changes.
func ExampleFlow_Rebind() {
	f, _ := flow.Parse(source.NewFile("Workflows/Daily.json", []byte(daily)), nil)
	change, err := f.Rebind(map[string]connref.LogicalName{"shared_office365": "contoso_alerts"})
	if err != nil {
		log.Fatal(err)
	}
	after, err := f.File().Apply(change.Edits...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.File().Line(6))
	fmt.Println(after.Line(6))
	// Output:
	//         "connection": { "connectionReferenceLogicalName": "contoso_mail" },
	//         "connection": { "connectionReferenceLogicalName": "contoso_alerts" },
}

// Give a binding another key. Its connector has the same name, and keeps it.
func ExampleFlow_RenameKeys() {
	f, _ := flow.Parse(source.NewFile("Workflows/Daily.json", []byte(daily)), nil)
	change, err := f.RenameKeys(map[string]string{"shared_office365": "mail"})
	if err != nil {
		log.Fatal(err)
	}
	after, err := f.File().Apply(change.Edits...)
	if err != nil {
		log.Fatal(err)
	}
	for _, number := range []int{4, 7, 21} {
		fmt.Println("-", strings.TrimSpace(f.File().Line(number)))
		fmt.Println("+", strings.TrimSpace(after.Line(number)))
	}
	// Output:
	// - "shared_office365": {
	// + "mail": {
	// - "api": { "name": "shared_office365" }
	// + "api": { "name": "shared_office365" }
	// - "inputs": { "host": { "connectionName": "shared_office365", "operationId": "SendEmailV2" } }
	// + "inputs": { "host": { "connectionName": "mail", "operationId": "SendEmailV2" } }
}
