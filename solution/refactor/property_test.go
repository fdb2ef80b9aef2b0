package refactor_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/refactor"
)

// verb plans something over an input.
type verb struct {
	text string
	plan func(refactor.Input) (*refactor.Plan, error)
}

// aboutNames are the verbs that are about the references that they are given.
var aboutNames = []string{"rename", "merge", "rebind", "add", "remove", "name", "describe"}

// drawVerb makes one of the verbs over some of the names; news are what references may be renamed to.
func drawVerb(t *rapid.T, kinds, names, news []string) verb {
	name := func(label string, of []string) connref.LogicalName {
		return connref.LogicalName(rapid.SampledFrom(of).Draw(t, label))
	}
	several := func() int { return rapid.IntRange(1, 3).Draw(t, "how many") }
	switch kind := rapid.SampledFrom(kinds).Draw(t, "verb"); kind {
	case "rename":
		var list []refactor.Renaming
		for range several() {
			list = append(list, refactor.Renaming{Old: name("old", names), New: name("new", slices.Concat(names, news))})
		}
		return verb{fmt.Sprint(kind, list), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Rename(in, list...)
		}}
	case "merge":
		var list []refactor.Merging
		for range several() {
			list = append(list, refactor.Merging{
				Keep: name("keep", names), Drop: []connref.LogicalName{name("drop", names), name("drop", names)},
				JoinKeys: rapid.Bool().Draw(t, "join"),
			})
		}
		return verb{fmt.Sprint(kind, list), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Merge(in, list...)
		}}
	case "rebind":
		var list []refactor.Rebinding
		for range several() {
			m := refactor.Rebinding{From: name("from", names), To: name("to", names)}
			if rapid.Bool().Draw(t, "some flows") {
				m.Flows = []connref.FlowID{{0x5e, 0xed, 6: 0x40, 8: 0x80}}
			}
			list = append(list, m)
		}
		return verb{fmt.Sprint(kind, list), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Rebind(in, list...)
		}}
	case "externalise":
		prefix := rapid.SampledFrom([]string{"fx", "new_"}).Draw(t, "prefix")
		return verb{kind + prefix, func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Externalise(in, refactor.PerConnector(prefix))
		}}
	case "add":
		added := name("added", slices.Concat(names, news))
		ref := connref.Reference{LogicalName: added, DisplayName: "new", Connector: "shared_sql"}
		return verb{fmt.Sprint(kind, ref.LogicalName), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Add(in, "s0", ref)
		}}
	case "remove":
		list := []connref.LogicalName{name("removed", names), name("removed", names)}
		return verb{fmt.Sprint(kind, list), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.Remove(in, list...)
		}}
	case "prune":
		return verb{kind, func(in refactor.Input) (*refactor.Plan, error) {
			in.Graph = graph.New(graph.Input{Solutions: in.Solutions, Complete: true})
			return refactor.Prune(in)
		}}
	case "name":
		of := name("named", names)
		return verb{fmt.Sprint(kind, of), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.SetDisplayName(in, refactor.Wording{Reference: of, Text: "A & B\nC"})
		}}
	default:
		of, text := name("described", names), rapid.SampledFrom([]string{"", "text <of> it"}).Draw(t, "text")
		return verb{fmt.Sprint(kind, of), func(in refactor.Input) (*refactor.Plan, error) {
			return refactor.SetDescription(in, refactor.Wording{Reference: of, Text: text})
		}}
	}
}

// contents are the bytes of all files.
func contents(t tester, solutions []*solution.Solution) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, sol := range solutions {
		for name := range sol.Files() {
			files[sol.Path()+"/"+name] = string(fileOf(t, sol, name).Bytes())
		}
	}
	return files
}

func contentsOf(t tester, done refactor.Result) map[string]string {
	t.Helper()
	files := contents(t, done.Solutions)
	for _, file := range done.Settings {
		files[file.Name()] = string(file.Bytes())
	}
	return files
}

