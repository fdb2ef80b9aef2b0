package report

import (
	"path"
	"slices"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// Report is what is to be told.
type Report struct {
	Result lint.Result
	// Solutions are those that were judged: after a lint.Fix the mended ones. Excerpts are taken from them.
	Solutions []*solution.Solution
	// Rules are those that there were to run, as the config has them; SARIF describes them.
	Rules []*lint.Rule
}

// Summary counts what a Report tells.
type Summary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Accepted int `json:"accepted"` // findings that the baseline leaves out
	Stale    int `json:"stale"`    // entries of the baseline that match nothing
	Skipped  int `json:"skipped"`  // rules that could not judge everything
	Broken   int `json:"broken"`   // rules that failed
}

// Summary counts what the report tells.
func (r Report) Summary() Summary {
	skipped, broken := map[*lint.Rule]bool{}, map[*lint.Rule]bool{}
	for _, s := range r.Result.Skipped {
		skipped[s.Rule] = true
	}
	for _, b := range r.Result.Broken {
		broken[b.Rule] = true
	}
	found := r.Result.Findings
	return Summary{
		Errors: found.Count(diag.Error), Warnings: found.Count(diag.Warning), Infos: found.Count(diag.Info),
		Accepted: len(r.Result.Accepted), Stale: len(r.Result.Stale), Skipped: len(skipped), Broken: len(broken),
	}
}

// texts finds the files that findings are about. It opens none twice.
type texts struct {
	solutions map[string]*solution.Solution
	files     map[textKey]*source.File
	sensitive map[textKey][]source.Span // what may be a credential, as findings say
}

type textKey struct{ solution, file string }

func (r Report) texts() texts {
	t := texts{map[string]*solution.Solution{}, map[textKey]*source.File{}, map[textKey][]source.Span{}}
	for _, sol := range r.Solutions {
		t.solutions[sol.Path()] = sol
	}
	for _, found := range []diag.List{r.Result.Findings, r.Result.Accepted, r.Result.LeftOut} {
		for _, d := range found {
			if d.Sensitive {
				key := textKey{d.Solution, d.At.File}
				t.sensitive[key] = append(t.sensitive[key], d.At.Span)
			}
		}
	}
	return t
}

// file is the file that a finding is about; nil if there is no text of it.
func (t texts) file(solution, name string) *source.File {
	sol := t.solutions[solution]
	if sol == nil || name == "" {
		return nil
	}
	key := textKey{solution, name}
	file, known := t.files[key]
	if !known {
		var err error
		if file, err = sol.File(name); err != nil || file.Err() != nil {
			file = nil
		}
		t.files[key] = file
	}
	return file
}

// placed is the file of a finding whose place is in it. There is none of a file as a whole, nor where the text is
// another than the one that was judged.
func (t texts) placed(d diag.Diagnostic) *source.File {
	file, span := t.file(d.Solution, d.At.File), d.At.Span
	if file == nil || d.Position.Line == 0 || span.Start < 0 || span.End < span.Start || span.End > len(file.Text()) {
		return nil
	}
	if p := file.Position(span.Start); p.Line != d.Position.Line || p.Column != d.Position.Column {
		return nil
	}
	return file
}

// hides tells whether a credential may stand in a part of a file, whatever the finding is that the part is shown for: a
// neighbor's line, or an element around it, would give it away.
func (t texts) hides(solution, file string, part source.Span) bool {
	return slices.ContainsFunc(t.sensitive[textKey{solution, file}], func(s source.Span) bool {
		return s == source.Span{} || s.Start < part.End && part.Start < s.End // a file as a whole, or some of the part
	})
}

// place is where a file of a solution is, from where the solution's path starts: "!" enters an archive.
func (t texts) place(solutionPath, file string) string {
	sol, at := t.solutions[solutionPath], path.Join(solutionPath)
	isZip := sol != nil && sol.Layout() == solution.LayoutZip || strings.EqualFold(path.Ext(at), ".zip")
	if isZip && at != "" && file != "" {
		return at + "!" + file
	}
	return path.Join(at, file)
}
