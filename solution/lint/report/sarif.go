package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution/lint"
)

// SARIFOptions say how SARIF is written; nil means the zero value.
type SARIFOptions struct {
	// Root is the folder that places are relative to, that of the repository: code scanning wants them so. Without it
	// they are as the paths of the solutions are.
	Root string
	// Tool is the name of the program that judged; "" means connref.
	Tool string
	// Version is the program's version; "" for none.
	Version string
}

// The names under which fingerprints stand: ours, and the one that GitHub's code scanning goes by.
const (
	ownFingerprint    = "connref/v1"
	gitHubFingerprint = "primaryLocationLineHash"
)

// home is where the rules are described.
const home = "https://github.com/connref/connref"

// WriteSARIF writes the report as a SARIF 2.1.0 log, which code scanning takes: what the rules are and how to mend what
// they find, the findings with their places, fingerprints and those fixes that are edits of text, and what was skipped
// or broken as notifications.
//
// A file of an archive is placed below it, as out/Orders.zip/Workflows/Daily.json, with its own lines: code scanning has
// no file to show there, but tells path, line and message, where it would drop a region of the archive itself. The
// logical location has "!" between the two, as everywhere else.
//
// It fails where w does, and where a path can't be made relative to Root.
func WriteSARIF(w io.Writer, r Report, opts *SARIFOptions) error {
	s := sarifWriter{texts: r.texts(), indexes: map[string]int{}}
	if opts != nil {
		s.SARIFOptions = *opts
	}
	log, err := sarif.New(sarif.Version210)
	if err != nil {
		return err
	}
	run := sarif.NewRunWithInformationURI(cmp.Or(s.Tool, "connref"), home)
	if s.Version != "" {
		run.Tool.Driver.WithVersion(s.Version)
	}
	run.Tool.Driver.Rules = s.rules(r.Rules)
	run.ColumnKind = "unicodeCodePoints" // since columns count runes
	run.Results = []*sarif.Result{}
	for _, d := range r.Result.Findings {
		result, err := s.result(d)
		if err != nil {
			return err
		}
		run.Results = append(run.Results, result)
	}
	run.Invocations = []*sarif.Invocation{s.invocation(r.Result)}
	log.AddRun(run)
	return log.PrettyWrite(w)
}

type sarifWriter struct {
	SARIFOptions
	texts   texts
	indexes map[string]int // of rules, by their keys
}

// rules describes the rules, sorted by id.
func (s *sarifWriter) rules(rules []*lint.Rule) []*sarif.ReportingDescriptor {
	sorted := slices.SortedFunc(slices.Values(rules), func(a, b *lint.Rule) int { return cmp.Compare(a.Key(), b.Key()) })
	list := []*sarif.ReportingDescriptor{}
	for i, r := range sorted {
		s.indexes[r.Key()] = i
		_, doc, _ := strings.Cut(r.Doc, "\n")
		help := strings.TrimSpace(cmp.Or(strings.TrimSpace(doc), r.Title()) + "\n\n" + r.Mend)
		markdown := help
		if len(r.Sources) > 0 {
			markdown += "\n\nSources: " + strings.Join(r.Sources, ", ")
		}
		descriptor := sarif.NewRule(r.Key()).WithName(r.Name).
			WithShortDescription(sarif.NewMultiformatMessageString(r.Title())).
			WithFullDescription(sarif.NewMultiformatMessageString(cmp.Or(strings.TrimSpace(doc), r.Title()))).
			WithHelp(sarif.NewMultiformatMessageString(help).WithMarkdown(markdown)).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level(r.Severity)))
		if r.URL != "" {
			descriptor.WithHelpURI(r.URL)
		}
		if r.Family != "" {
			descriptor.Properties = sarif.Properties{"tags": []string{r.Family}}
		}
		list = append(list, descriptor)
	}
	return list
}

func level(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}

