package refactor

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// ErrRefused says that a verb refuses something that it was asked for.
var ErrRefused = errors.New("refused")

// Plan is what a verb would do. Nothing is done until Apply, and Apply writes nothing: it answers new solutions. It
// never changes; safe for use by many goroutines.
type Plan struct {
	// Steps are what the plan does, in the order of solutions and there of places.
	Steps []Note
	// Warnings are what is left to do by hand, in an environment say, and what is not known.
	Warnings []Note
	// Refusals are what the verb was asked for and doesn't do, and why. What else it was asked for is in the plan.
	Refusals []Note

	solutions []*solution.Solution // all that were given
	settings  []*source.File
	changes   map[*solution.Solution][]source.Change
	edits     map[*source.File][]source.Edit              // of settings
	claims    map[connref.LogicalName]connref.LogicalName // folded names that the plan gives out, and who gets each
	apply     func() (Result, error)
}

// Result is what a plan makes of the solutions and settings files that its verb was given, each in its place: changed,
// or the very same where the plan doesn't touch it.
type Result struct {
	Solutions []*solution.Solution
	Settings  []*source.File
}

func newPlan(solutions []*solution.Solution, settings []*source.File) *Plan {
	p := &Plan{
		solutions: slices.Clone(solutions), settings: slices.Clone(settings),
		changes: map[*solution.Solution][]source.Change{},
		edits:   map[*source.File][]source.Edit{},
		claims:  map[connref.LogicalName]connref.LogicalName{},
	}
	p.apply = sync.OnceValues(p.applied)
	return p
}

// Changes yields the solutions that the plan changes, in the order given, and how.
func (p *Plan) Changes() iter.Seq2[*solution.Solution, []source.Change] {
	return func(yield func(*solution.Solution, []source.Change) bool) {
		for _, sol := range p.solutions {
			if changes := p.changes[sol]; len(changes) > 0 && !yield(sol, changes) {
				return
			}
		}
	}
}

// Settings yields the settings files that the plan changes, in the order given, and how.
func (p *Plan) Settings() iter.Seq2[*source.File, []source.Edit] {
	return func(yield func(*source.File, []source.Edit) bool) {
		for _, file := range p.settings {
			if edits := p.edits[file]; len(edits) > 0 && !yield(file, edits) {
				return
			}
		}
	}
}

// Empty tells whether the plan changes nothing.
func (p *Plan) Empty() bool { return len(p.changes) == 0 && len(p.edits) == 0 }

// Err answers nil if the verb does all that it was asked for, else an error that joins the refusals and is an
// ErrRefused.
func (p *Plan) Err() error {
	var refusals []error
	for _, n := range p.Refusals {
		refusals = append(refusals, fmt.Errorf("%s: %w", n, ErrRefused))
	}
	return errors.Join(refusals...)
}

// Apply answers what the plan makes of the solutions and settings files, all of it or nothing. It answers the same each
// time. It fails as solution.Solution.With does.
func (p *Plan) Apply() (Result, error) {
	done, err := p.apply()
	return Result{slices.Clone(done.Solutions), slices.Clone(done.Settings)}, err
}

func (p *Plan) applied() (Result, error) {
	var r Result
	for _, sol := range p.solutions {
		next, err := sol.With(p.changes[sol]...)
		if err != nil {
			return Result{}, err
		}
		r.Solutions = append(r.Solutions, next)
	}
	for _, file := range p.settings {
		next, err := file.Apply(p.edits[file]...)
		if err != nil {
			return Result{}, err
		}
		r.Settings = append(r.Settings, next)
	}
	return r, nil
}

