package refactor_test

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/refactor"
)

// tester is what a test and one of rapid's have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	FailNow()
}

// checkLaws holds a plan over some input to what all plans promise, and answers what it makes: files differ only where
// the plan says so, its inverse gives every byte back, and nothing is broken that wasn't before. Of a solution that is
// changed, it reads those files.
func checkLaws(
	t tester, in refactor.Input, plan *refactor.Plan, files func(*solution.Solution, []source.Change) iter.Seq[string],
) refactor.Result {
	t.Helper()
	done, err := plan.Apply()
	require.NoError(t, err)
	inverse, err := plan.Inverse()
	require.NoError(t, err)
	undone, err := inverse.Apply()
	require.NoError(t, err)

	changes := map[*solution.Solution][]source.Change{}
	for sol, list := range plan.Changes() {
		changes[sol] = list
	}
	for i, sol := range in.Solutions {
		after, back := done.Solutions[i], undone.Solutions[i]
		if len(changes[sol]) == 0 {
			if after != sol || back != sol {
				t.Errorf("%s: another solution, though the plan doesn't change it", sol.Path())
			}
			continue
		}
		checkModel(t, sol, after)
		edits := map[string][]source.Edit{}
		for _, change := range changes[sol] {
			edits[change.File] = append(edits[change.File], change.Edits...)
		}
		if diff := cmp.Diff(slices.Collect(sol.Files()), slices.Collect(after.Files())); diff != "" {
			t.Errorf("%s: files (-before +after):\n%s", sol.Path(), diff)
		}
		for name := range files(sol, changes[sol]) {
			checkFile(t, fileOf(t, sol, name), fileOf(t, after, name), fileOf(t, back, name), edits[name])
		}
	}
	edits := map[*source.File][]source.Edit{}
	for file, list := range plan.Settings() {
		edits[file] = list
	}
	for i, file := range in.Settings {
		checkFile(t, file, done.Settings[i], undone.Settings[i], edits[file])
	}
	return done
}

func allFiles(sol *solution.Solution, _ []source.Change) iter.Seq[string] { return sol.Files() }

func changedFiles(_ *solution.Solution, changes []source.Change) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, change := range changes {
			if !yield(change.File) {
				return
			}
		}
	}
}

func fileOf(t tester, sol *solution.Solution, name string) *source.File {
	t.Helper()
	file, err := sol.File(name)
	require.NoError(t, err)
	return file
}

// checkFile compares what a plan made of a file with what its edits make of it, and what the inverse made of that with
// the file.
func checkFile(t tester, before, after, back *source.File, edits []source.Edit) {
	t.Helper()
	if !bytes.Equal(before.Bytes(), back.Bytes()) {
		t.Errorf("%s: the inverse gives other bytes:\n%s", before.Name(), cmp.Diff(before.Text(), back.Text()))
	}
	if len(edits) == 0 {
		if after != before && !bytes.Equal(before.Bytes(), after.Bytes()) {
			t.Errorf("%s: it is changed, and the plan doesn't say so", before.Name())
		}
		return
	}
	var text strings.Builder
	done := 0
	for _, e := range edits { // in the order of the file
		text.WriteString(before.Text()[done:e.Span.Start] + e.New)
		done = e.Span.End
	}
	text.WriteString(before.Text()[done:])
	if diff := cmp.Diff(text.String(), after.Text()); diff != "" {
		t.Errorf("%s (-by the plan's edits +by the plan):\n%s", before.Name(), diff)
	}
	if before.Encoding() != after.Encoding() || before.BOM() != after.BOM() {
		t.Errorf("%s: %v, mark %t; it was %v, %t",
			before.Name(), after.Encoding(), after.BOM(), before.Encoding(), before.BOM())
	}
}

// checkModel compares what is wrong with a solution before and after.
func checkModel(t tester, before, after *solution.Solution) {
	t.Helper()
	left := faultsOf(before)
	for _, fault := range faultsOf(after) {
		if i := slices.Index(left, fault); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			t.Errorf("%s: new: %s", before.Path(), fault)
		}
	}
}

// faultsOf are a solution's problems, the bindings without a reference, and the operations without a binding; each told
// without places, which move.
func faultsOf(sol *solution.Solution) (faults []string) {
	for _, p := range sol.Problems() {
		faults = append(faults, p.Rule+" in "+p.At.File)
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			if sol.State(b) == solution.Dangling {
				faults = append(faults, "dangling binding in "+f.FileName)
			}
		}
		for op := range f.Operations() {
			if _, bound := f.Binding(op.Host.Key); !bound && op.Host.Key != "" {
				faults = append(faults, fmt.Sprintf("operation without a binding in %s: %s", f.FileName, op.Path()))
			}
		}
	}
	for m := range sol.Mentions() {
		if m.Kind != solution.MentionBinding && sol.StateOf(m.Reference) == solution.Dangling {
			faults = append(faults, fmt.Sprintf("dangling %v of %s", m.Kind, m.Holder))
		}
	}
	return faults
}
