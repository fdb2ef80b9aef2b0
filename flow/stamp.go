package flow

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Stamp is in what a flow differs from the one that is its template. Values are given as to a Builder: strings are
// texts, and expressions are made by functions.
type Stamp struct {
	// References are the connection references that bindings use, by key.
	References map[string]connref.LogicalName
	// Parameters are those of calls and connectors' triggers that change or are added, by the operation's name, with
	// underscores as in its file or with spaces as the designer shows it.
	Parameters map[string]Object
	// Defaults are the values that the flow itself has for its parameters, by their whole name.
	Defaults map[string]any
	// Variables are other environment variables for those that parameters take, by schema name. The parameters keep
	// their names, which expressions use.
	Variables map[string]string
	// Flows are other child flows to run.
	Flows map[connref.FlowID]connref.FlowID
}

// Stamp makes another flow of this one, which is its template. All else stays, to the byte.
//
// It reports every fault at once: ErrNotFound for a key, an operation, a parameter, a variable or a child flow that the
// template doesn't have, and ErrInvalid for a value that can't be, for an operation without parameters, and as Rebind
// does.
func (f *Flow) Stamp(s Stamp) (*Flow, error) {
	if err := f.editable(); err != nil {
		return nil, err
	}
	change, err := f.Rebind(s.References)
	st := stamper{flow: f, edits: change.Edits, faults: []error{err}}
	st.operations(s.Parameters)
	st.parameters(s.Defaults, s.Variables)
	st.children(s.Flows)
	if err := errors.Join(st.faults...); err != nil {
		return nil, err
	}
	file, err := f.file.Apply(st.edits...)
	if err != nil {
		return nil, err
	}
	stamped, _ := Parse(file, nil) // with the problems of the template, if it has some
	return stamped, nil
}

// stamper gathers the edits that make a template another flow.
type stamper struct {
	flow   *Flow
	edits  []source.Edit
	faults []error
}

func (st *stamper) add(edits []source.Edit, err error) {
	st.edits, st.faults = append(st.edits, edits...), append(st.faults, err)
}

// missing notes what the template doesn't have.
func missing[K comparable, V any](st *stamper, what string, wanted map[K]V, found map[K]bool) {
	var faults []string
	for name := range wanted {
		if !found[name] {
			faults = append(faults, fmt.Sprint(name))
		}
	}
	slices.Sort(faults)
	for _, name := range faults {
		st.faults = append(st.faults, fmt.Errorf("%s: the template has no %s %q: %w",
			st.flow.place(), what, name, connref.ErrNotFound))
	}
}

func (st *stamper) operations(wanted map[string]Object) {
	found := map[string]bool{}
	for i := range st.flow.operations {
		op := &st.flow.operations[i]
		name := op.Name
		given, ok := wanted[name]
		if !ok { // or with spaces, as the designer shows it
			name = strings.ReplaceAll(name, "_", " ")
			given, ok = wanted[name]
		}
		if !ok {
			continue
		}
		found[name] = true
		parameters := st.flow.bodies[i].Get("inputs", "parameters")
		if parameters.Kind() != source.Object {
			st.faults = append(st.faults, fmt.Errorf("%s: %s has no inputs.parameters: right would be a call of a connector: %w",
				st.flow.Position(op.At), op.Path(), connref.ErrInvalid))
			continue
		}
		var members []source.NewMember
		for _, name := range slices.Sorted(maps.Keys(given)) {
			text, err := st.json(op, op.Path()+": "+name, given[name])
			st.faults = append(st.faults, err)
			members = append(members, source.NewMember{Name: plain(name), JSON: text})
		}
		st.add(parameters.SetMembers(members...))
	}
	missing(st, "operation", wanted, found)
}

// json spells a value, which goes into an operation, or into none.
func (st *stamper) json(op *Operation, field string, v any) (string, error) {
	e := encoder{valuesOnly: op == nil} // the default of a parameter
	e.value(v)
	for _, m := range e.names {
		if !st.has(m, op) {
			e.faults = append(e.faults, notFound(string(m.kind), m.name, missingReasons[m.kind]))
		}
	}
	var faults []error
	for _, f := range e.faults {
		faults = append(faults, f.in(st.flow.file.Name()+": "+field))
	}
	return string(e.buf), errors.Join(faults...)
}

// has tells whether the template has what an expression in an operation names. What variables there are isn't read.
func (st *stamper) has(m mentioned, op *Operation) bool {
	if op == nil {
		return true // where an expression is a fault, whatever it names
	}
	same := func(name string) bool { return connref.EqualFold(name, m.name) }
	switch m.kind {
	case mentionsAction:
		return slices.ContainsFunc(st.flow.operations, func(o Operation) bool { return !o.IsTrigger && same(o.Name) })
	case mentionsLoop, mentionsItem:
		for at := op.Parent; at != nil; at = at.Parent {
			if strings.EqualFold(at.Type, "Foreach") && (m.kind == mentionsItem || same(at.Name)) {
				return true
			}
		}
		return false
	case mentionsParameter:
		return st.flow.properties().Get("definition", "parameters").Member(m.name).Key.Exists()
	}
	return true
}

func (st *stamper) parameters(defaults map[string]any, variables map[string]string) {
	named, known := map[string]bool{}, map[string]bool{}
	byName := make(map[string]string, len(variables)) // folded, to what was given
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		byName[connref.Fold(name)] = name
	}
	for m := range st.flow.properties().Get("definition", "parameters").Members() {
		schemaName := m.Value.Get("metadata", "schemaName")
		if v, ok := defaults[m.Name()]; ok {
			named[m.Name()] = true
			text, err := st.json(nil, m.Name(), v)
			kind := ParameterType(m.Value.Get("type").Text())
			if known := emptyParameters[kind] != nil; known && err == nil && !kind.fits([]byte(text)) {
				err = fault{field: "default", value: text, reason: "is no " + string(kind)}.in(
					st.flow.file.Name() + ": parameter " + m.Name())
			}
			st.faults = append(st.faults, err)
			edit, err := m.Value.SetMember("defaultValue", text)
			st.add([]source.Edit{edit}, err)
		}
		if name, ok := byName[connref.Fold(schemaName.Text())]; ok && schemaName.Exists() {
			known[name] = true
			if !isSchemaName(variables[name]) {
				st.faults = append(st.faults, fmt.Errorf("%s: %q is no variable for parameter %q: right would be a schema name: %w",
					st.flow.Position(schemaName.At()), variables[name], m.Name(), connref.ErrInvalid))
				continue
			}
			edit, err := schemaName.SetText(variables[name])
			st.add([]source.Edit{edit}, err)
		}
	}
	missing(st, "parameter", defaults, named)
	missing(st, "environment variable", variables, known)
}

func (st *stamper) children(wanted map[connref.FlowID]connref.FlowID) {
	found := map[connref.FlowID]bool{}
	for i := range st.flow.operations {
		id, err := connref.ParseGUID(st.flow.operations[i].Host.ChildFlow)
		to, ok := wanted[id]
		if err != nil || !ok {
			continue
		}
		found[id] = true
		if to.IsZero() {
			st.faults = append(st.faults, fmt.Errorf("%s: flow %s: there is no id to run instead: %w",
				st.flow.place(), id, connref.ErrInvalid))
		}
		edit, err := st.flow.bodies[i].Get("inputs", "host", "workflowReferenceName").SetText(to.String())
		st.add([]source.Edit{edit}, err)
	}
	missing(st, "call of flow", wanted, found)
}
