// Package flow reads, changes and builds one cloud flow: which connections it binds, and every operation that uses
// them.
//
// A flow binds connections under keys. A [Binding] is one entry of properties.connectionReferences: its key is local to
// the flow, and it names a connection reference of the solution, or none, which makes it a direct connection. An
// [Operation] is a trigger or an action at any depth; its [Host] names a binding's key, or the child flow it calls.
//
//	f, problems := flow.Parse(source.NewFile("Workflows/Daily.json", raw), nil)
//	if err := problems.Err(); err != nil {
//		return err
//	}
//	for b := range f.Bindings() {
//		for op := range f.UsersOf(b.Key) {
//			fmt.Println(b.Reference, "is used by", op.Path())
//		}
//	}
//
// Only the inputs.host of a trigger or an action is a host. The same names inside a Parse JSON schema, a compose body
// or an HTTP payload are data.
//
// A change is an edit of the file's text, which leaves every other byte as it is; the flow itself never changes. Each
// of [Flow.Rebind], [Flow.SetSources], [Flow.AddBindings], [Flow.DropBindings], [Flow.RenameKeys] and [Flow.JoinKeys]
// takes many bindings at once, and answers all of the change or an error that says all that is in its way:
//
//	f, _ := flow.Parse(source.NewFile("Workflows/Daily.json", raw), nil)
//	change, err := f.RenameKeys(map[string]string{"shared_office365_1": "mail"})
//	if err != nil {
//		return err
//	}
//	sol, err = sol.With(change)
//
// A [Builder] makes a flow. What it is given in strings is text, whatever is in it; expressions are made by functions
// that quote and escape, such as [Body], [Items], [Var] and [Func], and conditions by [Equals], [And] and the like. An
// action runs after the one that was added before it, unless its [Step] says otherwise. Build reports every fault at
// once, each with its path:
//
//	b := flow.NewBuilder("Daily digest")
//	b.Bind(flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"})
//	b.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1, Hours: []int{7}})
//	list := b.Add("List mail", flow.Call{Key: "mail", Operation: "GetEmailsV3"})
//	each := b.ForEach("Each mail", list.Body("value"), nil)
//	each.Add("Flag", flow.Call{Key: "mail", Operation: "Flag_V2", Parameters: flow.Object{
//		"messageId": flow.Items("Each mail", "id"),
//	}})
//	f, err := b.Build()
//	if err != nil {
//		return err
//	}
//	fmt.Println(f.File().Text())
//
// A flow that is there is a template: [Flow.Stamp] makes another one of it, with other references and parameters. The
// solution that a built flow goes into is made by package solution's Builder.
//
// The package reads the clientdata of solution flows (Workflows/*.json) and the definition.json of legacy flow
// packages; which files are cloud flows is for package solution to say. Desktop flows and classic workflows are no
// flows here.
package flow