func (s *sarifWriter) result(d diag.Diagnostic) (*sarif.Result, error) {
	result := sarif.NewRuleResult(d.Rule).WithLevel(level(d.Severity)).WithMessage(sarif.NewTextMessage(d.Message))
	if i, ok := s.indexes[d.Rule]; ok {
		result.WithRuleIndex(i)
	}
	result.PartialFingerprints = map[string]any{ownFingerprint: d.Fingerprint, gitHubFingerprint: d.Fingerprint}
	artifact, err := s.artifact(d.Solution, d.At.File)
	if err != nil {
		return nil, err
	}
	place := sarif.NewPhysicalLocation().WithArtifactLocation(artifact)
	if file := s.texts.file(d.Solution, d.At.File); file != nil && d.Position.Line > 0 {
		place.Region = regionOf(file, d.At.Span)
		if !d.Sensitive {
			place.Region.Snippet = sarif.NewArtifactContent().WithText(file.Slice(d.At.Span))
		}
	}
	name := s.texts.place(d.Solution, d.At.File, "!")
	if d.Position.Pointer != "" {
		name += "#" + d.Position.Pointer
	}
	logical := sarif.NewLogicalLocation().WithFullyQualifiedName(name)
	location := sarif.NewLocationWithPhysicalLocation(place)
	location.LogicalLocations = []*sarif.LogicalLocation{logical}
	result.Locations = []*sarif.Location{location}
	result.Fixes, err = s.fixes(d)
	return result, err
}

// fixes are those that are nothing but edits of text: SARIF has no others.
func (s *sarifWriter) fixes(d diag.Diagnostic) (fixes []*sarif.Fix, err error) {
	for _, f := range d.Fixes {
		fix := sarif.NewFix().WithDescriptionText(f.Message)
		for _, change := range f.Changes {
			file := s.texts.file(d.Solution, change.File)
			if file == nil || len(change.Edits) == 0 || change.Spelling != (source.Spelling{}) {
				fix = nil
				break
			}
			artifact, err := s.artifact(d.Solution, file.Name())
			if err != nil {
				return nil, err
			}
			of := sarif.NewArtifactChange(artifact)
			for _, e := range change.Edits {
				of.Replacements = append(of.Replacements, sarif.NewReplacement(regionOf(file, e.Span)).
					WithInsertedContent(sarif.NewArtifactContent().WithText(e.New)))
			}
			fix.ArtifactChanges = append(fix.ArtifactChanges, of)
		}
		if fix != nil {
			fixes = append(fixes, fix)
		}
	}
	return fixes, nil
}

func regionOf(file *source.File, span source.Span) *sarif.Region {
	start, end := file.Position(span.Start), file.Position(span.End)
	return sarif.NewRegion().WithStartLine(start.Line).WithStartColumn(start.Column).
		WithEndLine(end.Line).WithEndColumn(end.Column)
}

// artifact is where a file of a solution is, as a URI.
func (s *sarifWriter) artifact(solution, file string) (*sarif.ArtifactLocation, error) {
	place := s.texts.place(solution, file, "/")
	if s.Root != "" {
		root, errRoot := filepath.Abs(s.Root)
		whole, errPlace := filepath.Abs(filepath.FromSlash(place))
		below, errBelow := filepath.Rel(root, whole)
		if err := cmp.Or(errRoot, errPlace, errBelow); err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		place = filepath.ToSlash(below)
	}
	uri := url.URL{Path: place}
	if strings.HasPrefix(place, "/") {
		uri.Scheme = "file"
	}
	return sarif.NewSimpleArtifactLocation(strings.TrimPrefix(uri.String(), "./")), nil
}

// invocation tells what was skipped and what is broken.
func (s *sarifWriter) invocation(r lint.Result) *sarif.Invocation {
	invocation := sarif.NewInvocation().WithExecutionSuccess(len(r.Broken) == 0)
	about := func(rule *lint.Rule, level, text string) *sarif.Notification {
		n := sarif.NewNotification().WithLevel(level).WithTextMessage(text)
		return n.WithAssociatedRule(sarif.NewReportingDescriptorReference().WithId(rule.Key()))
	}
	for _, b := range r.Broken {
		invocation.ToolExecutionNotifications = append(invocation.ToolExecutionNotifications,
			about(b.Rule, "error", fmt.Sprintf("%s: rule %s is broken: %v", cmp.Or(b.Solution, "the set"), b.Rule, b.Err)))
	}
	for _, skip := range r.Skipped {
		invocation.ToolConfigurationNotifications = append(invocation.ToolConfigurationNotifications,
			about(skip.Rule, "note", fmt.Sprintf("%s: rule %s is skipped: %s", cmp.Or(skip.Solution, "the set"), skip.Rule, skip.Reason)))
	}
	for _, e := range r.Stale {
		invocation.ToolConfigurationNotifications = append(invocation.ToolConfigurationNotifications,
			sarif.NewNotification().WithLevel("note").WithTextMessage(fmt.Sprintf(
				"%s: the baseline accepts what is no longer found: %s [%s]", e.Solution, e.Message, e.Rule)))
	}
	return invocation
}
