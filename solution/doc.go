// Package solution opens any Power Automate solution and answers a typed model of it: manifest, connection references,
// flows, and who else uses a reference.
//
// A solution comes in four layouts, and nothing above this package asks which: a solution zip, the same unzipped into a
// folder, the folder that SolutionPackager and pac write, and a legacy flow package. [Open] takes a file or a folder,
// [OpenFS] and [OpenZip] what the caller has, and [Find] walks a path and yields every solution inside, archives in
// archives included.
//
//	sol, err := solution.Open(ctx, "exports/Orders_1_4_0_0.zip", nil)
//	if err != nil {
//		return err
//	}
//	for f := range sol.Flows() {
//		for b := range f.Bindings() {
//			fmt.Println(f.Name, b.Key, b.Reference, sol.State(b))
//		}
//	}
//
// A broken file is a finding, not a refusal: it shows up in [Solution.Problems] with its place, and its bytes are
// carried all the same. Open fails only when there is no solution, a limit of [Options] on size or number is passed, a
// name in an archive leaves its folder, or the context ends.
//
// A Solution never changes and needs no closing. What the model needs is read once, when it is opened; everything else
// is read when it is asked for, and [ErrChanged] says that the archive is another file by then. [Solution.With] answers
// a Solution with changes made, and [Solution.WriteZip] and [Solution.WriteDir] give back the bytes that were read but
// for those.
//
// A [Builder] makes a solution from code, with the files that the platform would have exported:
//
//	b := solution.NewBuilder(solution.Manifest{
//		UniqueName: "ContosoDigest", Version: "1.0.0.0",
//		Publisher: solution.Publisher{UniqueName: "Contoso", Prefix: "contoso"},
//	})
//	b.AddReference(connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"})
//	f := b.NewFlow(solution.Workflow{Name: "Daily digest", On: true})
//	f.Bind(flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"})
//	f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
//	f.Add("List mail", flow.Call{Key: "mail", Operation: "GetEmailsV3"})
//	sol, err := b.Build(solution.LayoutZip)
//	if err != nil {
//		return err // everything that is wrong, each with its path
//	}
//	return sol.WriteZipFile(ctx, "ContosoDigest_1_0_0_0.zip")
package solution
