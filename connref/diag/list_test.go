package diag_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

func finding(solution, file string, start, end int, rule, message string) diag.Diagnostic {
	at := source.Location{File: file, Span: source.Span{Start: start, End: end}}
	return diag.Diagnostic{Solution: solution, At: at, Rule: rule, Message: message, Severity: diag.Info}
}

// Findings come in one order whoever found them first: a report mustn't change from run to run.
func TestListSort(t *testing.T) {
	want := diag.List{
		finding("", "z.json", 9, 9, "CR9", "z"),
		finding("a", "", 0, 0, "CR9", "z"),
		finding("a", "a.json", 2, 3, "CR9", "z"),
		finding("a", "a.json", 10, 11, "CR9", "z"), // by number, not by digits
		finding("a", "a.json", 10, 12, "CR1", "z"),
		finding("a", "a.json", 10, 12, "CR2", "a"),
		finding("a", "a.json", 10, 12, "CR2", "b"),
		finding("a", "b.json", 0, 0, "CR1", "a"),
		finding("b", "a.json", 0, 0, "CR1", "a"),
	}
	for seed := range uint64(20) {
		got := append(diag.List(nil), want...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		got.Sort()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got)\n%s", seed, diff)
		}
	}
}

// What the order doesn't tell apart stays as it came.
func TestListSortIsStable(t *testing.T) {
	l := diag.List{{Name: "second"}, {Name: "first"}, {Name: "third"}}
	want := append(diag.List(nil), l...)
	l.Sort()
	if diff := cmp.Diff(want, l); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestListErr(t *testing.T) {
	type outcome struct {
		Worst  diag.Severity
		Errors int
		Err    string
	}
	info := diag.Diagnostic{Message: "info", Severity: diag.Info}
	warning := diag.Diagnostic{Message: "warning", Severity: diag.Warning}
	broken := diag.Diagnostic{Message: "broken", Severity: diag.Error, At: source.Location{File: "a.json"}, Rule: "CR1"}
	another := diag.Diagnostic{Message: "another", Severity: diag.Error}
	tests := map[string]struct {
		list diag.List
		want outcome
	}{
		"nil":          {nil, outcome{0, 0, ""}},
		"empty":        {diag.List{}, outcome{0, 0, ""}},
		"mild":         {diag.List{info, warning, info}, outcome{diag.Warning, 0, ""}},
		"forgotten":    {diag.List{{Message: "no severity"}}, outcome{0, 0, ""}},
		"no severity":  {diag.List{{Message: "no severity", Severity: 9}}, outcome{9, 0, ""}},
		"one":          {diag.List{info, broken, warning}, outcome{diag.Error, 1, "a.json: broken [CR1]"}},
		"first of two": {diag.List{warning, another, broken}, outcome{diag.Error, 2, "another (and 1 more)"}},
		"first of three": {diag.List{broken, another, another},
			outcome{diag.Error, 3, "a.json: broken [CR1] (and 2 more)"}},
		"behind mild one": {diag.List{info, another}, outcome{diag.Error, 1, "another"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := outcome{Worst: test.list.Worst(), Errors: test.list.Count(diag.Error)}
			err := test.list.Err()
			if err != nil {
				got.Err = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if test.want.Err == "" {
				if err != nil {
					t.Errorf("Err() = %#v, want a nil error", err)
				}
				return
			}
			var list diag.List
			if !errors.As(fmt.Errorf("open: %w", err), &list) {
				t.Fatal("the list isn't in the error")
			}
			if diff := cmp.Diff(test.list, list); diff != "" {
				t.Errorf("the list in the error (-want +got)\n%s", diff)
			}
			// A List can't be compared with ==; errors.Is must not trip over that.
			if errors.Is(err, source.ErrInvalid) {
				t.Error("a List isn't an ErrInvalid")
			}
		})
	}
}

func TestListCount(t *testing.T) {
	l := diag.List{{Severity: diag.Info}, {Severity: diag.Error}, {Severity: diag.Info}, {}}
	for severity, want := range map[diag.Severity]int{diag.Info: 2, diag.Warning: 0, diag.Error: 1, 0: 1} {
		if got := l.Count(severity); got != want {
			t.Errorf("Count(%s) = %d, want %d", severity, got, want)
		}
	}
}

// Error on a list without errors isn't what anyone should call, but it must answer.
func TestListErrorWithoutErrors(t *testing.T) {
	for _, l := range []diag.List{nil, {{Message: "mild", Severity: diag.Warning}}} {
		if got := l.Error(); got != "no errors" {
			t.Errorf("Error() = %q", got)
		}
	}
}

func TestCollector(t *testing.T) {
	var c diag.Collector
	many := diag.Rule{ID: "CR001", Name: "many", Severity: diag.Error}
	few := diag.Rule{ID: "CR002", Name: "few", Severity: diag.Info}
	for range 3 * diag.MaxOfRule {
		if c.Wants(many) {
			c.Add(many.At(source.Location{File: "f"}, source.Position{File: "f"}, "fault"))
		}
	}
	c.Add(few.At(source.Location{File: "f"}, source.Position{File: "f"}, "fault"))
	list := c.List()
	if len(list) != diag.MaxOfRule+2 || list[diag.MaxOfRule].Message == "fault" || list[diag.MaxOfRule+1].Rule != "CR002" {
		t.Errorf("%d findings, the last two: %v", len(list), list[len(list)-2:])
	}
}
