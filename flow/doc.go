// Package flow reads and changes one cloud flow: which connections it binds, and every operation that uses them.
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
// The package reads the clientdata of solution flows (Workflows/*.json) and the definition.json of legacy flow
// packages; which files are cloud flows is for package solution to say. Desktop flows and classic workflows are no
// flows here.
package flow
