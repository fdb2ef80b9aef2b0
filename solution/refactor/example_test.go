package refactor_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"testing/fstest"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
)

// shop is a small solution: flow Digest sends mail by two references and reads a feed without one, and nothing uses the
// third.
func shop() refactor.Input {
	const declared = `<connectionreference connectionreferencelogicalname="%s"><connectionreferencedisplayname>Mail` +
		`</connectionreferencedisplayname><connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>` +
		`</connectionreference>`
	files := map[string]string{
		"solution.xml": "<ImportExportXml><SolutionManifest><UniqueName>Shop</UniqueName></SolutionManifest>" +
			"</ImportExportXml>",
		"customizations.xml": "<ImportExportXml><connectionreferences>" + fmt.Sprintf(declared, "contoso_mail") +
			fmt.Sprintf(declared, "contoso_orders") + fmt.Sprintf(declared, "contoso_spare") +
			"</connectionreferences></ImportExportXml>",
		"Workflows/Digest.json": `{"properties":{"connectionReferences":{
"mail":{"connection":{"connectionReferenceLogicalName":"contoso_mail"},"api":{"name":"shared_office365"}},
"own":{"connection":{"connectionReferenceLogicalName":"contoso_orders"},"api":{"name":"shared_office365"}},
"feed":{"connection":{},"api":{"name":"shared_rss"}}},"definition":{"triggers":{},"actions":{}}}}`,
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sol, err := solution.OpenFS(context.Background(), fsys, nil)
	if err != nil {
		log.Fatal(err)
	}
	return refactor.Input{Solutions: []*solution.Solution{sol}}
}

// tell prints what a solution declares, and what its flows use under which key.
func tell(when string, sol *solution.Solution) {
	var declared, used []string
	for ref := range sol.References() {
		declared = append(declared, string(ref.LogicalName))
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			used = append(used, b.Key+"="+string(b.Reference))
		}
	}
	fmt.Println(when, "declared:", strings.Join(declared, " "))
	fmt.Println(when, "used:", strings.Join(used, " "))
}

func ExampleRename() {
	in := shop()
	plan, err := refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_post contoso_orders contoso_spare
	// after used: mail=contoso_post own=contoso_orders feed=
}

func ExampleMerge() {
	in := shop()
	plan, err := refactor.Merge(in, refactor.Merging{Keep: "contoso_mail", Drop: []connref.LogicalName{"contoso_orders"}})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_spare
	// after used: mail=contoso_mail own=contoso_mail feed=
}

func ExampleRebind() {
	in := shop()
	plan, err := refactor.Rebind(in, refactor.Rebinding{From: "contoso_orders", To: "contoso_spare"})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_orders contoso_spare
	// after used: mail=contoso_mail own=contoso_spare feed=
}

func ExampleExternalise() {
	in := shop()
	plan, err := refactor.Externalise(in, refactor.PerConnector("contoso"))
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_orders contoso_rss contoso_spare
	// after used: mail=contoso_mail own=contoso_orders feed=contoso_rss
}

func ExampleAdd() {
	in := shop()
	plan, err := refactor.Add(in, "Shop", connref.Reference{
		LogicalName: "contoso_teams", DisplayName: "Teams", Connector: "shared_teams",
	})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_orders contoso_spare contoso_teams
	// after used: mail=contoso_mail own=contoso_orders feed=
}

// What is used is not removed: the plan says by whom.
func ExampleRemove() {
	in := shop()
	plan, err := refactor.Remove(in, "contoso_spare", "contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan.Err())
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// remove contoso_mail: it is used by flow Digest (.): refused
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_orders
	// after used: mail=contoso_mail own=contoso_orders feed=
}

// Only who says that there are no other solutions can prove that nothing uses a reference.
func ExamplePrune() {
	in := shop()
	in.Graph = graph.New(graph.Input{Solutions: in.Solutions, Complete: true})
	plan, err := refactor.Prune(in)
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_mail contoso_orders
	// after used: mail=contoso_mail own=contoso_orders feed=
}

func ExampleSetDisplayName() {
	plan, err := refactor.SetDisplayName(shop(),
		refactor.Wording{Reference: "contoso_orders", Text: "Orders | mailbox of the desk"})
	if err != nil {
		log.Fatal(err)
	}
	if err := plan.WriteText(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// .: customizations.xml:1:277: set the display name of contoso_orders to "Orders | mailbox of the desk", from "Mail"
}

func ExampleSetDescription() {
	in := shop()
	plan, err := refactor.SetDescription(in, refactor.Wording{Reference: "contoso_orders", Text: "The desk's own mailbox"})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	for _, sol := range []*solution.Solution{in.Solutions[0], done.Solutions[0]} {
		ref, err := sol.Reference("contoso_orders")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %q\n", ref.LogicalName, ref.Description)
	}
	// Output:
	// contoso_orders: ""
	// contoso_orders: "The desk's own mailbox"
}

// Which references could be one is a matter of policy; whether they should be, of choice.
func ExampleDuplicates() {
	in := shop()
	g := graph.New(graph.Input{Solutions: in.Solutions})
	for _, group := range refactor.Duplicates(g, refactor.ByConnector) {
		for _, r := range group {
			fmt.Printf("%s, used by %d flows\n", r.Name, len(r.Consumers().Flows))
		}
	}
	// Output:
	// contoso_mail, used by 1 flows
	// contoso_orders, used by 1 flows
	// contoso_spare, used by 0 flows
}

func ExamplePlan_Inverse() {
	in := shop()
	plan, err := refactor.Merge(in, refactor.Merging{Keep: "contoso_mail", Drop: []connref.LogicalName{"contoso_orders"}})
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	inverse, err := plan.Inverse()
	if err != nil {
		log.Fatal(err)
	}
	undone, err := inverse.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("merged", done.Solutions[0])
	tell("undone", undone.Solutions[0])
	// Output:
	// merged declared: contoso_mail contoso_spare
	// merged used: mail=contoso_mail own=contoso_mail feed=
	// undone declared: contoso_mail contoso_orders contoso_spare
	// undone used: mail=contoso_mail own=contoso_orders feed=
}

func ExampleCombine() {
	in := shop()
	rename, err := refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})
	if err != nil {
		log.Fatal(err)
	}
	remove, err := refactor.Remove(in, "contoso_spare")
	if err != nil {
		log.Fatal(err)
	}
	plan, err := refactor.Combine(rename, remove)
	if err != nil {
		log.Fatal(err)
	}
	done, err := plan.Apply()
	if err != nil {
		log.Fatal(err)
	}
	tell("before", in.Solutions[0])
	tell("after", done.Solutions[0])
	// Output:
	// before declared: contoso_mail contoso_orders contoso_spare
	// before used: mail=contoso_mail own=contoso_orders feed=
	// after declared: contoso_post contoso_orders
	// after used: mail=contoso_post own=contoso_orders feed=
}
