package report

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
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
// A file of an archive is placed below it, as out/Orders.zip/Workflows/Daily.json, with its own lines: code scanning
// has no file to show there, but tells path, line and message, where it would drop a region of the archive itself. The
// logical location has "!" between the two, as everywhere else.
//
// Of the rules, those that could not run at all are not described; notifications say why. It fails where w does, and
// where a path can't be made relative to Root.
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
	run.Tool.Driver.Rules = s.rules(r)
	run.ColumnKind = "unicodeCodePoints" // since columns count runes
	run.Results = []*sarif.Result{}
	for _, d := range r.Result.Findings {
		run.AddResult(s.result(d))
	}
	run.Invocations = []*sarif.Invocation{invocationOf(r.Result)}
	if s.err != nil {
		return s.err
	}
	log.AddRun(run)
	return writeJSON(w, log)
}

type sarifWriter struct {
	SARIFOptions
	texts   texts
	indexes map[string]int // of rules, by their keys
	err     error          // of a path that can't be made relative to Root
}

// rules describes the rules that ran, sorted by id.
func (s *sarifWriter) rules(r Report) []*sarif.ReportingDescriptor {
	ran := slices.DeleteFunc(slices.Clone(r.Rules), func(rule *lint.Rule) bool {
		return slices.ContainsFunc(r.Result.Skipped, func(s lint.Skipped) bool {
			return s.Rule == rule && s.Solution == ""
		})
	})
	slices.SortFunc(ran, func(a, b *lint.Rule) int { return cmp.Compare(a.Key(), b.Key()) })
	list := []*sarif.ReportingDescriptor{}
	for i, rule := range ran {
		s.indexes[rule.Key()] = i
		list = append(list, descriptorOf(rule))
	}
	return list
}

func descriptorOf(r *lint.Rule) *sarif.ReportingDescriptor {
	_, doc, _ := strings.Cut(r.Doc, "\n")
	doc = cmp.Or(strings.TrimSpace(doc), r.Title())
	text, markdown := doc, doc
	if r.Mend != "" {
		text += "\n\nMend: " + r.Mend
		markdown += "\n\n**Mend:** " + r.Mend
	}
	if len(r.Sources) > 0 {
		text += "\n\nSources: " + strings.Join(r.Sources, "; ")
		markdown += "\n\n**Sources:**\n\n- " + strings.Join(r.Sources, "\n- ")
	}
	descriptor := sarif.NewRule(r.Key()).WithName(r.Name).
		WithShortDescription(sarif.NewMultiformatMessageString(r.Title())).
		WithFullDescription(sarif.NewMultiformatMessageString(doc)).
		WithHelp(sarif.NewMultiformatMessageString(text).WithMarkdown(markdown)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(level(r.Severity)))
	if r.URL != "" {
		descriptor.WithHelpURI(r.URL)
	}
	if r.Family != "" {
		descriptor.Properties = sarif.Properties{"tags": []string{r.Family}}
	}
	return descriptor
}

func level(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}

func (s *sarifWriter) result(d diag.Diagnostic) *sarif.Result {
	place := sarif.NewPhysicalLocation().WithArtifactLocation(s.artifact(d.Solution, d.At.File))
	if d.Position.Line > 0 {
		place.Region = s.region(d)
	}
	name := s.texts.place(d.Solution, d.At.File)
	if d.Position.Pointer != "" {
		name += "#" + d.Position.Pointer
	}
	location := sarif.NewLocationWithPhysicalLocation(place)
	location.LogicalLocations = []*sarif.LogicalLocation{sarif.NewLogicalLocation().WithFullyQualifiedName(name)}
	result := sarif.NewRuleResult(d.Rule).WithLevel(level(d.Severity)).WithMessage(sarif.NewTextMessage(d.Message)).
		WithLocations([]*sarif.Location{location})
	if i, ok := s.indexes[d.Rule]; ok {
		result.WithRuleIndex(i)
	}
	result.PartialFingerprints = map[string]any{ownFingerprint: d.Fingerprint, gitHubFingerprint: d.Fingerprint}
	for _, fix := range d.Fixes {
		if changes := s.changes(d.Solution, fix); changes != nil {
			result.AddFix(sarif.NewFix().WithDescriptionText(fix.Message).WithArtifactChanges(changes))
		}
	}
	return result
}

