package solution

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// How many characters the columns of the workflow table hold, in UTF-16 code units, and how many of a flow's name the
// platform puts into the name of its file.
const (
	maxFlowName = 100
	maxFlowText = 100_000
	maxStem     = 50
)

// newFlow is a flow that is completed, checked and parsed under the name of its file.
type newFlow struct {
	Workflow
	*flow.Flow
}

func (f newFlow) path() string { return named("flow", f.Name) }

// addFlows completes and checks the flows.
func (c *construction) addFlows(b *Builder) {
	ids := make(map[connref.FlowID]string, len(b.flows))
	c.flowIDs, c.uncallable = make(map[connref.FlowID]bool, len(b.flows)), map[connref.FlowID]bool{}
	for _, added := range b.flows {
		w := added.Workflow
		path := named("flow", w.Name)
		if w.ID.IsZero() {
			w.ID = b.deriveFlowID(w.Name)
		}
		if other, again := ids[w.ID]; again {
			c.faults.addKind(connref.ErrDuplicate, path+": id", w.ID.String(),
				fmt.Sprintf("is that of flow %q, too; give one of them an ID of its own", other))
		}
		ids[w.ID], c.flowIDs[w.ID] = w.Name, true
		c.workflow(path, &w)
		if f := c.definition(path, w.FileName, added); f != nil && f.IsFlow() {
			c.addFlow(newFlow{w, f})
		}
	}
	slices.SortFunc(c.flows, func(a, b newFlow) int { return compareRows(a.ID, b.ID) })
}

// workflow completes and checks a flow's metadata.
func (c *construction) workflow(path string, w *Workflow) {
	if strings.TrimSpace(w.Name) == "" {
		c.faults.add(path+": name", "", "is missing")
	}
	c.faults.text(path+": name", w.Name, maxFlowName)
	c.faults.text(path+": description", w.Description, maxFlowText)
	if w.Category != CategoryCloudFlow && w.Category != CategoryUnknown && w.Category != 0 {
		c.faults.add(path+": category", strconv.Itoa(int(w.Category)),
			"is not that of a cloud flow, the only processes that can be built")
	}
	if w.Modern < 0 {
		c.faults.add(path+": modern", strconv.Itoa(w.Modern), "is negative; right would be 0 for a cloud flow")
	}
	w.Category, w.Listed = CategoryCloudFlow, true
	w.FileName = "Workflows/" + flowStem(w.Name) + "-" + strings.ToUpper(w.ID.String()) + ".json"
}

