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
// Unused means that nothing in the reference's own solution uses it, conclusive that nothing does in any. [ImpactOf] makes
// a document of what a change reaches.
package audit
