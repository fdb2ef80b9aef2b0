// Command quickstart prints which flows run on which connection reference of a solution.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/connref/connref/solution"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: quickstart PATH")
	}
	sol, err := solution.Open(context.Background(), os.Args[1], nil)
	if err != nil {
		log.Fatal(err)
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			fmt.Printf("%s: %s (%s) %s\n", f.Name, b.Key, sol.State(b), b.Reference)
			for op := range f.UsersOf(b.Key) {
				fmt.Printf("    %s\n", op.Path())
			}
		}
	}
	for _, problem := range sol.Problems() {
		fmt.Println(problem)
	}
}
