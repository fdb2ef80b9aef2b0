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
// where the file isn't JSON or doesn't have the shape of a flow, CR005 repeated-member where members are repeated, and
// CR002 undecodable-text where its bytes spell no text. Of each rule it reports the first diag.MaxOfRule.
// IsFlow tells whether what was read is a flow at all.
func Parse(file *source.File, opts *source.Options) (*Flow, diag.List) {
	p := &parser{file: file, flow: &Flow{file: file}}
	doc, err := source.ParseJSON(file, opts)
	if err != nil {
		p.unreadable(err)
		return p.flow, p.problems.List()
	}
	p.flow.doc = doc
	p.parse()
	return p.flow, p.problems.List()
}

// IsFlow tells whether the file has the least a flow must have: a properties object with a definition object. What
// Parse answers for any other file is empty.
func (f *Flow) IsFlow() bool { return f.properties().Get("definition").Kind() == source.Object }

type parser struct {
	file     *source.File
	flow     *Flow
	parents  []int // of each operation, its parent's index or -1
	problems diag.Collector
}

// unreadable reports why the file has no tree at all.
func (p *parser) unreadable(err error) {
	if syntax := (*source.SyntaxError)(nil); errors.As(err, &syntax) {
		p.report(unparsable, syntax.At, "not JSON: "+syntax.Msg)
		return
	}
	p.report(undecodable, p.file.At(source.Span{}), strings.TrimPrefix(err.Error(), p.file.Name()+": "))
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
		p.unparsable(or(properties, root),
			"member properties is %s: a flow holds its definition there", properties.Kind())
		return
	}
	definition := properties.Get("definition")
	if definition.Kind() != source.Object {
		p.unparsable(or(definition, properties),
			"member definition is %s: expected an object with triggers and actions", definition.Kind())
		return
	}
	p.repeated()
	p.bindings(p.flow.references())
	p.operations(definition.Get("triggers"), "trigger", -1, "")
	p.operations(definition.Get("actions"), "action", -1, "")
	for i, parent := range p.parents {
		if parent >= 0 {
			p.flow.operations[i].Parent = &p.flow.operations[parent]
		}
	}
	p.variables(definition.Get("parameters"))
}

// or is the value, or another where it is absent.
func or(v, other source.Value) source.Value {
	if v.Exists() {
		return v
	}
	return other
}

func (p *parser) repeated() {
	for m := range p.flow.doc.Repeated() {
		p.flow.repeats = true
		p.report(repeatedMember, m.Key.At(),
			fmt.Sprintf("member %q is in its object more than once: the last one counts", m.Name()))
	}
}

// objects answers the members of an object of objects, and reports what isn't one.
func (p *parser) objects(v source.Value, what string) []source.Member {
	switch v.Kind() {
	case source.Absent, source.Null:
		return nil
	case source.Object:
	default:
		p.unparsable(v, "%ss are %s: expected an object with the %ss by name", what, v.Kind(), what)
		return nil
	}
	members, last := make([]source.Member, 0, v.Len()), p.flow.counting(v)
	for m := range v.Members() {
		switch {
		case !last.has(m):
		case m.Value.Kind() == source.Object:
			members = append(members, m)
		default:
			p.unparsable(m.Value, "%s %q is %s: expected an object", what, m.Name(), m.Value.Kind())
		}
	}
	return members
}

func (p *parser) bindings(references source.Value) {
	for _, m := range p.objects(references, "connection reference") {
		entry := m.Value
		api, connection := entry.Get("api"), entry.Get("connection")
		p.want(source.Object, api, "api")
		p.want(source.Object, connection, "connection")
		p.want(source.String, api.Get("name"), "api.name")
		p.want(source.String, entry.Get("runtimeSource"), "runtimeSource")
		p.want(source.String, connection.Get(referenceName), "connection."+referenceName)
		b := Binding{
			Key:           m.Name(),
			ConnectorName: api.Get("logicalName").Text(),
			Connector:     connref.ConnectorID(first(api.Get("name"), entry.Get("id"), api.Get("id")).Text()),
			Connection: connectionID(
				first(connection.Get("name"), entry.Get("connectionName"), connection.Get("id")).Text()),
			Source:        RuntimeSource(strings.ToLower(first(entry.Get("runtimeSource"), entry.Get("source")).Text())),
			Impersonation: entry.Get("impersonation", "source").Text(),
			At:            p.file.At(m.Key.TextSpan()),
		}
		// The second is the designer's shape, which tools write into solution files by mistake.
		if ref := first(connection.Get(referenceName), entry.Get(referenceName)); ref.Text() != "" {
			b.Reference = connref.LogicalName(ref.Text())
			b.ReferenceAt = p.file.At(ref.TextSpan())
		}
		p.flow.bindings = append(p.flow.bindings, b)
	}
}

