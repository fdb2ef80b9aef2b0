package refactor

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
)

// Input is what a verb plans over.
type Input struct {
	// Solutions are what may be changed. All copies of a solution that are given are changed alike.
	Solutions []*solution.Solution
	// Graph says who else uses what: it should span Solutions as they are now, and whatever is not to be changed but has to
	// be regarded. Nil is the graph of Solutions, which then are not taken to be all there are.
	Graph *graph.Graph
	// Settings are deployment settings files whose entries go along. Their names stand in the plan.
	Settings []*source.File
}

// draft is a plan in the making.
type draft struct {
	Input
	plan     *Plan
	edits    map[*solution.Solution]*solution.Edits
	settings map[*source.File]*settings
	joins    map[*solution.Flow]map[string]string // of flows: the keys that go away, and what stays of each
	mentions map[*solution.Solution][]solution.Mention
	dropped  map[droppedPart]bool
}

// droppedPart is a part of a solution that is to go.
type droppedPart struct {
	sol  *solution.Solution
	part source.Location
}

func (in Input) draft() *draft {
	if in.Graph == nil {
		in.Graph = graph.New(graph.Input{Solutions: in.Solutions})
	}
	plan := newPlan(in.Solutions, in.Settings)
	in.Solutions, in.Settings = appendNew(nil, in.Solutions...), appendNew(nil, in.Settings...) // each is changed once
	d := &draft{
		Input: in, plan: plan,
		edits:    map[*solution.Solution]*solution.Edits{},
		settings: map[*source.File]*settings{},
		joins:    map[*solution.Flow]map[string]string{},
		mentions: map[*solution.Solution][]solution.Mention{},
		dropped:  map[droppedPart]bool{},
	}
	for _, sol := range in.Solutions {
		d.edits[sol] = &solution.Edits{}
		d.mentions[sol] = slices.Collect(sol.Mentions())
	}
	for _, file := range in.Settings {
		d.settings[file] = d.readSettings(file)
	}
	return d
}

// finish makes the edits that were gathered into changes.
func (d *draft) finish() (*Plan, error) {
	for _, sol := range d.Solutions {
		for f := range sol.Flows() {
			if len(d.joins[f]) == 0 {
				continue
			}
			change, err := f.JoinKeys(d.joins[f])
			if err != nil {
				return nil, err
			}
			d.change(sol, change)
		}
		changes, err := sol.Changes(*d.edits[sol])
		if err != nil {
			return nil, err
		}
		if changes = append(changes, d.plan.changes[sol]...); len(changes) > 0 {
			d.plan.changes[sol] = changes
			d.warnOfManaged(sol)
		}
		d.unread(sol)
	}
	for _, file := range d.Settings {
		edits, err := d.settings[file].edits()
		if err != nil {
			return nil, err
		}
		if len(edits) > 0 {
			d.plan.edits[file] = edits
		}
	}
	d.plan.order()
	done, err := d.plan.Apply()
	if err != nil {
		return nil, err
	}
	if err := d.plan.check(done); err != nil {
		return nil, err
	}
	d.warnOfCircles(done)
	return d.plan, nil
}

// warnOfManaged tells of a changed solution that is made of another one.
func (d *draft) warnOfManaged(sol *solution.Solution) {
	if sol.Manifest().Managed == solution.ManagedYes {
		d.plan.Warnings = append(d.plan.Warnings, Note{
			Text:     "the solution is managed: the next export of the one that it was made of has none of this",
			Solution: sol.Path(),
		})
	}
}

// unread warns of files of a solution that could not be read: what they name is not changed.
func (d *draft) unread(sol *solution.Solution) {
	seen := map[string]bool{}
	for _, p := range sol.Problems() {
		if p.Severity == diag.Error && !seen[p.At.File] {
			seen[p.At.File] = true
			n := noteAt(sol, p.At, "the file has errors: what could not be read of it stays as it is, whatever it names")
			d.plan.Warnings = append(d.plan.Warnings, n)
		}
	}
}

func (d *draft) step(n Note) { d.plan.Steps = append(d.plan.Steps, n) }

func (d *draft) warn(format string, args ...any) {
	d.plan.Warnings = appendNew(d.plan.Warnings, Note{Text: fmt.Sprintf(format, args...)})
}

func (d *draft) refuse(format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "; ") // of joined errors
	d.plan.Refusals = appendNew(d.plan.Refusals, Note{Text: text})
}

// change notes a change of a flow's file.
func (d *draft) change(sol *solution.Solution, change source.Change) {
	if len(change.Edits) > 0 {
		d.plan.changes[sol] = append(d.plan.changes[sol], change)
	}
}

// isGiven tells whether a solution of the graph, or a copy of it, may be changed.
func (d *draft) isGiven(s *graph.Solution) bool {
	return slices.ContainsFunc(d.Solutions, func(sol *solution.Solution) bool {
		return slices.ContainsFunc(s.Copies, func(c *graph.Copy) bool {
			return c.Path == sol.Path() && c.Layout == sol.Layout()
		})
	})
}

// outside names a solution that declares, uses or lists a reference and may not be changed; "" if there is none.
func (d *draft) outside(r *graph.Reference) string {
	all := append(r.DeclaredBy(), r.Consumers().Solutions()...)
	for need := range r.Needs() {
		all = append(all, need.Solution)
	}
	for _, s := range all {
		if !d.isGiven(s) {
			return s.Name()
		}
	}
	return ""
}

// reference answers a reference of the graph, or refuses the verb on it.
func (d *draft) reference(verb string, name connref.LogicalName) *graph.Reference {
	r, err := d.Graph.Reference(name)
	if err != nil {
		d.refuse("%s %s: no solution that was read declares or names it", verb, name)
		return nil
	}
	return r
}

// sorted are the keys of a map in order.
func sorted[V any](m map[connref.LogicalName]V) []connref.LogicalName {
	return slices.Sorted(maps.Keys(m))
}

func appendNew[T comparable](list []T, items ...T) []T {
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}
