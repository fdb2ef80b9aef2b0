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
	needs := map[*Solution][]Dependency{}
	for _, d := range g.dependencies {
		needs[d.From] = append(needs[d.From], d)
	}
	var order Order
	open := make([]bool, len(g.solutions))
	done := make([]bool, len(g.solutions))
	circular := false
	var visit func(s *Solution)
	visit = func(s *Solution) {
		open[s.index] = true
		for _, d := range needs[s] {
			switch {
			case open[d.To.index]:
				circular = true
			case !done[d.To.index]:
				visit(d.To)
			}
		}
		open[s.index], done[s.index] = false, true
		order.Solutions = append(order.Solutions, s)
	}
	for _, s := range g.solutions {
		if !done[s.index] {
			visit(s)
		}
	}
	if circular {
		order.Cycles = g.cycles(needs)
	}
	return order
}

// cycles answers circles of solutions that need each other, so that each solution in one is named: its shortest, unless
// the circle of one before it goes through it.
func (g *Graph) cycles(needs map[*Solution][]Dependency) (cycles [][]Dependency) {
	told := map[*Solution]bool{}
	for _, s := range g.solutions {
		if told[s] {
			continue
		}
		if cycle := cycleOf(s, needs); cycle != nil {
			cycles = append(cycles, cycle)
			for _, d := range cycle {
				told[d.From] = true
			}
		}
	}
	return cycles
}

// cycleOf answers a shortest way from a solution over what it needs back to itself; nil if there is none.
func cycleOf(s *Solution, needs map[*Solution][]Dependency) []Dependency {
	came := map[*Solution]Dependency{} // by which dependency a solution was got to first
	for queue := []*Solution{s}; len(queue) > 0; queue = queue[1:] {
		for _, d := range needs[queue[0]] {
			if _, known := came[d.To]; known {
				continue
			}
			came[d.To] = d
			queue = append(queue, d.To)
		}
		if back, found := came[s]; found {
			cycle := []Dependency{back}
			for cycle[0].From != s {
				cycle = slices.Insert(cycle, 0, came[cycle[0].From])
			}
			return cycle
		}
	}
	return nil
}