// unresolved is how many references solutions need that no solution declares.
func unresolved(solutions []*solution.Solution) (n int) {
	for s := range graph.New(graph.Input{Solutions: solutions}).Solutions() {
		for need := range s.Needs() {
			if len(need.ResolvedBy()) == 0 {
				n++
			}
		}
	}
	return n
}

// Whatever a verb is asked for: its plan keeps the laws, is made again alike, and leaves its input as it was.
func TestLaws(t *testing.T) {
	names := slices.Sorted(maps.Keys(pool))
	news := []string{"fx_new", "fx_mail_22", "FX_mail", "fx_mail.", "not,a,name", ""}
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		v := drawVerb(t, append(aboutNames, "externalise", "prune"), names, news)
		before := contentsOf(t, refactor.Result{Solutions: in.Solutions, Settings: in.Settings})
		plan, err := v.plan(in)
		require.NoError(t, err, v.text)
		again, err := v.plan(in)
		require.NoError(t, err)
		done := checkLaws(t, in, plan, allFiles)
		if diff := cmp.Diff(said(plan), said(again)); diff != "" {
			t.Errorf("%s: planned again (-first +second):\n%s", v.text, diff)
		}
		twin, err := again.Apply()
		require.NoError(t, err)
		if diff := cmp.Diff(contentsOf(t, done), contentsOf(t, twin)); diff != "" {
			t.Errorf("%s: applied again (-first +second):\n%s", v.text, diff)
		}
		after := contentsOf(t, refactor.Result{Solutions: in.Solutions, Settings: in.Settings})
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: the input (-before +after):\n%s", v.text, diff)
		}
		if was, is := unresolved(in.Solutions), unresolved(done.Solutions); is > was {
			t.Errorf("%s: %d needs that nothing meets; there were %d", v.text, is, was)
		}
		if plan.Empty() != cmp.Equal(before, contentsOf(t, done)) {
			t.Errorf("%s: Empty = %t", v.text, plan.Empty())
		}
		if t.Failed() {
			t.Logf("%s:\n%s", v.text, said(plan))
		}
	})
}

