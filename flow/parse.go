package flow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

// Parse reads a flow as far as it can be read, and says what is wrong with it: findings of rule CR122 unparsable-flow
// where the file isn't JSON or doesn't have the shape of a flow, and of CR005 where members are repeated. IsFlow tells
// whether what was read is a flow at all.
func Parse(file *source.File, opts *source.Options) (*Flow, diag.List) {
	p := &parser{file: file, flow: &Flow{file: file}}
	doc, err := source.ParseJSON(file, opts)
	if err != nil {
		p.syntax(err)
		return p.flow, p.problems
	}
	p.flow.doc = doc
	p.parse()
	return p.flow, p.problems
}

// IsFlow tells whether the file has the least a flow must have: a properties object with a definition object. What
// Parse answers for any other file is empty.
func (f *Flow) IsFlow() bool { return f.properties().Get("definition").Kind() == source.Object }

type parser struct {
	file     *source.File
	flow     *Flow
	parents  []int // of each operation, its parent's index or -1
	repeats  bool  // some object of the file has two members of one name
	problems diag.List
}

func (p *parser) syntax(err error) {
	at := source.Location{File: p.file.Name()}
	message, rule, name := err.Error(), ruleEncoding, "undecodable-text"
	if syntax := (*source.SyntaxError)(nil); errors.As(err, &syntax) {
		at, message, rule, name = syntax.At, "not JSON: "+syntax.Msg, ruleUnparsable, "unparsable-flow"
	}
	p.report(rule, name, diag.Error, at, message)
}

func (p *parser) parse() {
	root := p.flow.doc.Root()
	if root.Kind() != source.Object {
		p.unparsable(root, "a flow is an object, not %s", root.Kind())
		return
	}
	properties := root.Get("properties")
	switch {
	case !properties.Exists() && root.Get("definition").Exists():
		p.unparsable(root, "a bare definition: a flow holds it in properties.definition, beside its connectionReferences")
		return
	case properties.Kind() != source.Object:
		p.unparsable(root, "member properties is %s: a flow holds its definition there", properties.Kind())
		return
	}
	definition := properties.Get("definition")
	if definition.Kind() != source.Object {
		p.unparsable(properties, "member definition is %s: expected an object with triggers and actions", definition.Kind())
		return
	}
	p.repeated()
	p.bindings(properties.Get("connectionReferences"))
	p.operations(definition.Get("triggers"), true, -1, "")
	p.operations(definition.Get("actions"), false, -1, "")
	for i, parent := range p.parents {
		if parent >= 0 {
			p.flow.operations[i].Parent = &p.flow.operations[parent]
		}
	}
	p.variables(definition.Get("parameters"))
}

func (p *parser) repeated() {
	for m := range p.flow.doc.Repeated() {
		p.repeats = true
		p.report(ruleRepeated, "repeated-member", diag.Warning, m.Key.At(),
			fmt.Sprintf("member %q is in its object more than once: the last one counts", m.Name()))
	}
}

// objects yields the members of an object of objects, and reports what isn't one. Of repeated members it yields the
// last, which is the one that the platform reads.
func (p *parser) objects(v source.Value, what string) func(yield func(source.Member) bool) {
	return func(yield func(source.Member) bool) {
		switch v.Kind() {
		case source.Absent, source.Null:
			return
		case source.Object:
		default:
			p.unparsable(v, "%ss are %s: expected an object with the %ss by name", what, v.Kind(), what)
			return
		}
		for m := range v.Members() {
			if m.Value.Kind() != source.Object {
				p.unparsable(m.Value, "%s %q is %s: expected an object", what, m.Name(), m.Value.Kind())
				continue
			}
			if p.repeats && v.Member(m.Name()) != m {
				continue
			}
			if !yield(m) {
				return
			}
		}
	}
}

func (p *parser) bindings(references source.Value) {
	for m := range p.objects(references, "connection reference") {
		entry := m.Value
		api, connection := entry.Get("api"), entry.Get("connection")
		b := Binding{
			Key:           m.Name(),
			ConnectorName: api.Get("logicalName").Text(),
			Connector:     connref.ConnectorID(first(api.Get("name"), entry.Get("id"), api.Get("id")).Text()),
			Connection: connref.ConnectionID(
				first(connection.Get("name"), entry.Get("connectionName"), connection.Get("id")).Text()),
			Source:        RuntimeSource(strings.ToLower(first(entry.Get("runtimeSource"), entry.Get("source")).Text())),
			Impersonation: entry.Get("impersonation", "source").Text(),
			At:            p.file.At(m.Key.TextSpan()),
		}
		const name = "connectionReferenceLogicalName"
		// The second is the designer's shape, which tools write into solution files by mistake.
		if ref := first(connection.Get(name), entry.Get(name)); ref.Text() != "" {
			b.Reference = connref.LogicalName(ref.Text())
			b.ReferenceAt = p.file.At(ref.TextSpan())
		}
		p.flow.bindings = append(p.flow.bindings, b)
	}
}

