package lint_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

func TestCheck(t *testing.T) {
	right := func(change func(*lint.Rule)) *lint.Rule {
		r := &lint.Rule{ID: "T1", Name: "right", Doc: "It is right", Severity: diag.Info, Run: everyKey.Run}
		change(r)
		return r
	}
	same := func(*lint.Rule) {}
	for name, test := range map[string]struct {
		rules []*lint.Rule
		err   error
		want  string
	}{
		"right":     {[]*lint.Rule{right(same), everyKey}, nil, ""},
		"no id":     {[]*lint.Rule{right(func(r *lint.Rule) { r.ID = "" })}, nil, ""},
		"nil":       {[]*lint.Rule{nil}, connref.ErrInvalid, "rule 1 is nil"},
		"no name":   {[]*lint.Rule{right(func(r *lint.Rule) { r.Name = "" })}, connref.ErrInvalid, `name ""`},
		"name":      {[]*lint.Rule{right(func(r *lint.Rule) { r.Name = "Two Words" })}, connref.ErrInvalid, "kebab-case"},
		"id":        {[]*lint.Rule{right(func(r *lint.Rule) { r.ID = "T 1" })}, connref.ErrInvalid, `id "T 1"`},
		"family":    {[]*lint.Rule{right(func(r *lint.Rule) { r.Family = "A" })}, connref.ErrInvalid, `family "A"`},
		"doc":       {[]*lint.Rule{right(func(r *lint.Rule) { r.Doc = "\nlate" })}, connref.ErrInvalid, "no doc"},
		"severity":  {[]*lint.Rule{right(func(r *lint.Rule) { r.Severity = 0 })}, connref.ErrInvalid, "severity(0)"},
		"scope":     {[]*lint.Rule{right(func(r *lint.Rule) { r.Scope = 9 })}, connref.ErrInvalid, "scope(9)"},
		"needs":     {[]*lint.Rule{right(func(r *lint.Rule) { r.Needs = 128 })}, connref.ErrInvalid, "needs 0x80"},
		"run":       {[]*lint.Rule{right(func(r *lint.Rule) { r.Run = nil })}, connref.ErrInvalid, "no run function"},
		"twice":     {[]*lint.Rule{right(same), everyKey, right(same)}, connref.ErrDuplicate, "rule 3 T1 right: rule 1 has"},
		"same name": {[]*lint.Rule{right(same), right(func(r *lint.Rule) { r.ID = "T2" })}, connref.ErrDuplicate, "right too"},
		"name is id": {
			[]*lint.Rule{right(same), right(func(r *lint.Rule) { r.ID, r.Name = "T2", "t1" })}, connref.ErrDuplicate, "t1 too",
		},
	} {
		err := lint.Check(test.rules...)
		switch {
		case test.err == nil && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.err != nil && (!errors.Is(err, test.err) || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: err = %v, want %v with %q", name, err, test.err, test.want)
		}
		in := input(build(t, "Orders"))
		if _, runErr := lint.Run(context.Background(), in, lint.Config{Rules: test.rules}); (err == nil) != (runErr == nil) {
			t.Errorf("%s: Check answers %v, Run %v", name, err, runErr)
		}
	}
}

func TestRuleIs(t *testing.T) {
	r := &lint.Rule{ID: "CR301", Name: "undeclared-reference", Family: "solution"}
	for selector, want := range map[string]bool{
		"CR301": true, "cr301": true, "Undeclared-Reference": true, "solution": true, "CR3xx": true, "cr3XX": true,
		"CR3": false, "CR2xx": false, "": false, "xx": false,
	} {
		if got := r.Is(selector); got != want {
			t.Errorf("Is(%q) = %v, want %v", selector, got, want)
		}
	}
	if (&lint.Rule{Name: "own"}).Is("") {
		t.Error("a rule without an id is what an empty selector means")
	}
}

func TestWords(t *testing.T) {
	got := []string{
		everyKey.String(), failing("own-rule", nil).String(), failing("own-rule", nil).Key(),
		(lint.NeedsOld | lint.NeedsPolicy).String(), lint.Needs(0).String(),
		lint.ScopeSolution.String(), lint.ScopeFlow.String(), lint.ScopeSet.String(),
		(&lint.Rule{Doc: "The title\n\nThe rest."}).Title(),
	}
	want := []string{
		"T101 every-key", "own-rule", "own-rule", "old version, policy", "", "solution", "flow", "set", "The title",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}
