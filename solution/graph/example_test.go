package graph_test

import (
	"fmt"
	"log"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// shop answers two solutions: Connections declares references, of which that for mail has the given name, and Orders
// uses them.
func shop(mail string) ([]*solution.Solution, error) {
	connections := export{
		name: "Connections",
		refs: []string{mail + " office365 Mail", "contoso_stock sql Stock", "contoso_old sql Old stock"},
	}
	orders := export{
		name:    "Orders",
		missing: []string{"contoso_mail Connections (1.0)", "contoso_stock Connections (1.0)"},
		flows: []process{
			{id: 1, name: "Daily digest", keys: []string{"mail Contoso_Mail office365"}, steps: []string{"Send: mail"}},
			{id: 2, name: "Order intake", keys: []string{"mail contoso_mail office365", "stock contoso_stock sql"},
				when: "Mail arrives: mail", steps: []string{"Check > In stock (else) > Apologise: mail", "Check > Reserve: stock"}},
			{id: 3, name: "Night run", steps: []string{"Digest: flow 1"}},
		},
		apps: []string{"Stocktaking sql"},
	}
	var list []*solution.Solution
	for sol, err := range stream([]export{orders, connections}) {
		if err != nil {
			return nil, err
		}
		list = append(list, sol)
	}
	return list, nil
}

// What does a change of one reference reach?
func ExampleGraph_Impact() {
	solutions, err := shop("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Input{Solutions: solutions})

	hit, err := g.Impact("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	for _, op := range hit.Operations {
		fmt.Printf("%s: %s\n", op.Flow.Name, op.Path())
	}
	for _, r := range hit.Reached {
		fmt.Printf("%s, since it calls %s\n", r.Name(), r.Calls[0].Callee.Name)
	}
	for _, doubt := range hit.Doubts {
		fmt.Println("perhaps more:", doubt)
	}
	// Output:
	// Daily digest: Send
	// Order intake: Mail arrives
	// Order intake: Check > In stock (else) > Apologise
	// Night run, since it calls Daily digest
	// perhaps more: the solutions read are not declared to be all there are
}

// What stops when somebody leaves, and a connection with them?
func ExampleGraph_ImpactOfConnection() {
	solutions, err := shop("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Input{
		Solutions: solutions,
		Environments: []graph.Inventory{{
			Name: "Production",
			References: []connref.Reference{
				{LogicalName: "contoso_mail", Connection: "shared-office365-7c1e"},
				{LogicalName: "contoso_stock", Connection: "9d3b51f0"},
			},
		}},
	})

	hit, err := g.ImpactOfConnection("shared-office365-7c1e")
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range hit.References {
		fmt.Println("through", r.Name)
	}
	for _, f := range hit.Flows {
		fmt.Println("stops:", f.Name)
	}
	for _, r := range hit.Reached {
		fmt.Println("fails with it:", r.Name())
	}
	// Output:
	// through contoso_mail
	// stops: Daily digest
	// stops: Order intake
	// fails with it: Night run
}

// Which references does nothing use, and how sure is that?
func ExampleGraph_Unused() {
	solutions, err := shop("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Input{Solutions: solutions, Complete: true})

	for u := range g.Unused() {
		fmt.Printf("%s, conclusive: %t\n", u.Reference.Name, u.Conclusive())
		for _, doubt := range u.Doubts {
			fmt.Println("-", doubt)
		}
	}
	// Output:
	// contoso_old, conclusive: false
	// - canvas app Stocktaking in Orders connects to shared_sql without naming a reference
}

// In which order can the solutions be imported?
func ExampleGraph_ImportOrder() {
	solutions, err := shop("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	g := graph.New(graph.Input{Solutions: solutions})

	order := g.ImportOrder()
	for _, s := range order.Solutions {
		fmt.Println(s.Name())
	}
	for _, cycle := range order.Cycles {
		fmt.Println("no order is right:", cycle)
	}
	for d := range g.Dependencies() {
		fmt.Printf("%s needs %s %s of %s\n", d.From.Name(), d.Kind, d.Name, d.To.Name())
	}
	// Output:
	// Connections
	// Orders
	// Orders needs reference contoso_mail of Connections
	// Orders needs reference contoso_stock of Connections
}

// What does a new version change, and whom does it break?
func ExampleDiff() {
	before, err := shop("contoso_mail")
	if err != nil {
		log.Fatal(err)
	}
	after, err := shop("contoso_outlook")
	if err != nil {
		log.Fatal(err)
	}
	d := graph.Diff(graph.New(graph.Input{Solutions: before}), graph.New(graph.Input{Solutions: after}))

	for _, r := range d.Added {
		fmt.Println("added", r.Name)
	}
	for _, r := range d.Removed {
		fmt.Printf("removed %s, which %d flows still use\n", r.Reference.Name, len(r.StillUsed.Flows))
	}
	for _, r := range d.Renamed {
		fmt.Printf("%s looks like %s under another name\n", r.New.Name, r.Old.Name)
	}
	// Output:
	// added contoso_outlook
	// removed contoso_mail, which 2 flows still use
	// contoso_outlook looks like contoso_mail under another name
}
