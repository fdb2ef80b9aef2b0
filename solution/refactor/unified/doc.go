// Package unified writes what a plan changes as a unified diff, to be read before it is applied.
//
//	plan, err := refactor.Rename(refactor.Input{Solutions: []*solution.Solution{sol}},
//		refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})
//	if err != nil {
//		return err
//	}
//	if err := unified.Write(os.Stdout, plan); err != nil {
//		return err
//	}
//
// The diff is of texts: a file in UTF-16 is shown decoded, and byte order marks are not shown. Where a flow stands on
// one line, as some exports have it, that line is long; the plan's own words name the place in it.
package unified
