package report

import (
	"path"
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
}

type textKey struct{ solution, file string }

func (r Report) texts() texts {
	t := texts{solutions: map[string]*solution.Solution{}, files: map[textKey]*source.File{}}
	for _, sol := range r.Solutions {
		t.solutions[sol.Path()] = sol
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

// place is where a file of a solution is, from where the solution's path starts: "!" enters an archive.
func (t texts) place(solutionPath, file, enter string) string {
	sol := t.solutions[solutionPath]
	switch {
	case file == "":
		return solutionPath
	case sol != nil && isArchive(sol):
		return solutionPath + enter + file
	}
	return path.Join(strings.ReplaceAll(solutionPath, `\`, "/"), file)
}

// isArchive tells whether the solution is a zip: of a flow package, its path does.
func isArchive(sol *solution.Solution) bool {
	isZip := strings.EqualFold(path.Ext(sol.Path()), ".zip")
	return sol.Layout() == solution.LayoutZip || sol.Layout() == solution.LayoutFlowPackage && isZip
}
