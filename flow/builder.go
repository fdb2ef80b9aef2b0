package flow

import (
	"bytes"
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Builder makes a flow: bindings, one trigger, parameters, and actions, which are added to the Block that it is.
//
// Nothing fails while a flow grows. Build reports everything that is wrong at once, and can be called again after more
// was added.
type Builder struct {
	*Block
	name       string
	bindings   []Binding
	starts     []*Start
	parameters []Parameter
	defaults   [][]byte // of the parameters
	faults     []error
	scratch    encoder // memory to be used again
}

// NewBuilder begins a flow. Its name stands in what Build reports, and ids are derived from it; it isn't part of the
// flow's file.
func NewBuilder(name string) *Builder {
	b := &Builder{name: name}
	b.Block = &Block{flow: b}
	return b
}

// Name is the flow's name.
func (b *Builder) Name() string { return b.name }

// Bind binds connection references under the keys that operations name. Each needs a Key, a Reference and a Connector;
// a Source of none is Embedded. A binding's Connection and its places are not used, so that one of another flow can be
// bound as it is. A binding that nothing uses is a fault.
func (b *Builder) Bind(bindings ...Binding) { b.bindings = append(b.bindings, bindings...) }

// NewBinding is the binding of a reference under a key, on the flow's own connection.
func NewBinding(key string, to connref.Reference) Binding {
	return Binding{Key: key, Reference: to.LogicalName, Connector: to.Connector}
}

// Trigger says what starts the flow, under a name; "" is the designer's, which all have but an Event.
func (b *Builder) Trigger(name string, t Trigger) *Start {
	s := &Start{step: Step{block: b.Block}}
	b.starts = append(b.starts, s)
	s.step.name = key(name)
	if v := reflect.ValueOf(t); t == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		s.step.fault("", "", "is nil; right would be a Recurrence, a Manual, an HTTPRequest or an Event")
		return s
	}
	s.step.name = key(cmp.Or(name, t.defaultName()))
	s.step.encode(func(e *encoder) { t.trigger(s, e) })
	return s
}

// Parameter is a parameter of a flow. With a SchemaName it is an environment variable, whose value each environment
// has; the solution that the flow is in should define it.
type Parameter struct {
	SchemaName  string // of the environment variable, such as contoso_Site; "" is a parameter of the flow alone
	DisplayName string // of the variable, or the name of the flow's own
	Type        ParameterType
	Default     any // what the flow itself has as its value; nil is the type's empty one
	Description string
}

// ParameterType is the type of a Parameter.
type ParameterType string

// The types of parameters, with the environment variables that they are for.
const (
	StringParameter ParameterType = "String" // String, JSON as a text, data source, secret
	BoolParameter   ParameterType = "Bool"   // Boolean
	IntParameter    ParameterType = "Int"    // Number
	FloatParameter  ParameterType = "Float"  // Number
	ObjectParameter ParameterType = "Object" // JSON
)

var emptyParameters = map[ParameterType]any{
	StringParameter: "", BoolParameter: false, IntParameter: 0, FloatParameter: 0, ObjectParameter: Object{},
}

// fits tells whether a JSON value is of the type.
func (t ParameterType) fits(value []byte) bool {
	first := value[0]
	number := first == '-' || '0' <= first && first <= '9'
	switch t {
	case StringParameter:
		return first == '"'
	case BoolParameter:
		return first == 't' || first == 'f'
	case IntParameter:
		return number && !bytes.ContainsAny(value, ".eE")
	case FloatParameter:
		return number
	}
	return first == '{'
}

// Name is the parameter's name in the flow: that of an environment variable has its schema name behind it.
func (p Parameter) Name() string {
	if p.SchemaName == "" {
		return p.DisplayName
	}
	return cmp.Or(p.DisplayName, p.SchemaName) + " (" + p.SchemaName + ")"
}

// Parameter adds a parameter, and answers the expression that is its value.
func (b *Builder) Parameter(p Parameter) Expr {
	e := encoder{valuesOnly: true}
	v := p.Default
	if v == nil {
		v = emptyParameters[p.Type]
	}
	e.at("default", func() { e.value(v) })
	if len(e.faults) > 0 {
		e.buf = nil
	}
	p.Default = nil // the caller's, which may change
	b.parameters, b.defaults = append(b.parameters, p), append(b.defaults, e.buf)
	for _, f := range e.faults {
		b.faults = append(b.faults, f.in(b.place()+": parameter "+p.Name()))
	}
	return Param(p.Name())
}

