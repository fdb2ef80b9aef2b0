// Package refactor changes which references there are and who uses them: it renames, merges, moves, adds and removes
// connection references over any number of solutions, touching only the bytes that must change.
//
// A verb answers a [Plan], and nothing is done yet. The plan says in words what it does and where, what it asks for in
// environments, and what it refuses and why; [Plan.Apply] answers new solutions, [Plan.Inverse] the plan that gives the
// old bytes back. A dry run is to print the plan and stop.
//
//	plan, err := refactor.Merge(refactor.Input{Solutions: []*solution.Solution{sol}}, refactor.Merging{
//		Keep: "contoso_mail",
//		Drop: []connref.LogicalName{"contoso_sharedoffice365_1a2b3"},
//	})
//	if err != nil {
//		return err
//	}
//	if err := plan.Err(); err != nil { // what was refused
//		return err
//	}
//	if err := plan.WriteText(os.Stdout); err != nil {
//		return err
//	}
//	done, err := plan.Apply()
//	if err != nil {
//		return err
//	}
//	return done.Solutions[0].WriteZipFile(ctx, "Orders.zip")
//
// Verbs take many names at once, since plans over one text conflict: to chain them, apply one and plan the next over
// what it answers. Plans that touch different texts can be put together with [Combine].
//
// Nothing is claimed that files can't prove. Copies of a solution that are given (a zip, and the folder it was unpacked
// to) are changed alike; a solution that only the graph has is regarded, not changed, and what would break it is
// refused.
package refactor