func said(plan *refactor.Plan) string {
	var b strings.Builder
	if err := plan.WriteText(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

// A name that is given and taken back leaves no trace, once it is spelled one way.
func TestRenameAndBack(t *testing.T) {
	names := slices.Sorted(maps.Keys(pool))
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		old := connref.LogicalName(rapid.SampledFrom(names).Draw(t, "old"))
		done := refactor.Result{Solutions: in.Solutions, Settings: in.Settings}
		rename := func(from, to connref.LogicalName) {
			plan, err := refactor.Rename(refactor.Input{Solutions: done.Solutions, Settings: done.Settings},
				refactor.Renaming{Old: from, New: to})
			require.NoError(t, err)
			done, err = plan.Apply()
			require.NoError(t, err)
		}
		rename(old, old)
		want := contentsOf(t, done)
		rename(old, "fx_other")
		rename("fx_other", old)
		if diff := cmp.Diff(want, contentsOf(t, done)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
}

// use is who names a reference, and where.
type use struct{ Solution, Kind, Holder, Place, Reference string }

// uses are those of the solutions, with references renamed: of agents' rows, each once, and of flows, what each
// operation runs on.
func uses(solutions []*solution.Solution, to func(connref.LogicalName) connref.LogicalName) map[use]bool {
	all := map[use]bool{}
	for _, sol := range solutions {
		for m := range sol.Mentions() {
			switch m.Kind {
			case solution.MentionAgentRow, solution.MentionAgentData, solution.MentionApp, solution.MentionDeclaration:
				all[use{sol.Path(), m.Kind.String(), m.Holder, "", string(to(m.Reference).Fold())}] = true
			}
		}
		for f := range sol.Flows() {
			for op := range f.Operations() {
				if b, ok := f.Binding(op.Host.Key); ok {
					all[use{sol.Path(), "operation", f.FileName, op.Path(), string(to(b.Reference).Fold()) + string(b.Source)}] = true
				}
			}
		}
	}
	return all
}

// After a merge, the model is what it was with names mapped and the dropped declarations gone.
func TestMergeMapsTheModel(t *testing.T) {
	mails := []connref.LogicalName{"fx_mail", "fx_mail_2", "Fx_Mail.Shared", "xfx_mail"}
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		order := rapid.Permutation(mails).Draw(t, "order")
		keep, drop := order[0], order[1:1+rapid.IntRange(1, 3).Draw(t, "drop")]
		join := rapid.Bool().Draw(t, "join")
		plan, err := refactor.Merge(in, refactor.Merging{Keep: keep, Drop: drop, JoinKeys: join})
		require.NoError(t, err)
		if plan.Err() != nil {
			return // not everything is merged then
		}
		done, err := plan.Apply()
		require.NoError(t, err)
		to := func(name connref.LogicalName) connref.LogicalName {
			if slices.ContainsFunc(drop, name.Equal) {
				return keep
			}
			return name
		}
		want := uses(in.Solutions, to)
		declared := solution.MentionDeclaration.String()
		maps.DeleteFunc(want, func(u use, _ bool) bool { return u.Kind == declared && u.Reference == string(keep.Fold()) })
		for _, sol := range in.Solutions {
			if _, err := sol.Reference(keep); err == nil {
				want[use{sol.Path(), declared, "", "", string(keep.Fold())}] = true
			}
		}
		identity := func(name connref.LogicalName) connref.LogicalName { return name }
		if diff := cmp.Diff(want, uses(done.Solutions, identity)); diff != "" {
			t.Errorf("merge %s into %s (-mapped +merged):\n%s", drop, keep, diff)
		}
		if !join {
			if diff := cmp.Diff(keysOf(in.Solutions), keysOf(done.Solutions)); diff != "" {
				t.Errorf("keys (-before +after):\n%s", diff)
			}
		}
	})
}

// keysOf are the bindings of all flows but for the references.
func keysOf(solutions []*solution.Solution) (list []flow.Binding) {
	for _, sol := range solutions {
		for f := range sol.Flows() {
			for b := range f.Bindings() {
				list = append(list, flow.Binding{Key: b.Key, Connector: b.Connector, Source: b.Source})
			}
		}
	}
	return list
}

// Plans over different references that change different texts can be put together, in whichever order; and to apply
// one, then plan the other, comes to the same model.
func TestDisjointPlansCommute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		first := drawVerb(t, aboutNames, []string{"fx_mail", "xfx_mail", "fx_mail_2"}, []string{"fx_one", "fx_two"})
		second := drawVerb(t, aboutNames, []string{"fx_sql", "fx_sql-b", "Fx_Mail.Shared", "fx_oven"}, []string{"fx_three"})
		p, err := first.plan(in)
		require.NoError(t, err)
		q, err := second.plan(in)
		require.NoError(t, err)
		pq, err := refactor.Combine(p, q)
		qp, errBack := refactor.Combine(q, p)
		if err != nil || errBack != nil {
			if !errors.Is(err, connref.ErrConflict) || !errors.Is(errBack, connref.ErrConflict) {
				t.Errorf("%s, %s: Combine fails with %v; the other way with %v", first.text, second.text, err, errBack)
			}
			return
		}
		together := checkLaws(t, in, pq, allFiles)
		back, err := qp.Apply()
		require.NoError(t, err)
		if diff := cmp.Diff(contentsOf(t, together), contentsOf(t, back)); diff != "" {
			t.Errorf("%s, %s: (-one order +the other):\n%s", first.text, second.text, diff)
		}
		done, err := p.Apply()
		require.NoError(t, err)
		q, err = second.plan(refactor.Input{Solutions: done.Solutions, Settings: done.Settings})
		require.NoError(t, err)
		done, err = q.Apply()
		require.NoError(t, err)
		identity := func(name connref.LogicalName) connref.LogicalName { return name }
		diff := cmp.Diff(uses(together.Solutions, identity), uses(done.Solutions, identity), cmpopts.EquateEmpty())
		if diff != "" {
			t.Errorf("%s, %s: (-together +one after the other):\n%s", first.text, second.text, diff)
		}
	})
}
