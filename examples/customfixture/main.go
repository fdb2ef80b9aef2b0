// Command customfixture is a small tool of the kind that teams write for themselves: it names the connection references
// on which more flows run than a limit. It is here for its test, which builds the solutions that it needs instead of
// keeping exports of real ones.
//
//	customfixture LIMIT PATH
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// overshared answers the references that more flows than the limit run on, sorted by name.
func overshared(sol *solution.Solution, limit int) (names []connref.LogicalName, err error) {
	g := graph.New(graph.Input{Solutions: []*solution.Solution{sol}})
	for ref := range sol.References() {
		hit, err := g.Impact(ref.LogicalName)
		if err != nil {
			return nil, err
		}
		if len(hit.Flows) > limit {
			names = append(names, ref.LogicalName)
		}
	}
	return names, nil
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: customfixture LIMIT PATH")
	}
	limit, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	sol, err := solution.Open(context.Background(), os.Args[2], nil)
	if err != nil {
		log.Fatal(err)
	}
	names, err := overshared(sol, limit)
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range names {
		fmt.Println(name)
	}
}
