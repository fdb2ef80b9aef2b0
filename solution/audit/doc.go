// Package audit answers the first question about any solution: which connection references it has, who shares them, and
// which flows depend on something that it doesn't bring.
//
// [New] makes a [Document] of opened solutions; [Document.WriteJSON] and [Document.WriteText] write it. The document's
// JSON is a contract: within one SchemaVersion members are added, never changed.
//
//	doc := audit.New(sol)
//	for _, s := range doc.Solutions {
//		for _, ref := range s.References {
//			fmt.Println(ref.LogicalName, ref.Flows, "flows")
//		}
//	}
//
// It judges nothing but what reading found: that a reference is unused means that nothing in its own solution uses it.
package audit