// hasCaller tells whether somebody calls the flow, on whose connections it can run.
func (b *Builder) hasCaller() bool {
	return slices.ContainsFunc(b.starts, func(s *Start) bool { return s.step.typ == "Request" })
}

func (b *Builder) place() string { return strings.TrimSpace("flow " + b.name) }

// Build makes the flow. Its file is laid out as the platform's are, with ids that are derived from the flow's name and
// those of its operations.
//
// It fails with a *connref.FieldError for each fault, joined, whose Field is the path of the thing, as in "flow Daily
// digest: action Try > Send: key": values that can't be, names that are missing, too long, reserved or there twice
// (ErrDuplicate), names that nothing has (ErrNotFound), keys that nothing uses, limits of the platform passed, actions
// that wait for each other.
func (b *Builder) Build() (*Flow, error) { return b.BuildFile(b.name + ".json") }

// BuildFile makes the flow as Build does, in a file of that name.
func (b *Builder) BuildFile(name string) (*Flow, error) {
	c := newCheck(b)
	c.run()
	if err := errors.Join(c.faults...); err != nil {
		return nil, err
	}
	f, problems := Parse(source.NewFile(name, b.json(c.bound)), nil)
	for _, p := range problems {
		c.add(b.place(), fault{field: p.Position.Pointer, reason: p.Message})
	}
	if err := errors.Join(c.faults...); err != nil {
		return nil, err
	}
	return f, nil
}

// json is the text of the flow's file, given the bindings by key.
func (b *Builder) json(bound map[string]Binding) []byte {
	e := encoder{bound: bound, buf: make([]byte, 0, b.size())}
	e.object(func() {
		e.name("properties")
		e.object(func() {
			e.name("connectionReferences")
			e.object(func() {
				for _, binding := range b.sortedBindings() {
					e.name(binding.Key)
					e.raw([]byte(binding.json()))
				}
			})
			e.name("definition")
			e.object(func() { b.definition(&e) })
			e.member("templateName", "")
		})
		e.member("schemaVersion", "1.0.0.0")
	})
	return layOut(e.buf)
}

// size guesses how long the JSON will be: what was written already, and what goes around it.
func (b *Builder) size() int {
	return 2048 + 256*len(b.bindings) + 512*len(b.parameters) + b.Block.size()
}

func (b *Block) size() (n int) {
	for _, s := range b.steps {
		n += 512 + len(s.inputs) + len(s.whole) + len(s.parameters) + len(s.foreach) + len(s.expression) + len(s.runtime)
		for _, inner := range s.blocks() {
			n += inner.size()
		}
	}
	return n
}

// sortedBindings are the bindings in the order in which most files have them.
func (b *Builder) sortedBindings() []Binding {
	return slices.SortedStableFunc(slices.Values(b.bindings), func(a, b Binding) int { return cmp.Compare(a.Key, b.Key) })
}

func (b *Builder) definition(e *encoder) {
	e.member("$schema",
		"https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#")
	e.member("contentVersion", "1.0.0.0")
	e.name("parameters")
	e.object(func() {
		e.raw([]byte(`"$connections":{"defaultValue":{},"type":"Object"}`))
		e.raw([]byte(`"$authentication":{"defaultValue":{},"type":"SecureObject"}`))
		for i, p := range b.parameters {
			e.name(p.Name())
			e.object(func() { e.parameter(p, b.defaults[i]) })
		}
	})
	e.name("triggers")
	e.object(func() {
		for _, s := range b.starts {
			e.name(s.step.name)
			e.object(func() { e.start(s, b) })
		}
	})
	e.block("actions", b.Block)
}

func (e *encoder) parameter(p Parameter, value []byte) {
	e.name("defaultValue")
	e.raw(value)
	e.member("type", string(p.Type))
	if p.SchemaName == "" {
		return
	}
	e.name("metadata")
	e.object(func() {
		e.member("schemaName", p.SchemaName)
		if p.Description != "" {
			e.member("description", p.Description)
		}
	})
}
