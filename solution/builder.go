package solution

import (
	"context"
	"fmt"
	"slices"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// Builder makes a solution from code: connection references, flows, custom connectors and environment variables. It
// takes everything as it comes, in any order, and Build tells all that is wrong with it at once. The same calls give
// the same bytes on every machine, ids included.
//
// Build can be called again and again, and adding can go on in between; what it answers shares no memory with the
// Builder. A Builder is for one goroutine at a time.
type Builder struct {
	manifest   Manifest
	references []connref.Reference
	externals  []external
	flows      []addedFlow
	connectors []NewConnector
	variables  []NewVariable
	asked      map[connref.FlowID]string // the names that FlowID was asked about
}

// addedFlow is a flow with its metadata: a ready one, or the builder of one.
type addedFlow struct {
	Workflow
	ready   *flow.Flow
	builder *flow.Builder
}

// NewBuilder begins a solution. Of the manifest it reads the unique name, which with the publisher's is required, the
// display name (the unique name if there is none), description, version, publisher, and whether the solution is
// managed; unknown counts as unmanaged. A publisher without an option value prefix gets one that is derived from its
// unique name. RootComponents and MissingDependencies are worked out from what is added, whatever the manifest holds.
// Texts are in one language, US English (1033).
func NewBuilder(m Manifest) *Builder {
	m.RootComponents, m.MissingDependencies = nil, nil
	return &Builder{manifest: m, asked: map[connref.FlowID]string{}}
}

// AddReference declares connection references in the solution, which are written sorted by logical name as exports are.
// Their names can have any publisher's prefix, as in real solutions; those of connectors and variables can't.
// What only an environment knows of them, connection and owner, is left out. One whose connector AddConnector answered
// is told apart by that connector's GUID, which is filled in if it is missing.
func (b *Builder) AddReference(refs ...connref.Reference) {
	b.references = append(b.references, refs...)
}

// AddEstate declares the references of an estate, as AddReference does.
func (b *Builder) AddEstate(e *connref.Estate) { b.AddReference(slices.Collect(e.References())...) }

// AddExternal says which solution declares references that flows use, named as in "ContosoCommon (1.0.0.0)". No name,
// or "Active", means that none does: somebody made them in the source environment, as is taken of references that
// nobody added. Each becomes a missing dependency of the flows that use it, and nothing if none does. Only logical name
// and connector matter; the connector may be missing, and is checked against the flows' bindings otherwise.
func (b *Builder) AddExternal(from string, refs ...connref.Reference) {
	for _, ref := range refs {
		b.externals = append(b.externals, external{Reference: ref, from: from})
	}
}

// AddFlow adds a flow that is ready: one of another solution, or a template stamped out. The bytes of its file are
// written as they are, under the name that the platform would give it. Of the workflow it reads ID (if there is none,
// the one that FlowID answers), Name, Description, Modern and On; Category must be CategoryCloudFlow or not be set.
//
// What the flow uses and nobody added becomes a missing dependency of it: references, environment variables, and flows
// that it calls. So does a name that is spelled wrong; Manifest().MissingDependencies of what was built tells.
func (b *Builder) AddFlow(w Workflow, f *flow.Flow) {
	b.flows = append(b.flows, addedFlow{Workflow: w, ready: f})
}

// NewFlow begins a flow, which Build makes together with the solution: what is wrong with it is told with all other
// faults, and it can be gone on with after Build. See AddFlow for what the workflow needs.
func (b *Builder) NewFlow(w Workflow) *flow.Builder {
	f := flow.NewBuilder(w.Name)
	b.flows = append(b.flows, addedFlow{Workflow: w, builder: f})
	return f
}

// AddConnector adds a custom connector, and answers it for the references and bindings that are to name it. Its id ends
// in 16 hexadecimal digits that differ in each environment, as every custom connector's does: here they are derived
// from the solution's unique name, and an import finds the connector by its GUID whatever they are.
func (b *Builder) AddConnector(c NewConnector) connref.Connector {
	c.OpenAPI, c.Parameters = slices.Clone(c.OpenAPI), slices.Clone(c.Parameters)
	c.ParameterSets, c.Policies = slices.Clone(c.ParameterSets), slices.Clone(c.Policies)
	c.Icon, c.ScriptOperations = slices.Clone(c.Icon), slices.Clone(c.ScriptOperations)
	b.connectors = append(b.connectors, c)
	return connref.Connector{
		ID:          customID(c.Name, b.manifest.UniqueName),
		DisplayName: c.displayName(),
		Custom:      c.guid(b.manifest.UniqueName),
	}
}

// AddVariable adds the definition of an environment variable, and its value if it has one.
func (b *Builder) AddVariable(v NewVariable) { b.variables = append(b.variables, v) }

// FlowID answers the id of the flow of this name, for flows that call it: that of a flow added with one, else the
// derived one that a flow of this name gets, which may be added later. Build fails if a flow calls it and none was.
func (b *Builder) FlowID(name string) connref.FlowID {
	for _, f := range b.flows {
		if connref.EqualFold(f.Name, name) && !f.ID.IsZero() {
			return f.ID
		}
	}
	id := b.deriveFlowID(name)
	b.asked[id] = name
	return id
}

func (b *Builder) deriveFlowID(name string) connref.FlowID {
	return connref.DeriveGUID("flow", b.manifest.UniqueName, name)
}

// Build makes the solution, in memory: LayoutZip and LayoutFolder as the platform exports it, to be written with
// WriteZip or WriteDir, LayoutUnpacked as SolutionPackager and pac unpack it on Windows, to be written with WriteDir.
// Other layouts are ErrLayout. The solution is read as one that is opened is: With, File and all else work.
//
// It fails with all that is wrong, joined, each a *connref.FieldError whose Field is a path such as "flow Sync: name"
// or "reference contoso_mail: connector": ErrInvalid for what the platform would refuse or can't be written,
// ErrDuplicate for names and ids that are there twice, ErrNotFound for names within the solution that nothing has, such
// as an action's in an expression. What can be another solution's is no fault, but a missing dependency; see AddFlow.
func (b *Builder) Build(layout Layout) (*Solution, error) {
	if layout != LayoutZip && layout != LayoutFolder && layout != LayoutUnpacked {
		return nil, fmt.Errorf("build layout %s: right would be %s, %s or %s: %w",
			layout, LayoutZip, LayoutFolder, LayoutUnpacked, ErrLayout)
	}
	c := newConstruction(b, layout)
	if err := c.faults.err(); err != nil {
		return nil, err
	}
	made, err := c.files()
	if err != nil {
		return nil, err
	}
	return c.open(made)
}

// construction is one call of Build: what was added, completed, checked and in the order of exports.
type construction struct {
	layout     Layout
	manifest   Manifest
	references []connref.Reference
	connectors []*newConnector
	variables  []NewVariable
	flows      []newFlow
	missing    []MissingDependency
	flowIDs    map[connref.FlowID]bool // of all that were added
	uncallable map[connref.FlowID]bool
	faults     buildFaults

	declared         map[connref.LogicalName]connref.Reference // folded
	external         map[connref.LogicalName]external          // folded
	connectorsByID   map[connref.ConnectorID]*newConnector     // folded, without the environment's tail
	connectorsByGUID map[connref.GUID]*newConnector
	defined          map[string]VariableType // folded schema names
}

func newConstruction(b *Builder, layout Layout) *construction {
	c := &construction{layout: layout}
	c.addManifest(b.manifest)
	c.addConnectors(b.connectors)
	c.addReferences(b.references)
	c.addExternals(b.externals)
	c.addVariables(b.variables)
	c.addFlows(b)
	c.addMissing(b.asked)
	return c
}

// open reads the solution out of its files. The flows were parsed when they were checked.
func (c *construction) open(made []madeFile) (*Solution, error) {
	from := newMemory(made)
	sol := &Solution{
		place:  Place{Path: c.manifest.UniqueName, Layout: c.layout, root: root{layout: c.layout}, origin: from},
		opts:   (*Options)(nil).withDefaults(),
		origin: entriesBelow("", from.list),
		texts:  make(map[string]*source.File, len(made)),
		faults: map[int]error{},
	}
	known := newParsed()
	for _, f := range c.flows {
		sol.texts[f.FileName] = f.File()
		known.flows[f.File()] = parsedFlow{flow: f.Flow}
	}
	if err := sol.readModel(context.Background(), from, sol.origin, known); err != nil {
		return nil, err
	}
	for _, d := range sol.problems {
		c.faults.add(d.At.File, "", fmt.Sprintf("can't be read back: %s [%s %s]", d.Message, d.Rule, d.Name))
	}
	if err := c.faults.err(); err != nil {
		return nil, err
	}
	return sol, nil
}
