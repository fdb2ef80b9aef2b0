package flow_test

import (
	"fmt"

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
