package solution

import (
	"path"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// Workflow is what a solution's metadata says of a process: a cloud flow, a desktop flow, a business rule, …
type Workflow struct {
	ID          connref.FlowID // WorkflowId, else the id in the file's name; zero if neither is one, and in packages
	Name        string         // as people see it; of an unlisted flow, out of the file's name
	Description string
	Category    Category
	Modern      int    // ModernFlowType: 0 cloud flow, 1 Copilot Studio flow, 2 Microsoft 365 Copilot agent flow
	On          bool   // StateCode 1
	FileName    string // of its definition, relative to the solution's root; "" if it names none
	Listed      bool   // the metadata has an entry for it
	At          source.Location
}

// Category is the kind of a process: the column category of the workflow table.
type Category int

// The categories seen in solutions. A macro is what the productivity pane of Dynamics 365 runs.
const (
	CategoryUnknown      Category = -1
	CategoryClassic      Category = 0
	CategoryBusinessRule Category = 2
	CategoryAction       Category = 3
	CategoryBusinessFlow Category = 4
	CategoryCloudFlow    Category = 5
	CategoryDesktopFlow  Category = 6
	CategoryMacro        Category = 9000
)

// Flow is a cloud flow of a solution: its metadata, and its definition as package flow reads it.
type Flow struct {
	Workflow
	*flow.Flow
}

// workflow reads a <Workflow>, in customizations.xml or at the root of a .data.xml file.
func (r *reader) workflow(e source.Element) {
	w := Workflow{
		Name:        attr(e, "Name"),
		Description: attr(e, "Description"),
		Category:    CategoryUnknown,
		Modern:      number(e.Child("ModernFlowType")),
		On:          e.Child("StateCode").Trimmed() == "1",
		Listed:      true,
		At:          e.At(),
	}
	if n, err := strconv.Atoi(e.Child("Category").Trimmed()); err == nil {
		w.Category = Category(n)
	}
	if w.Name == "" {
		setFirst(&w.Name, e.Child("LocalizedNames", "LocalizedName"), "description")
	}
	for _, child := range []string{"JsonFileName", "XamlFileName"} {
		if name := e.Child(child).Trimmed(); name != "" && w.FileName == "" {
			w.FileName = strings.TrimLeft(slashed(name), "/")
		}
	}
	const suffix = ".data.xml"
	file := e.At().File
	if _, there := r.find(w.FileName); !there && strings.HasSuffix(strings.ToLower(file), suffix) {
		if name, there := r.find(file[:len(file)-len(suffix)]); there {
			w.FileName = name // the file was renamed together with its metadata
		}
	}
	if id := attr(e, "WorkflowId"); id != "" {
		w.ID = r.guid(id, e.AttrAt("WorkflowId"), "workflow")
	}
	if w.ID.IsZero() {
		w.ID = idInName(w.FileName)
	}
	r.sol.workflows = append(r.sol.workflows, w)
}

// idInName is the GUID that ends a file's name, Name-GUID.json; zero if none does.
func idInName(name string) connref.FlowID {
	stem := stem(name)
	start := len(stem) - 36
	if start < 0 || start > 0 && stem[start-1] != '-' {
		return connref.FlowID{}
	}
	id, err := connref.ParseGUID(stem[start:])
	if err != nil {
		return connref.FlowID{}
	}
	return id
}

func stem(name string) string {
	base := path.Base(name)
	return strings.TrimSuffix(base, path.Ext(base))
}

// unlisted is the metadata of a flow that has only a file.
func unlisted(name string) Workflow {
	w := Workflow{Name: stem(name), ID: idInName(name), Category: CategoryUnknown, FileName: name}
	if !w.ID.IsZero() {
		w.Name = strings.TrimSuffix(w.Name[:len(w.Name)-36], "-")
	}
	w.At = source.Location{File: name}
	return w
}

// flows reads the definitions of all cloud flows: of those that the metadata lists, and of the files in Workflows that
// it doesn't list but that are flows by their shape.
func (r *reader) flows() error {
	files := r.matching("workflows/*.json")
	unnamed, taken := r.unnamed(files), map[string]bool{}
	ids := map[connref.FlowID]bool{}
	for _, w := range r.sol.workflows {
		if !w.ID.IsZero() && ids[w.ID] {
			r.report(repeatedName, w.At, "workflow "+w.ID.String()+" is listed more than once: an id is unique")
		}
		ids[w.ID] = true
		if w.FileName = r.definition(w, unnamed[w.ID], taken); w.FileName == "" {
			continue
		}
		taken[w.FileName] = true
		if !w.mayBeFlow() {
			continue
		}
		if err := r.flow(w); err != nil {
			return err
		}
	}
	for _, name := range files {
		if taken[name] {
			continue
		}
		if err := r.flow(unlisted(name)); err != nil {
			return err
		}
	}
	sortBy(r.sol.flows, func(f *Flow) string { return f.FileName })
	return nil
}

// definition answers the file in which the definition of a process stands, or "" and reports why there is none. Renamed
// is a file that no entry names but that has the process's id in its name; taken are the files that entries before this
// one have.
func (r *reader) definition(w Workflow, renamed string, taken map[string]bool) string {
	name, there := r.find(w.FileName)
	switch {
	case w.FileName == "" && w.Category == CategoryCloudFlow:
		r.report(missingFile, w.At, "cloud flow "+w.Name+" names no file: JsonFileName is missing")
		return ""
	case w.FileName == "":
		return "" // some other processes have none
	case there && taken[name] && w.mayBeFlow():
		r.report(repeatedName, w.At, "workflow "+w.Name+" names file "+name+", which another one names")
		return ""
	case there:
		return name
	case renamed != "" && !taken[renamed]:
		r.report(missingFile, w.At, "workflow "+w.Name+" names file "+w.FileName+", which is not there; "+
			renamed+" has its id and is read instead")
		return renamed
	}
	r.report(missingFile, w.At, "workflow "+w.Name+" names file "+w.FileName+", which is not there")
	return ""
}

// unnamed answers those of the files that no entry names, by the id in their names.
func (r *reader) unnamed(files []string) map[connref.FlowID]string {
	named := map[string]bool{}
	for _, w := range r.sol.workflows {
		if name, there := r.find(w.FileName); there {
			named[name] = true
		}
	}
	byID := map[connref.FlowID]string{}
	for _, name := range files {
		if id := idInName(name); !named[name] && !id.IsZero() {
			byID[id] = name
		}
	}
	return byID
}

// mayBeFlow tells whether the metadata leaves it open that the file is a cloud flow.
func (w Workflow) mayBeFlow() bool {
	return w.Category == CategoryCloudFlow ||
		w.Category == CategoryUnknown && strings.HasSuffix(strings.ToLower(w.FileName), ".json")
}

// flow reads the definition of a cloud flow, or of a file that may be one.
func (r *reader) flow(w Workflow) error {
	file, err := r.read(w.FileName)
	if file == nil {
		return err
	}
	f, problems := r.parseFlow(file)
	if w.Category == CategoryUnknown && isOtherComponent(f) {
		return nil
	}
	for _, d := range problems {
		r.add(d)
	}
	if !f.IsFlow() {
		return nil
	}
	if !w.Listed && r.sol.Layout() != LayoutFlowPackage && !r.metadataBroken() {
		r.report(unlistedFlow, w.At, "the solution's metadata has no entry for this flow: its id, name and state are not known")
	}
	r.sol.flows = append(r.sol.flows, &Flow{Workflow: w, Flow: f})
	return nil
}

// metadataBroken tells whether the file in which the metadata stands could not be read to its end, so that an entry may
// have been missed.
func (r *reader) metadataBroken() bool {
	for name := range r.broken {
		if strings.HasSuffix(name, "customizations.xml") || strings.HasSuffix(name, ".data.xml") {
			return true
		}
	}
	return false
}

// isOtherComponent tells whether a file in Workflows of which no metadata tells the category is a desktop flow or a
// macro by its shape. A desktop flow has a definition where a flow has it, but spells schemaVersion in lower case.
func isOtherComponent(f *flow.Flow) bool {
	if f.Document() == nil {
		return false
	}
	root := f.Document().Root()
	return root.Get("schemaversion").Exists() || root.Get("subcategory").Exists() && !f.IsFlow()
}