// flowStem is what the platform puts of a flow's name into the name of its file: ASCII letters and digits, hyphens and
// underscores, and of those the first 50. It may be nothing.
func flowStem(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if b.Len() == maxStem {
			break
		}
		if isWordRune(rune(c)) || c == '-' {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// definition answers the flow that was added, in a file of that name: built, or read again; nil and a fault if there is
// none.
func (c *construction) definition(path, file string, added addedFlow) *flow.Flow {
	if added.builder != nil {
		f, err := added.builder.BuildFile(file)
		if err != nil {
			c.faults.join(err)
			return nil
		}
		return c.nameConnectors(f)
	}
	if added.ready == nil {
		c.faults.add(path, "", "has no definition")
		return nil
	}
	f, problems := flow.Parse(source.NewFile(file, added.ready.File().Bytes()), nil)
	for _, d := range problems {
		c.faults.add(path, "", fmt.Sprintf("line %d: %s [%s %s]", d.Position.Line, d.Message, d.Rule, d.Name))
	}
	return f
}

// nameConnectors gives the bindings of custom connectors that are built here their connector's name, as exports have
// it.
func (c *construction) nameConnectors(f *flow.Flow) *flow.Flow {
	var edits []source.Edit
	references := f.Document().Root().Get("properties", "connectionReferences")
	for b := range f.Bindings() {
		built := c.connectorsByID[b.Connector.WithoutHash().Fold()]
		if built == nil || b.ConnectorName != "" {
			continue
		}
		if edit, err := references.Get(b.Key, "api").SetMember("logicalName", source.QuoteJSON(built.name)); err == nil {
			edits = append(edits, edit)
		}
	}
	if len(edits) == 0 {
		return f
	}
	file, err := f.File().Apply(edits...)
	if err != nil {
		return f // which can't be
	}
	named, _ := flow.Parse(file, nil)
	return named
}

// addFlow checks what the flow uses.
func (c *construction) addFlow(f newFlow) {
	c.uncallable[f.ID] = !f.TriggerKind().HasCaller()
	c.bindings(f)
	c.operations(f)
	c.flowVariables(f)
	c.flows = append(c.flows, f)
}

// bindings checks the references that a flow names. One that wasn't added is somebody else's, and of the connector that
// the first flow has for it.
func (c *construction) bindings(f newFlow) {
	for b := range f.Bindings() {
		if b.Direct() {
			continue
		}
		path := f.path() + ": binding " + b.Key
		ref, known := c.reference(b.Reference)
		switch {
		case !known:
			c.external[b.Reference.Fold()] = external{
				Reference: connref.Reference{LogicalName: b.Reference, Connector: b.Connector}, from: active,
			}
		case !ref.Connector.IsZero() && !b.Connector.Same(ref.Connector):
			c.faults.add(path+": connector", string(b.Connector), fmt.Sprintf(
				"is not that of its reference %s; right would be %s", ref.LogicalName, ref.Connector.Name()))
		}
	}
}

// reference is one that was added, here or as another solution's.
func (c *construction) reference(name connref.LogicalName) (connref.Reference, bool) {
	if ref, ok := c.declared[name.Fold()]; ok {
		return ref, true
	}
	ext, ok := c.external[name.Fold()]
	return ext.Reference, ok
}

// operations checks the operations that run on connectors that are built here.
func (c *construction) operations(f newFlow) {
	if len(c.connectors) == 0 {
		return
	}
	built := map[string]*newConnector{}
	for b := range f.Bindings() {
		built[b.Key] = c.connectorsByID[b.Connector.WithoutHash().Fold()]
	}
	for op := range f.Operations() {
		n := built[op.Host.Key]
		if n == nil || op.Host.OperationID == "" || n.operations[op.Host.OperationID] {
			continue
		}
		c.faults.addKind(connref.ErrNotFound, f.path()+": "+operationPath(op)+": operation", op.Host.OperationID,
			"is no operationId of connector "+n.Name)
	}
}

func operationPath(op *flow.Operation) string {
	if op.IsTrigger {
		return "trigger " + op.Path()
	}
	return "action " + op.Path()
}

// parameterTypes are the types of a flow's parameter that hold a variable of each type.
var parameterTypes = map[VariableType][]string{
	VariableString:     {"String"},
	VariableNumber:     {"Int", "Float"},
	VariableBoolean:    {"Bool"},
	VariableJSON:       {"Object", "Array", "String"},
	VariableDataSource: {"String"},
	VariableSecret:     {"String", "SecureString"},
}

// flowVariables checks the types of the variables that a flow takes.
func (c *construction) flowVariables(f newFlow) {
	for v := range f.Variables() {
		types := parameterTypes[c.defined[connref.Fold(v.SchemaName)]]
		isSame := func(want string) bool { return connref.EqualFold(want, v.Type) }
		if v.Type != "" && len(types) > 0 && !slices.ContainsFunc(types, isSame) {
			c.faults.add(f.path()+": parameter "+v.Parameter+": type", v.Type,
				"doesn't hold variable "+v.SchemaName+"; right would be "+strings.Join(types, " or "))
		}
	}
}

// compareRows orders ids as the database does, by which exports list flows: the last six bytes count first.
func compareRows(a, b connref.GUID) int {
	return cmp.Or(
		bytes.Compare(a[10:], b[10:]),
		bytes.Compare(a[8:10], b[8:10]),
		cmp.Compare(a[7], b[7]), cmp.Compare(a[6], b[6]),
		cmp.Compare(a[5], b[5]), cmp.Compare(a[4], b[4]),
		cmp.Compare(a[3], b[3]), cmp.Compare(a[2], b[2]), cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0]),
	)
}

// element is the metadata of a flow. The root of a file of its own declares a namespace, too.
func (f newFlow) element(version string, attrs ...source.Attr) source.NewElement {
	state, status := "0", "1"
	if f.On {
		state, status = "1", "2"
	}
	e := element("Workflow",
		text("JsonFileName", "/"+f.FileName),
		text("Type", "1"),
		text("Subprocess", "0"),
		text("Category", strconv.Itoa(int(CategoryCloudFlow))),
		text("Mode", "0"),
		text("Scope", "4"),
		text("OnDemand", "0"),
		text("TriggerOnCreate", "0"),
		text("TriggerOnDelete", "0"),
		text("AsyncAutodelete", "0"),
		text("SyncWorkflowLogOnFailure", "0"),
		text("StateCode", state),
		text("StatusCode", status),
		text("RunAs", "1"),
		text("IsTransacted", "1"),
		text("IntroducedVersion", version),
		text("IsCustomizable", "1"),
		text("BusinessProcessType", "0"),
		text("IsCustomProcessingStepAllowedForOtherPublishers", "1"),
		text("ModernFlowType", strconv.Itoa(f.Modern)),
		text("PrimaryEntity", "none"),
		element("LocalizedNames", inLanguage("LocalizedName", f.Name)),
	)
	e.Attrs = []source.Attr{{Name: "WorkflowId", Value: f.ID.Braced()}, {Name: "Name", Value: f.Name}}
	if f.Description != "" {
		e.Attrs = append(e.Attrs, source.Attr{Name: "Description", Value: f.Description})
		e.Children = append(e.Children, element("Descriptions", inLanguage("Description", f.Description)))
	}
	e.Attrs = append(e.Attrs, attrs...)
	return e
}

// inLanguage is a text in the solution's language, with the attributes in the order that workflows have.
func inLanguage(name, value string) source.NewElement {
	return source.NewElement{Name: name, Attrs: []source.Attr{
		{Name: "languagecode", Value: language}, {Name: "description", Value: value},
	}}
}