// longestSnippet is how many bytes of a place are repeated.
const longestSnippet = 500

// region is the place of a finding in its file, of an element or an object how it opens; only its start, if there is no
// text.
func (s *sarifWriter) region(d diag.Diagnostic) *sarif.Region {
	file, span := s.texts.placed(d), d.At.Span
	if file == nil {
		return sarif.NewRegion().WithStartLine(d.Position.Line).WithStartColumn(d.Position.Column)
	}
	text := cmp.Or(openingOf(file.Slice(span)), file.Slice(span))
	span.End = span.Start + len(text)
	region := regionOf(file, span)
	if !d.Sensitive && !s.texts.hides(d.Solution, d.At.File, span) && text != "" && len(text) <= longestSnippet {
		region.Snippet = sarif.NewArtifactContent().WithText(text)
	}
	return region
}

func regionOf(file *source.File, span source.Span) *sarif.Region {
	start, end := file.Position(span.Start), file.Position(span.End)
	return sarif.NewRegion().WithStartLine(start.Line).WithStartColumn(start.Column).
		WithEndLine(end.Line).WithEndColumn(end.Column)
}

// changes are those of a fix that is nothing but edits of text: SARIF has no others. There are none either where what is
// inserted may repeat a credential.
func (s *sarifWriter) changes(solution string, fix diag.Fix) (list []*sarif.ArtifactChange) {
	for _, change := range fix.Changes {
		file := s.texts.file(solution, change.File)
		if file == nil || len(change.Edits) == 0 || change.Spelling != (source.Spelling{}) {
			return nil
		}
		of := sarif.NewArtifactChange(s.artifact(solution, change.File))
		for _, e := range change.Edits {
			if e.New != "" && s.texts.hides(solution, change.File, e.Span) {
				return nil
			}
			of.WithReplacement(sarif.NewReplacement(regionOf(file, e.Span)).
				WithInsertedContent(sarif.NewArtifactContent().WithText(e.New)))
		}
		list = append(list, of)
	}
	return list
}

// archive is the name of an archive in a path, and what enters it.
var archive = regexp.MustCompile(`(?i)(\.zip)!`)

// artifact is where a file of a solution is, as a URI.
func (s *sarifWriter) artifact(solution, file string) *sarif.ArtifactLocation {
	solution = archive.ReplaceAllString(strings.ReplaceAll(solution, `\`, "/"), "$1/")
	place := path.Join(solution, file)
	if s.Root != "" {
		root, errRoot := filepath.Abs(s.Root)
		whole, errPlace := filepath.Abs(filepath.FromSlash(place))
		below, errBelow := filepath.Rel(root, whole)
		if err := cmp.Or(errRoot, errPlace, errBelow); err != nil {
			s.err = fmt.Errorf("%s: %w", place, err)
		}
		place = filepath.ToSlash(below)
	}
	uri := url.URL{Path: place}
	if filepath.IsAbs(filepath.FromSlash(place)) {
		uri = url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(place, "/")} // a drive has no slash before it
	}
	return sarif.NewSimpleArtifactLocation(uri.String())
}

// invocationOf tells what was skipped and what is broken.
func invocationOf(r lint.Result) *sarif.Invocation {
	run := sarif.NewInvocation().WithExecutionSuccess(len(r.Broken) == 0)
	about := func(rule *lint.Rule, level, solution, text string) *sarif.Notification {
		n := sarif.NewNotification().WithLevel(level).
			WithTextMessage(fmt.Sprintf("%s: rule %s is %s", cmp.Or(solution, "the set"), rule, text))
		return n.WithAssociatedRule(sarif.NewReportingDescriptorReference().WithId(rule.Key()))
	}
	for _, b := range r.Broken {
		run.ToolExecutionNotifications = append(run.ToolExecutionNotifications,
			about(b.Rule, "error", b.Solution, fmt.Sprintf("broken: %v", b.Err)))
	}
	for _, s := range r.Skipped {
		run.ToolConfigurationNotifications = append(run.ToolConfigurationNotifications,
			about(s.Rule, "note", s.Solution, "skipped: "+s.Reason))
	}
	for _, e := range r.Stale {
		run.ToolConfigurationNotifications = append(run.ToolConfigurationNotifications,
			sarif.NewNotification().WithLevel("note").WithTextMessage(staleText(e)))
	}
	return run
}
