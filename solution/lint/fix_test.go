package lint_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/lint"
)

func TestFix(t *testing.T) {
	const file = "customizations.xml"
	alternatives := failing("alternatives", func(_ context.Context, p *lint.Pass) error {
		f, err := p.Solution.File(file)
		if err != nil {
			return err
		}
		at := strings.Index(f.Text(), ">Mail<")
		if at < 0 {
			return nil
		}
		edit := f.NewEdit(source.Span{Start: at, End: at + len(">Mail<")}, ">One<")
		p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "it is called Mail", Fixes: []diag.Fix{
			{Message: "write One", Changes: []source.Change{{File: file, Edits: []source.Edit{edit}}}},
			{Message: "note it", Changes: []source.Change{{File: "note.txt", Create: []byte("Mail")}}},
		}})
		return nil
	})
	unfit := failing("unfit", func(_ context.Context, p *lint.Pass) error {
		p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "unfit", Fixes: []diag.Fix{{
			Message: "write what can't be", Changes: []source.Change{{File: "missing.xml", Edits: []source.Edit{{New: "x"}}}},
		}}})
		return nil
	})
	useless := failing("useless", func(_ context.Context, p *lint.Pass) error {
		p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "useless", Fixes: []diag.Fix{{
			Message: "touch another file", Changes: []source.Change{{File: "new.txt", Create: []byte("x")}},
		}}})
		return nil
	})
	second := failing("second", func(_ context.Context, p *lint.Pass) error {
		if _, err := p.Solution.File("new.txt"); err == nil {
			return nil
		}
		p.Report(lint.Finding{At: p.Solution.Manifest().At, Message: "no new.txt", Fixes: []diag.Fix{
			{Message: "try", Changes: []source.Change{{File: "missing.xml", Edits: []source.Edit{{New: "x"}}}}},
			{Message: "make it", Changes: []source.Change{{File: "new.txt", Create: []byte("x")}}},
		}})
		return nil
	})
	for name, test := range map[string]struct {
		rules   []*lint.Rule
		applied []string
		want    []string // texts of the file
		not     []string
		left    int
		broken  string
	}{
		"side by side": {
			rules:   []*lint.Rule{replacing("mail", file, ">Mail<", ">Post<"), replacing("sql", file, ">SQL<", ">Rows<")},
			applied: []string{"mail: write >Post<", "sql: write >Rows<"},
			want:    []string{">Post<", ">Rows<"}, not: []string{">Mail<", ">SQL<"},
		},
		"one after the other": {
			rules:   []*lint.Rule{replacing("a-first", file, ">Mail<", ">Post<"), replacing("b-second", file, "Post", "Letters")},
			applied: []string{"a-first: write >Post<", "b-second: write Letters"},
			want:    []string{">Letters<"},
		},
		"the same fix of two": {
			rules:   []*lint.Rule{replacing("one", file, ">Mail<", ">Post<"), replacing("two", file, ">Mail<", ">Post<")},
			applied: []string{"one: write >Post<", "two: write >Post<"},
			want:    []string{">Post<"},
		},
		"of two that clash one waits, and then has nothing to do": {
			rules:   []*lint.Rule{replacing("one", file, ">Mail<", ">Post<"), replacing("two", file, ">Mail", ">Letters")},
			applied: []string{"two: write >Letters"},
			want:    []string{">Letters<"},
		},
		"back and forth comes to an end": {
			rules:   []*lint.Rule{replacing("there", file, ">Mail<", ">Post<"), replacing("back", file, ">Post<", ">Mail<")},
			applied: []string{"there: write >Post<", "back: write >Mail<"},
			want:    []string{">Mail<"}, left: 1,
		},
		"the first of alternatives": {
			rules: []*lint.Rule{alternatives}, applied: []string{"alternatives: write One"}, want: []string{">One<"},
		},
		"another one, since the first clashes": {
			rules:   []*lint.Rule{alternatives, replacing("mail", file, ">Mail<", ">Post<")},
			applied: []string{"mail: write >Post<", "alternatives: note it"},
			want:    []string{">Post<"},
		},
		"one that can't be applied": {
			rules:   []*lint.Rule{unfit, replacing("sql", file, ">SQL<", ">Rows<")},
			applied: []string{"sql: write >Rows<"},
			want:    []string{">Rows<"}, left: 1, broken: "the fix to write what can't be can't be applied",
		},
		"another one, since the first can't be applied": {
			rules:   []*lint.Rule{second, replacing("sql", file, ">SQL<", ">Rows<")},
			applied: []string{"sql: write >Rows<", "second: make it"},
			want:    []string{">Rows<"},
		},
		"one of many that can't be applied": {
			rules: []*lint.Rule{
				replacing("a", file, ">Mail<", ">Post<"), replacing("b", file, ">SQL<", ">Rows<"), unfit,
				replacing("c", "solution.xml", "1.0.0.0", "1.0.0.1"), replacing("d", "solution.xml", ">Orders<", ">Stock<"),
			},
			applied: []string{"a: write >Post<", "b: write >Rows<", "d: write >Stock<", "c: write 1.0.0.1"},
			left:    1, broken: "can't be applied",
		},
		"one that mends nothing": {
			rules: []*lint.Rule{useless}, applied: []string{"useless: touch another file"}, left: 1,
		},
	} {
		in := input(build(t, "Orders", "Daily"))
		fixed, err := lint.Fix(context.Background(), in, config(test.rules...))
		require.NoError(t, err, name)
		var applied []string
		for _, a := range fixed.Applied {
			applied = append(applied, a.Finding.Rule+": "+a.Fix.Message)
		}
		if diff := cmp.Diff(test.applied, applied); diff != "" {
			t.Errorf("%s: applied (-want +got):\n%s", name, diff)
		}
		f, err := fixed.Solutions[0].File(file)
		require.NoError(t, err)
		for _, text := range test.want {
			if !strings.Contains(f.Text(), text) {
				t.Errorf("%s: the file lacks %q", name, text)
			}
		}
		for _, text := range test.not {
			if strings.Contains(f.Text(), text) {
				t.Errorf("%s: the file has %q", name, text)
			}
		}
		if len(fixed.Left.Findings) != test.left {
			t.Errorf("%s: left %v, want %d", name, fixed.Left.Findings, test.left)
		}
		if test.broken == "" {
			require.NoError(t, fixed.Left.Err(), name)
		} else {
			require.ErrorContains(t, fixed.Left.Err(), test.broken, name)
		}
		before, err := in.Solutions[0].File(file)
		require.NoError(t, err)
		if !strings.Contains(before.Text(), ">Mail<") {
			t.Errorf("%s: what was given has changed", name)
		}
	}
}