// first is the first of the values that is a text with something in it.
func first(values ...source.Value) source.Value {
	for _, v := range values {
		if v.Text() != "" {
			return v
		}
	}
	return source.Value{}
}

// operations reads an object of triggers or actions, and the actions inside each.
func (p *parser) operations(v source.Value, trigger bool, parent int, branch string) {
	what := "action"
	if trigger {
		what = "trigger"
	}
	for m := range p.objects(v, what) {
		index := len(p.flow.operations)
		op := p.operation(m)
		op.Trigger, op.Branch = trigger, branch
		if parent >= 0 {
			op.Depth = p.flow.operations[parent].Depth + 1
		}
		p.flow.operations = append(p.flow.operations, op)
		p.parents = append(p.parents, parent)
		if !trigger {
			p.nested(m.Value, index)
		}
	}
}

// nested reads the actions inside an action: of scopes, loops and conditions, of a condition's else, of a switch's cases
// and default.
func (p *parser) nested(action source.Value, parent int) {
	p.operations(action.Get("actions"), false, parent, "")
	p.operations(action.Get("else", "actions"), false, parent, "else")
	if cases := action.Get("cases"); cases.Exists() {
		for c := range p.objects(cases, "case") {
			p.operations(c.Value.Get("actions"), false, parent, "case "+c.Name())
		}
	}
	p.operations(action.Get("default", "actions"), false, parent, "default")
}

func (p *parser) operation(m source.Member) Operation {
	op := Operation{Name: m.Name(), At: p.file.At(m.Key.TextSpan())}
	for part := range m.Value.Members() {
		switch part.Name() {
		case "type":
			op.Type = part.Value.Text()
		case "kind":
			op.Kind = part.Value.Text()
		case "inputs":
			op.Host = p.host(part.Value.Get("host"))
			op.Authentication = authentication(part.Value.Get("authentication"))
		}
	}
	return op
}

func (p *parser) host(host source.Value) Host {
	if host.Kind() != source.Object {
		return Host{}
	}
	h := Host{
		Form:        HostOther,
		OperationID: host.Get("operationId").Text(),
		Connector:   connref.ConnectorID(host.Get("apiId").Text()),
		ChildFlow:   host.Get("workflowReferenceName").Text(),
	}
	connection := host.Get("connection")
	name, designer := connection.Get("name"), first(host.Get("connectionReferenceName"), connection.Get("referenceName"))
	switch key := host.Get("connectionName"); {
	case key.Text() != "":
		h.Form, h.Key, h.KeyAt = HostKey, key.Text(), p.file.At(key.TextSpan())
	case name.Text() != "":
		p.hostExpression(&h, name)
	case designer.Exists():
		h.Form, h.Key, h.KeyAt = HostDesigner, designer.Text(), p.file.At(designer.TextSpan())
	case h.ChildFlow != "":
		h.Form = HostChildFlow
	}
	return h
}

func (p *parser) hostExpression(h *Host, name source.Value) {
	text, span := name.Text(), name.TextSpan()
	key, start, end, form := connectionKey(text)
	h.Form, h.Key = form, key
	switch {
	case key == "":
	case span.Len() == len(text): // no escapes: an offset in the text is one in the file
		h.KeyAt = p.file.At(source.Span{Start: span.Start + start, End: span.Start + end})
	default:
		h.KeyAt = p.file.At(span)
	}
}

func authentication(v source.Value) Authentication {
	switch v.Kind() {
	case source.Absent, source.Null:
		return Authentication{}
	case source.Object:
		a := Authentication{Kind: AuthOwn, Type: v.Get("type").Text()}
		if a.Type == "Raw" && strings.Contains(v.Get("value").Text(), "$ConnectionKey") {
			a.Kind = AuthInvoker
		}
		return a
	}
	if v.Text() == "@parameters('$authentication')" {
		return Authentication{Kind: AuthParameter}
	}
	return Authentication{Kind: AuthExpression}
}

func (p *parser) variables(parameters source.Value) {
	for m := range p.objects(parameters, "parameter") {
		schemaName := m.Value.Get("metadata", "schemaName").Text()
		if schemaName == "" {
			continue
		}
		p.flow.variables = append(p.flow.variables, Variable{
			Parameter:  m.Name(),
			SchemaName: schemaName,
			Type:       m.Value.Get("type").Text(),
			At:         p.file.At(m.Key.TextSpan()),
		})
	}
}
