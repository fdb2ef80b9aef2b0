package audit_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/audit"
	"github.com/connref/connref/solution/graph"
)

func ExampleNew() {
	sol, err := solution.OpenFS(context.Background(), parcels(), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range audit.New(sol).Solutions {
		for _, ref := range s.References {
			fmt.Printf("%s: %d flows, %d operations, %d agents\n", ref.LogicalName, ref.Flows, ref.Operations, ref.Agents)
		}
	}
	// Output:
	// fx_Mail: 2 flows, 3 operations, 1 agents
	// fx_idle: 0 flows, 0 operations, 0 agents
}

func ExampleImpactOf() {
	sol, err := solution.OpenFS(context.Background(), parcels(), nil)
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
	hit, err := audit.ImpactOf(g, "fx_mail")
	if err != nil {
		log.Fatal(err)
	}
	if err := hit.WriteText(os.Stdout, nil); err != nil {
		log.Fatal(err)
	}
	// Output:
	// fx_mail
	//   reference · 2 flows, 3 operations, 1 agent component
	//   declared by Parcels
	//
	//   Flows
	//     Notify  Parcels
	//       Loop > Send
	//       Send_again
	//     Remind  Parcels
	//       Send
	//
	//   Agent components
	//     fx_bot.topic.Parcel
	//
	//   There may be more
	//     the solutions read are not declared to be all there are
	//     Workflows/Broken.json in . has errors: what could not be read of it may use it
}

func ExampleDocument_WriteText() {
	sol, err := solution.OpenFS(context.Background(), parcels(), nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := audit.New(sol).WriteText(os.Stdout, nil); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Parcels 1.2.0.0
	//   . · folder · managed · 2 flows · 5 operations · 2 references
	//
	//   Problems
	//     error   Workflows/Broken.json:1:15: not JSON: unexpected end of the file: expected a JSON value [CR122 unparsable-flow]
	//     info    Workflows/Notify-0B7E4C52-11D8-4B5A-9C36-5B5E21C0A7F1.json: the solution's metadata has no entry for this flow: its id, name and state are not known [CR008 unlisted-flow]
	//     info    Workflows/Remind.json: the solution's metadata has no entry for this flow: its id, name and state are not known [CR008 unlisted-flow]
	//
	//   Shared
	//     fx_Mail  shared_office365  2 flows, 3 operations, 1 agent component
	//       Notify, Remind
	//
	//   Unused here, as far as could be read
	//     fx_idle  shared_teams
	//       but Workflows/Broken.json in . has errors: what could not be read of it may use it
	//
	//   External: another solution must bring it
	//     fx_base
	//       Notify
	//
	//   Dangling: neither declared here nor listed as missing, as far as could be read
	//     fx_gone
	//       Remind
	//
	//   Direct: no connection reference
	//     shared_rss
	//       Remind
	//
	// 1 solution, 2 flows, 5 operations, 2 references, 3 problems
}
