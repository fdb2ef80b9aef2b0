package flow_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// reminders is a flow that writes to whoever has an open order.
func reminders() *flow.Builder {
	b := flow.NewBuilder("Remind of open orders")
	b.Bind(
		flow.Binding{Key: "orders", Reference: "contoso_dataverse", Connector: "shared_commondataserviceforapps"},
		flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"},
	)
	b.Trigger("", flow.Recurrence{
		Frequency: flow.Week, Interval: 1, TimeZone: "W. Europe Standard Time",
		WeekDays: []time.Weekday{time.Monday}, Hours: []int{7},
	})
	days := b.Parameter(flow.Parameter{
		SchemaName: "contoso_Days", DisplayName: "Days", Type: flow.IntParameter, Default: 14,
	})
	work := b.Try("Try", "Catch")
	list := work.Try.Add("List orders", flow.Call{
		Key: "orders", Operation: "ListRecords", Pagination: 5000,
		Parameters: flow.Object{
			"entityName": "contoso_orders",
			"$filter":    flow.Text("contoso_open eq true and contoso_age gt ", days),
		},
	})
	each := work.Try.ForEach("Each order", list.Body("value"), &flow.ForEachOptions{Concurrency: 20})
	has := each.Condition("Has a mail address", flow.Not(flow.Is(flow.Func("empty", flow.Items("Each order", "mail")))))
	has.Then.Add("Remind", flow.Call{
		Key: "mail", Operation: "SendEmailV2",
		Parameters: flow.Object{
			"emailMessage/To":      flow.Items("Each order", "mail"),
			"emailMessage/Subject": flow.Text("Your order ", flow.Items("Each order", "name")),
		},
	})
	work.Catch.Add("Report", flow.Call{
		Key: "mail", Operation: "SendEmailV2",
		Parameters: flow.Object{
			"emailMessage/To": "ops@contoso.example", "emailMessage/Body": flow.Func("string", flow.Results("Try")),
		},
	})
	return b
}

// A flow grows action by action, and Build makes its file.
func ExampleBuilder() {
	f, err := reminders().Build()
	if err != nil {
		log.Fatal(err)
	}
	for op := range f.Operations() {
		fmt.Printf("%s (%s)\n", op.Path(), op.Type)
	}
	// Output:
	// Recurrence (Recurrence)
	// Try (Scope)
	// Try > List_orders (OpenApiConnection)
	// Try > Each_order (Foreach)
	// Try > Each_order > Has_a_mail_address (If)
	// Try > Each_order > Has_a_mail_address > Remind (OpenApiConnection)
	// Catch (Scope)
	// Catch > Report (OpenApiConnection)
}

// Build tells all that is wrong at once, each with its path.
func ExampleBuilder_Build() {
	b := flow.NewBuilder("Daily digest")
	b.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
	each := b.ForEach("Each mail", flow.Body("List mail", "value"), nil)
	each.Add("Send", flow.Call{Key: "mail", Operation: "SendEmailV2"})
	_, err := b.Build()
	fmt.Println(err)
	fmt.Println(errors.Is(err, connref.ErrNotFound))
	// Output:
	// flow Daily digest: action Each_mail: action "List_mail": is named by an expression, but isn't there
	// flow Daily digest: action Each_mail > Send: key "mail": is not bound; right would be the key of a binding
	// true
}

// A flow is a template of others.
func ExampleFlow_Stamp() {
	template, err := reminders().Build()
	if err != nil {
		log.Fatal(err)
	}
	f, err := template.Stamp(flow.Stamp{
		References: map[string]connref.LogicalName{"mail": "fabrikam_mail"},
		Parameters: map[string]flow.Object{"Report": {"emailMessage/To": "ops@fabrikam.example"}},
		Variables:  map[string]string{"contoso_Days": "fabrikam_Days"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for b := range f.Bindings() {
		fmt.Println(b.Key, "is", b.Reference)
	}
	for v := range f.Variables() {
		fmt.Println(v.Parameter, "is", v.SchemaName)
	}
	// Output:
	// mail is fabrikam_mail
	// orders is contoso_dataverse
	// Days (contoso_Days) is fabrikam_Days
}

// Strings are only text, whatever is in them; expressions stand between them.
func ExampleText() {
	b := flow.NewBuilder("Greet")
	b.Trigger("", flow.Manual{By: flow.ByButton})
	b.Add("Greet", flow.Compose{Inputs: []any{
		flow.Text("Dear ", flow.TriggerBody("text"), ", it's ", flow.Func("utcNow", "HH:mm"), "."),
		flow.Text("Write @{name} for a name, ", flow.TriggerBody("text")),
		"@utcNow() is an expression",
	}})
	f, err := b.Build()
	if err != nil {
		log.Fatal(err)
	}
	greet := f.Document().Root().Get("properties", "definition", "actions", "Greet")
	for text := range greet.Get("inputs").Elements() {
		fmt.Println(text.Text())
	}
	// Output:
	// Dear @{triggerBody()?['text']}, it's @{utcNow('HH:mm')}.
	// @concat('Write @{name} for a name, ', triggerBody()?['text'])
	// @@utcNow() is an expression
}

// A question of a condition has operands that are values, as those of a function are.
func ExampleTest() {
	status := flow.TriggerBody("status")
	open := flow.And(
		flow.Or(flow.Equals(status, "new"), flow.Equals(status, "it's back")),
		flow.Not(flow.Is(flow.Func("empty", flow.TriggerBody("mail")))),
		flow.LessOrEquals(flow.Func("length", flow.TriggerBody("lines")), 100),
	)
	fmt.Println(open.Expr())
	// Output:
	// and(or(equals(triggerBody()?['status'], 'new'), equals(triggerBody()?['status'], 'it''s back')), not(equals(empty(triggerBody()?['mail']), true)), lessOrEquals(length(triggerBody()?['lines']), 100))
}
