// Package graph says who shares what, over one solution or many: which flows, apps and agents stand behind a connection
// reference, a connector or a connection, and what a change of it reaches.
//
//	g := graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
//	for ref := range sol.References() {
//		hit, err := g.Impact(ref.LogicalName)
//		if err != nil {
//			return err
//		}
//		fmt.Printf("%s: %d flows, %d operations\n", ref.LogicalName, len(hit.Flows), len(hit.Operations))
//	}
//
// A [Graph] is made of nodes: [Solution], [Reference], [Connector], [Flow] with its [Binding], [Operation] and [Call],
// [App], [Agent], [Variable], and, where the caller knows an environment, [Environment] and [Connection]. They point to
// each other and are shared: the caller must not change them, nor the lists in their fields. Answers are the caller's own.
// Nodes hold no file, no flow and no solution, so that a graph of a whole estate stays small when the solutions are dropped.
//
// A reference is its logical name, whatever the case; a flow is its id, or its file where it has none. Copies of one
// solution (zip, unpacked, managed, another version) are one [Solution]: what they have in common counts once, and
// [Graph.Problems] says so. What only one of them has, counts too.
//
// Nothing is claimed that files can't prove: an [Unused] reference says whether that is conclusive and, if not, why; an
// [Impact] says what else might be hit.
package graph