// Inverse answers the plan that undoes this one, over the solutions that Apply answers: it gives the bytes of every
// file back. Its steps are those of this plan, and name the places that they give back. It fails as Apply does.
func (p *Plan) Inverse() (*Plan, error) {
	done, err := p.Apply()
	if err != nil {
		return nil, err
	}
	inverse := newPlan(done.Solutions, done.Settings)
	for i, sol := range p.solutions {
		changes, err := sol.Inverse(p.changes[sol]...)
		if err != nil {
			return nil, err
		}
		if len(changes) > 0 {
			inverse.changes[done.Solutions[i]] = changes
		}
	}
	for i, file := range p.settings {
		if edits := p.edits[file]; len(edits) > 0 {
			inverse.edits[done.Settings[i]] = source.Invert(edits...)
		}
	}
	for _, step := range p.Steps {
		step.Text = "undo: " + step.Text
		inverse.Steps = append(inverse.Steps, step)
	}
	if len(p.Warnings) > 0 {
		inverse.Warnings = []Note{{Text: "files become what they were; what was done in environments since stays"}}
	}
	return inverse, nil
}

// FileChange is a file that a plan changes. Before is nil if the plan creates it, After if the plan removes it.
type FileChange struct {
	Solution      *solution.Solution // as it was; nil for a settings file
	Before, After *source.File
}

// Files answers the files that the plan changes, before and after, in the order of Changes and then of Settings. It
// fails as Apply does.
func (p *Plan) Files() ([]FileChange, error) {
	done, err := p.Apply()
	if err != nil {
		return nil, err
	}
	var files []FileChange
	for i, sol := range p.solutions {
		for _, change := range p.changes[sol] {
			file := FileChange{Solution: sol}
			if change.Create == nil {
				if file.Before, err = sol.File(change.File); err != nil {
					return nil, err
				}
			}
			if !change.Remove {
				if file.After, err = done.Solutions[i].File(change.File); err != nil {
					return nil, err
				}
			}
			files = append(files, file)
		}
	}
	for i, file := range p.settings {
		if len(p.edits[file]) > 0 {
			files = append(files, FileChange{Before: file, After: done.Settings[i]})
		}
	}
	return files, nil
}

// WriteText writes the plan in words, a line for each note: what it does, then "warning: …" and "refused: …".
func (p *Plan) WriteText(w io.Writer) error {
	for _, part := range []struct {
		label string
		notes []Note
	}{{"", p.Steps}, {"warning: ", p.Warnings}, {"refused: ", p.Refusals}} {
		for _, n := range part.notes {
			if _, err := fmt.Fprintf(w, "%s%s\n", part.label, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// order puts the steps in the order of solutions and places, what is about no place first, and makes one change for
// each file, in the order of names.
func (p *Plan) order() {
	place := map[string]int{}
	for i, sol := range p.solutions {
		place[sol.Path()] = i + 1
		if changes := p.changes[sol]; len(changes) > 0 {
			p.changes[sol] = byFile(changes)
		}
	}
	for i, file := range p.settings {
		place[file.Name()] = len(p.solutions) + i + 1
		slices.SortFunc(p.edits[file], byPlace)
	}
	slices.SortStableFunc(p.Steps, func(a, b Note) int {
		return cmp.Or(
			cmp.Compare(place[a.Solution], place[b.Solution]),
			cmp.Compare(a.At.File, b.At.File),
			cmp.Compare(a.At.Span.Start, b.At.Span.Start),
		)
	})
}

// byFile makes one change of those of a file, in the order of names, its edits in the order of places.
func byFile(changes []source.Change) (list []source.Change) {
	changes = slices.Clone(changes)
	slices.SortStableFunc(changes, func(a, b source.Change) int { return cmp.Compare(a.File, b.File) })
	for _, change := range changes {
		if n := len(list); n > 0 && list[n-1].File == change.File {
			list[n-1].Edits = append(list[n-1].Edits, change.Edits...)
		} else {
			change.Edits = slices.Clone(change.Edits)
			list = append(list, change)
		}
	}
	for _, change := range list {
		slices.SortFunc(change.Edits, byPlace)
	}
	return list
}

func byPlace(a, b source.Edit) int {
	return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}
