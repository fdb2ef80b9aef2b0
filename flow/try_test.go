package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
)

// A Try, a Catch and a Finally run when they should, and so does what follows: judged by what the platform makes of
// runAfter. How an action that runs ends is given; what doesn't run is skipped.
func TestTryRuns(t *testing.T) {
	const s, f, skipped = "Succeeded", "Failed", "Skipped"
	for _, tc := range []struct {
		ends map[string]string // but Succeeded
		want map[string]string
	}{
		{nil, map[string]string{"before": s, "try": s, "catch": skipped, "finally": s, "after": s}},
		{map[string]string{"try": f}, map[string]string{"before": s, "try": f, "catch": s, "finally": s, "after": s}},
		{map[string]string{"try": "TimedOut"},
			map[string]string{"before": s, "try": "TimedOut", "catch": s, "finally": s, "after": s}},
		{map[string]string{"try": f, "catch": f},
			map[string]string{"before": s, "try": f, "catch": f, "finally": s, "after": skipped}},
		{map[string]string{"finally": f},
			map[string]string{"before": s, "try": s, "catch": skipped, "finally": f, "after": skipped}},
		{map[string]string{"before": f},
			map[string]string{"before": f, "try": skipped, "catch": skipped, "finally": skipped, "after": skipped}},
	} {
		for _, finally := range []bool{true, false} {
			b := begun("F")
			b.Add("before", flow.Compose{})
			work := b.Try("try", "catch")
			want := map[string]string{}
			for name, status := range tc.want {
				want[name] = status
			}
			if finally {
				work.Finally("finally")
			} else if delete(want, "finally"); tc.ends["finally"] != "" {
				continue
			}
			b.Add("after", flow.Compose{})
			if diff := cmp.Diff(want, run(after(t, built(t, b)), tc.ends)); diff != "" {
				t.Errorf("%v, with finally %t (-want +got):\n%s", tc.ends, finally, diff)
			}
		}
	}
}

// run answers how each action ends, given after what each runs.
func run(after map[string]any, ends map[string]string) map[string]string {
	ended := map[string]string{}
	for len(ended) < len(after) {
		for name, conditions := range after {
			ready, runs := ended[name] == "", true
			for before, statuses := range conditions.(map[string]any) {
				fits := false
				for _, status := range statuses.([]any) {
					fits = fits || status == ended[before]
				}
				ready, runs = ready && ended[before] != "", runs && fits
			}
			switch {
			case !ready:
			case !runs:
				ended[name] = "Skipped"
			case ends[name] != "":
				ended[name] = ends[name]
			default:
				ended[name] = "Succeeded"
			}
		}
	}
	return ended
}

// A binding is made of a reference, and a loop knows its item.
func TestShortcuts(t *testing.T) {
	ref := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	want := flow.Binding{Key: "mail", Reference: "contoso_mail", Connector: "shared_office365"}
	if diff := cmp.Diff(want, flow.NewBinding("mail", ref)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b := begun("F")
	if got := b.ForEach("Each row", []int{}, nil).Item("a", 0).String(); got != "items('Each_row')?['a']?[0]" {
		t.Errorf("the item is %s", got)
	}
}
