package diag

import "fmt"

// MaxOfRule is how many findings of one rule a Collector takes. A file of nothing but faults must not be told fault by
// fault: a finding costs memory, and nobody reads the second thousand.
const MaxOfRule = 1000

// Collector collects findings: of each rule the first MaxOfRule, then one more that says there are more. The zero
// Collector is empty and ready.
type Collector struct {
	list  List
	count map[string]int
}

// Wants tells whether a finding of the rule would still be taken, so that none is made in vain.
func (c *Collector) Wants(r Rule) bool { return c.count[r.ID] <= MaxOfRule }

// Add takes a finding, unless there were enough of its rule.
func (c *Collector) Add(d Diagnostic) {
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[d.Rule]++
	switch n := c.count[d.Rule]; {
	case n > MaxOfRule+1:
		return
	case n > MaxOfRule:
		d.Message = fmt.Sprintf("more of the same from here on: only the first %d are reported", MaxOfRule)
	}
	c.list = append(c.list, d)
}

// List is what was collected, in order.
func (c *Collector) List() List { return c.list }
