package graph

import "slices"

// Order is an order in which solutions can be imported.
type Order struct {
	Solutions []*Solution // each after those that it depends on, else in the order read
	// Cycles are solutions that need each other, so that no order is right: each Dependency's To is the From of the next,
	// the last one's that of the first.
	Cycles [][]Dependency
}

// ImportOrder answers in which order the solutions can be imported.
func (g *Graph) ImportOrder() Order {
	const (
		open = iota + 1
		done
	)
	of := map[*Solution][]Dependency{}
	for _, d := range g.dependencies {
		of[d.From] = append(of[d.From], d)
	}
	var order Order
	state := make([]int, len(g.solutions))
	var way []Dependency
	var visit func(s *Solution)
	visit = func(s *Solution) {
		state[s.index] = open
		for _, d := range of[s] {
			way = append(way, d)
			switch state[d.To.index] {
			case open:
				start := slices.IndexFunc(way, func(w Dependency) bool { return w.From == d.To })
				order.Cycles = appendCycle(order.Cycles, slices.Clone(way[start:]))
			case done:
			default:
				visit(d.To)
			}
			way = way[:len(way)-1]
		}
		state[s.index] = done
		order.Solutions = append(order.Solutions, s)
	}
	for _, s := range g.solutions {
		if state[s.index] == 0 {
			visit(s)
		}
	}
	return order
}

// appendCycle adds a cycle unless one through the same solutions is known, which only names other things.
func appendCycle(cycles [][]Dependency, cycle []Dependency) [][]Dependency {
	same := func(known []Dependency) bool {
		return slices.EqualFunc(known, cycle, func(a, b Dependency) bool { return a.From == b.From && a.To == b.To })
	}
	if slices.ContainsFunc(cycles, same) {
		return cycles
	}
	return append(cycles, cycle)
}