// A solution that no fix touches is the very same.
func TestFixLeavesOthers(t *testing.T) {
	in := input(build(t, "Orders"), edited(t, build(t, "Stock"), "customizations.xml", ">Mail<", ">Post<"))
	fixed, err := lint.Fix(context.Background(), in, config(replacing("mail", "customizations.xml", ">Mail<", ">Post<")))
	require.NoError(t, err)
	if fixed.Solutions[0] == in.Solutions[0] || fixed.Solutions[1] != in.Solutions[1] {
		t.Error("want the first solution to be another one and the second to be the same")
	}
}

// A fix that spells a file otherwise goes together with one that edits its text.
func TestFixSpells(t *testing.T) {
	const file = "customizations.xml"
	marked := source.Spelling{Encoding: source.UTF8, BOM: true}
	unmarked := failing("unmarked", func(_ context.Context, p *lint.Pass) error {
		f, err := p.Solution.File(file)
		if err != nil || f.BOM() {
			return err
		}
		p.Report(lint.Finding{At: source.Location{File: file}, Message: "no mark", Fixes: []diag.Fix{
			{Message: "mark it", Changes: []source.Change{{File: file, Spelling: marked}}},
		}})
		return nil
	})
	in := input(build(t, "Orders"))
	fixed, err := lint.Fix(context.Background(), in, config(unmarked, replacing("mail", file, ">Mail<", ">Post<")))
	require.NoError(t, err)
	require.NoError(t, fixed.Left.Err())
	f, err := fixed.Solutions[0].File(file)
	require.NoError(t, err)
	if !strings.Contains(f.Text(), ">Post<") || f.Spelling() != marked || len(fixed.Applied) != 2 {
		t.Errorf("applied %v, spelling %v", fixed.Applied, f.Spelling())
	}
}