const referenceName = "connectionReferenceLogicalName"

// want reports a value of another kind than a flow has there, which is read as if it were absent.
func (p *parser) want(kind source.Kind, v source.Value, what string) {
	if have := v.Kind(); have != kind && have != source.Absent && have != source.Null {
		p.unparsable(v, "%s is %s: expected %s", what, have, kind)
	}
}

// connectionID is a connection's id out of the two spellings that packages have: alone, or at the end of a resource id.
func connectionID(text string) connref.ConnectionID {
	if i := strings.LastIndex(text, "/connections/"); i >= 0 {
		text = text[i+len("/connections/"):]
	}
	return connref.ConnectionID(text)
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
func (p *parser) operations(v source.Value, what string, parent int, branch string) {
	for _, m := range p.objects(v, what) {
		op := Operation{Name: m.Name(), IsTrigger: what == "trigger", Branch: branch, At: p.file.At(m.Key.TextSpan())}
		if parent >= 0 {
			op.Depth = p.flow.operations[parent].Depth + 1
		}
		index := len(p.flow.operations)
		p.flow.operations = append(p.flow.operations, op)
		p.flow.bodies = append(p.flow.bodies, m.Value)
		p.parents = append(p.parents, parent)
		p.operation(m.Value, index)
	}
}

// operation reads a trigger or an action, and the actions inside it: of scopes, loops and conditions, of a condition's
// else, of a switch's cases and default.
func (p *parser) operation(v source.Value, index int) {
	op := p.flow.operations[index]
	var inputs source.Value
	last := p.flow.counting(v)
	for m := range v.Members() {
		if !last.has(m) {
			continue
		}
		switch m.Name() {
		case "type":
			p.want(source.String, m.Value, "type")
			op.Type = m.Value.Text()
		case "kind":
			op.Kind = m.Value.Text()
		case "inputs":
			inputs = m.Value
		}
		if op.IsTrigger {
			continue
		}
		switch m.Name() {
		case "actions":
			p.operations(m.Value, "action", index, "")
		case "else", "default":
			p.branch(m.Value, index, m.Name())
		case "cases":
			for _, c := range p.objects(m.Value, "case") {
				p.branch(c.Value, index, "case "+c.Name())
			}
		}
	}
	if !op.composes() {
		op.Host = p.host(inputs.Get("host"))
		if op.Host.Form != HostNone && op.Host.OperationID == "" {
			op.Host.OperationID = inputs.Get("operationId").Text() // beside the host in a trigger for a selected item
		}
		op.Authentication = authentication(inputs.Get("authentication"))
	}
	p.flow.operations[index] = op
}

// branch reads the actions of a branch of an action.
func (p *parser) branch(v source.Value, parent int, branch string) {
	switch v.Kind() {
	case source.Object:
		p.operations(v.Get("actions"), "action", parent, branch)
	case source.Null:
	default:
		p.unparsable(v, "branch %q is %s: expected an object with actions", branch, v.Kind())
	}
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
	name := connection.Get("name")
	inName, form := connectionKey(name.Text())
	designer := first(host.Get("connectionReferenceName"), connection.Get("referenceName"))
	p.want(source.String, host.Get("connectionName"), "host.connectionName")
	switch key := host.Get("connectionName"); {
	case key.Text() != "":
		h.Form, h.Key, h.KeyAt = HostKey, key.Text(), p.file.At(key.TextSpan())
	case form != HostOther:
		h.Form, h.Key = form, unquote(name.Text(), inName)
		h.KeyAt = p.file.At(name.PartSpan(inName))
	case designer.Exists():
		h.Form, h.Key, h.KeyAt = HostDesigner, designer.Text(), p.file.At(designer.TextSpan())
	case h.ChildFlow != "":
		h.Form = HostChildFlow
	}
	return h
}

func (p *parser) variables(parameters source.Value) {
	for _, m := range p.objects(parameters, "parameter") {
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
