package solution_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// faultsOf are the faults that an error joins, as "path [kind]".
func faultsOf(tb testing.TB, err error) []string {
	tb.Helper()
	var list []string
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(tb, ok, "not joined: %v", err)
	for _, one := range joined.Unwrap() {
		field := (*connref.FieldError)(nil)
		require.ErrorAs(tb, one, &field)
		require.NotEmpty(tb, field.Reason)
		kind := "no kind"
		for name, want := range map[string]error{"invalid": connref.ErrInvalid, "duplicate": connref.ErrDuplicate,
			"not found": connref.ErrNotFound} {
			if errors.Is(one, want) {
				kind = name
			}
		}
		list = append(list, field.Field+" ["+kind+"]")
	}
	return list
}

func wantFaults(tb testing.TB, b *solution.Builder, want ...string) {
	tb.Helper()
	sol, err := b.Build(solution.LayoutZip)
	if sol != nil || err == nil {
		tb.Errorf("Build = %v, %v; want faults %q", sol, err, want)
		return
	}
	if diff := cmp.Diff(want, faultsOf(tb, err)); diff != "" {
		tb.Errorf("faults (-want +got):\n%s%v", diff, err)
	}
}

func TestBuildManifestFaults(t *testing.T) {
	long := strings.Repeat("a", 300)
	for _, c := range []struct {
		name   string
		change func(*solution.Manifest)
		want   string
	}{
		{"none", func(m *solution.Manifest) { m.UniqueName = "" }, "unique name [invalid]"},
		{"blank", func(m *solution.Manifest) { m.UniqueName = "Contoso Orders" }, "unique name [invalid]"},
		{"digit", func(m *solution.Manifest) { m.UniqueName = "1Orders" }, "unique name [invalid]"},
		{"umlaut", func(m *solution.Manifest) { m.UniqueName = "Aufträge" }, "unique name [invalid]"},
		{"long", func(m *solution.Manifest) { m.UniqueName = long[:66] }, "unique name [invalid]"},
		{"long display name", func(m *solution.Manifest) { m.DisplayName = long }, "display name [invalid]"},
		{"control character", func(m *solution.Manifest) { m.DisplayName = "a\x01" }, "display name [invalid]"},
		{"long description", func(m *solution.Manifest) { m.Description = strings.Repeat("ä", 2001) },
			"description [invalid]"},
		{"no utf-8", func(m *solution.Manifest) { m.Description = "\xff" }, "description [invalid]"},
		{"noncharacter", func(m *solution.Manifest) { m.Description = "\ufffe" }, "description [invalid]"},
		{"no version", func(m *solution.Manifest) { m.Version = "" }, "version [invalid]"},
		{"one number", func(m *solution.Manifest) { m.Version = "1" }, "version [invalid]"},
		{"five numbers", func(m *solution.Manifest) { m.Version = "1.0.0.0.0" }, "version [invalid]"},
		{"words", func(m *solution.Manifest) { m.Version = "1.0-beta" }, "version [invalid]"},
		{"sign", func(m *solution.Manifest) { m.Version = "1.+1" }, "version [invalid]"},
		{"large", func(m *solution.Manifest) { m.Version = "1.2147483648" }, "version [invalid]"},
		{"both", func(m *solution.Manifest) { m.Managed = solution.ManagedBoth }, "managed [invalid]"},
		{"managed how", func(m *solution.Manifest) { m.Managed = 9 }, "managed [invalid]"},
		{"publisher", func(m *solution.Manifest) { m.Publisher.UniqueName = "" }, "publisher: unique name [invalid]"},
		{"publisher's name", func(m *solution.Manifest) { m.Publisher.DisplayName = long },
			"publisher: display name [invalid]"},
		{"no prefix", func(m *solution.Manifest) { m.Publisher.Prefix = "" }, "publisher: prefix [invalid]"},
		{"short prefix", func(m *solution.Manifest) { m.Publisher.Prefix = "a" }, "publisher: prefix [invalid]"},
		{"long prefix", func(m *solution.Manifest) { m.Publisher.Prefix = "contosoltd" }, "publisher: prefix [invalid]"},
		{"prefix's digit", func(m *solution.Manifest) { m.Publisher.Prefix = "1a" }, "publisher: prefix [invalid]"},
		{"underscore", func(m *solution.Manifest) { m.Publisher.Prefix = "cont_" }, "publisher: prefix [invalid]"},
		{"platform's prefix", func(m *solution.Manifest) { m.Publisher.Prefix = "MSCRMa" }, "publisher: prefix [invalid]"},
		{"option values", func(m *solution.Manifest) { m.Publisher.OptionValuePrefix = "9999" },
			"publisher: option value prefix [invalid]"},
		{"option text", func(m *solution.Manifest) { m.Publisher.OptionValuePrefix = "many" },
			"publisher: option value prefix [invalid]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := contoso()
			c.change(&m)
			wantFaults(t, solution.NewBuilder(m), c.want)
		})
	}
}

func TestBuildReferenceFaults(t *testing.T) {
	mail := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	changed := func(change func(*connref.Reference)) connref.Reference {
		ref := mail
		change(&ref)
		return ref
	}
	for _, c := range []struct {
		name string
		add  func(*solution.Builder)
		want []string
	}{
		{"invalid", func(b *solution.Builder) { b.AddReference(connref.Reference{}) },
			[]string{"reference: logical name [invalid]", "reference: display name [invalid]",
				"reference: connector [invalid]"}},
		{"twice", func(b *solution.Builder) {
			b.AddReference(mail, changed(func(r *connref.Reference) { r.LogicalName = "Contoso_MAIL" }))
		}, []string{"reference Contoso_MAIL: logical name [duplicate]"}},
		{"no prefix", func(b *solution.Builder) {
			b.AddReference(changed(func(r *connref.Reference) { r.LogicalName = "mail" }))
		}, []string{"reference mail: logical name [invalid]"}},
		{"texts", func(b *solution.Builder) {
			b.AddReference(changed(func(r *connref.Reference) { r.DisplayName, r.Description = "a\x0b", "\x00" }))
		}, []string{"reference contoso_mail: display name [invalid]", "reference contoso_mail: description [invalid]"}},
		{"not custom", func(b *solution.Builder) {
			b.AddReference(changed(func(r *connref.Reference) { r.CustomConnector = guid(t, intakeID) }))
		}, []string{"reference contoso_mail: connector [invalid]"}},
		{"another custom", func(b *solution.Builder) {
			c := b.AddConnector(ordersConnector())
			b.AddReference(changed(func(r *connref.Reference) {
				r.Connector, r.CustomConnector = "shared_contoso-5fother-5f0123456789abcdef", c.Custom
			}))
		}, []string{"reference contoso_mail: connector [invalid]"}},
		{"external", func(b *solution.Builder) {
			b.AddExternal("Common", connref.Reference{LogicalName: "a b", Connector: "a/b"})
		}, []string{"external a b: logical name [invalid]", "external a b: connector [invalid]",
			"external a b: solution [invalid]"}},
		{"externals twice", func(b *solution.Builder) { b.AddExternal("", mail); b.AddExternal("Active", mail) },
			[]string{"external contoso_mail: logical name [duplicate]"}},
		{"both", func(b *solution.Builder) { b.AddReference(mail); b.AddExternal("", mail) },
			[]string{"external contoso_mail: logical name [duplicate]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := solution.NewBuilder(contoso())
			c.add(b)
			wantFaults(t, b, c.want...)
		})
	}
}

func TestBuildVariableFaults(t *testing.T) {
	text := func(change func(*solution.NewVariable)) solution.NewVariable {
		v := solution.NewVariable{SchemaName: "contoso_V", DisplayName: "V", Type: solution.VariableString}
		change(&v)
		return v
	}
	typed := func(kind solution.VariableType, value string) solution.NewVariable {
		return text(func(v *solution.NewVariable) { v.Type, v.Default, v.Value = kind, value, value })
	}
	source := func(change func(*solution.NewVariable)) solution.NewVariable {
		return text(func(v *solution.NewVariable) {
			v.Type, v.Connector, v.ParameterKey = solution.VariableDataSource, "shared_sharepointonline", "dataset"
			change(v)
		})
	}
	defaultAndValue := []string{"variable contoso_V: default [invalid]", "variable contoso_V: value [invalid]"}
	for _, c := range []struct {
		name string
		list []solution.NewVariable
		want []string
	}{
		{"nothing", []solution.NewVariable{{}}, []string{"variable: schema name [invalid]", "variable: type [invalid]"}},
		{"characters", []solution.NewVariable{text(func(v *solution.NewVariable) { v.SchemaName = "contoso_V.W" })},
			[]string{"variable contoso_V.W: schema name [invalid]"}},
		{"prefix", []solution.NewVariable{text(func(v *solution.NewVariable) { v.SchemaName = "common_V" })},
			[]string{"variable common_V: schema name [invalid]"}},
		{"prefix only", []solution.NewVariable{text(func(v *solution.NewVariable) { v.SchemaName = "contoso_" })},
			[]string{"variable contoso_: schema name [invalid]"}},
		{"twice", []solution.NewVariable{typed(solution.VariableString, ""),
			text(func(v *solution.NewVariable) { v.SchemaName = "CONTOSO_v" })},
			[]string{"variable CONTOSO_v: schema name [duplicate]"}},
		{"reserved", []solution.NewVariable{text(func(v *solution.NewVariable) { v.SchemaName = "$Authentication" })},
			[]string{"variable $Authentication: schema name [invalid]"}},
		{"reserved display name", []solution.NewVariable{
			text(func(v *solution.NewVariable) { v.DisplayName = "$connection" }),
		}, []string{"variable contoso_V: display name [invalid]"}},
		{"long", []solution.NewVariable{text(func(v *solution.NewVariable) {
			v.DisplayName, v.Description = strings.Repeat("a", 101), strings.Repeat("a", 2001)
			v.Default, v.Value = strings.Repeat("a", 2001), strings.Repeat("a", 2001)
		})}, append([]string{"variable contoso_V: display name [invalid]", "variable contoso_V: description [invalid]"},
			defaultAndValue...)},
		{"number", []solution.NewVariable{typed(solution.VariableNumber, "0x1")}, defaultAndValue},
		{"comma", []solution.NewVariable{typed(solution.VariableNumber, "1,5")}, defaultAndValue},
		{"boolean", []solution.NewVariable{typed(solution.VariableBoolean, "true")}, defaultAndValue},
		{"json", []solution.NewVariable{typed(solution.VariableJSON, "{")}, defaultAndValue},
		{"secret", []solution.NewVariable{typed(solution.VariableSecret, "hunter2")}, defaultAndValue},
		{"control character", []solution.NewVariable{typed(solution.VariableString, "a\x02")}, defaultAndValue},
		{"type", []solution.NewVariable{typed(7, "")}, []string{"variable contoso_V: type [invalid]"}},
		{"data source", []solution.NewVariable{typed(solution.VariableDataSource, "")},
			[]string{"variable contoso_V: connector [invalid]", "variable contoso_V: parameter key [invalid]"}},
		{"no data source", []solution.NewVariable{source(func(v *solution.NewVariable) {
			v.Type, v.Parent = solution.VariableString, "contoso_V"
		})}, []string{"variable contoso_V: connector [invalid]", "variable contoso_V: parameter key [invalid]",
			"variable contoso_V: parent [invalid]", "variable contoso_V: parent [not found]"}},
		{"parent", []solution.NewVariable{source(func(v *solution.NewVariable) { v.Parent = "contoso_W" })},
			[]string{"variable contoso_V: parent [not found]"}},
		{"own parent", []solution.NewVariable{source(func(v *solution.NewVariable) { v.Parent = "contoso_v" })},
			[]string{"variable contoso_V: parent [invalid]"}},
		{"each other's parents", []solution.NewVariable{
			source(func(v *solution.NewVariable) { v.Parent = "contoso_W" }),
			source(func(v *solution.NewVariable) { v.SchemaName, v.Parent = "contoso_W", "contoso_V" }),
		}, []string{"variable contoso_V: parent [invalid]", "variable contoso_W: parent [invalid]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := solution.NewBuilder(contoso())
			for _, v := range c.list {
				b.AddVariable(v)
			}
			wantFaults(t, b, c.want...)
		})
	}
}

// What may be a secret is never told.
func TestBuildTellsNoSecret(t *testing.T) {
	b := solution.NewBuilder(contoso())
	b.AddVariable(solution.NewVariable{SchemaName: "contoso_K", Type: solution.VariableSecret, Default: "hunter2\x01",
		Value: "hunter2"})
	c := ordersConnector()
	c.Parameters = json.RawMessage(`{"token": {"type": "oauthSetting", "oAuthSettings": {"clientSecret": "hunter2"}}}`)
	c.ParameterSets = json.RawMessage(`{"values": [{"name": "a", "parameters": {
		"t": {"type": "x", "CLIENTSECRET": {"value": "hunter2"}}, "k": {"type": "secureString", "defaultValue": "hunter2"}}}]}`)
	b.AddConnector(c)
	_, err := b.Build(solution.LayoutZip)
	require.Error(t, err)
	if strings.Contains(err.Error(), "hunter2") || strings.Count(err.Error(), "no credential can be held") != 4 {
		t.Errorf("Build fails with\n%v", err)
	}
}

func TestBuildConnectorFaults(t *testing.T) {
	const name = "connector contoso_Orders v2"
	api := func(text string) func(*solution.NewConnector) {
		return func(c *solution.NewConnector) {
			c.OpenAPI, c.Script, c.ScriptOperations = json.RawMessage(text), "", nil
		}
	}
	for _, c := range []struct {
		name   string
		change func(*solution.NewConnector)
		want   []string
	}{
		{"no name", func(c *solution.NewConnector) { c.Name = "" }, []string{"connector: name [invalid]"}},
		{"prefix", func(c *solution.NewConnector) { c.Name = "orders" }, []string{"connector orders: name [invalid]"}},
		{"umlaut", func(c *solution.NewConnector) { c.Name = "contoso_ä" },
			[]string{"connector contoso_ä: name [invalid]"}},
		{"texts", func(c *solution.NewConnector) { c.DisplayName, c.Description = strings.Repeat("a", 201), "\x01" },
			[]string{name + ": display name [invalid]", name + ": description [invalid]"}},
		{"colour", func(c *solution.NewConnector) { c.IconBrandColor = "#12345g" },
			[]string{name + ": icon brand color [invalid]"}},
		{"red", func(c *solution.NewConnector) { c.IconBrandColor = "red" }, []string{name + ": icon brand color [invalid]"}},
		{"no api", api(""), []string{name + ": OpenAPI [invalid]"}},
		{"no json", api("{"), []string{name + ": OpenAPI [invalid]"}},
		{"mark", api("\ufeff" + ordersAPI), []string{name + ": OpenAPI [invalid]"}},
		{"array", api("[]"), []string{name + ": OpenAPI [invalid]"}},
		{"version 3", api(`{"openapi": "3.0.1", "info": {"title": "a"}, "paths": {}}`),
			[]string{name + ": OpenAPI: swagger [invalid]"}},
		{"empty", api(`{}`), []string{name + ": OpenAPI: swagger [invalid]", name + ": OpenAPI: info.title [invalid]",
			name + ": OpenAPI: paths [invalid]"}},
		{"operations", api(`{"swagger": "2.0", "info": {"title": "a"}, "paths": {"a": {"get": {"operationId": "A"}},
			"/b": {"parameters": [], "get": {}, "put": {"operationId": "A"}}}}`),
			[]string{name + ": OpenAPI: path [invalid]", name + ": OpenAPI: get /b: operationId [invalid]",
				name + ": OpenAPI: put /b: operationId [duplicate]"}},
		{"repeated", api(`{"swagger": "2.0", "info": {"title": "a", "title": "b"}, "paths": {}}`),
			[]string{name + ": OpenAPI [invalid]"}},
		{"parameters", func(c *solution.NewConnector) {
			c.Parameters = json.RawMessage(`{"a": {}}`)
			c.ParameterSets = json.RawMessage(`{"values": [{"parameters": {"b": 1}}]}`)
		}, []string{name + ": parameters: a: type [invalid]", name + ": parameter sets [invalid]",
			name + ": parameter sets: set: b: type [invalid]"}},
		{"no sets", func(c *solution.NewConnector) { c.ParameterSets = json.RawMessage(`{}`) },
			[]string{name + ": parameter sets: values [invalid]"}},
		{"no objects", func(c *solution.NewConnector) {
			c.Parameters, c.ParameterSets, c.Policies = json.RawMessage(`[]`), json.RawMessage(`1`), json.RawMessage(`null`)
		}, []string{name + ": parameters [invalid]", name + ": parameter sets [invalid]", name + ": policies [invalid]"}},
		{"policy", func(c *solution.NewConnector) { c.Policies = json.RawMessage(`[{"TemplateId": "a"}, {}]`) },
			[]string{name + ": policies [invalid]"}},
		{"script", func(c *solution.NewConnector) { c.Script, c.ScriptOperations = "\x00", []string{"Nope"} },
			[]string{name + ": script [invalid]", name + ": script operations [not found]"}},
		{"no script", func(c *solution.NewConnector) { c.Script = "" }, []string{name + ": script operations [invalid]"}},
		{"icon", func(c *solution.NewConnector) { c.Icon = []byte("GIF89a") }, []string{name + ": icon [invalid]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			connector := ordersConnector()
			c.change(&connector)
			b := solution.NewBuilder(contoso())
			b.AddConnector(connector)
			wantFaults(t, b, c.want...)
		})
	}
	t.Run("twice", func(t *testing.T) {
		again, same := ordersConnector(), ordersConnector()
		again.Name, again.ID = "contoso_ORDERS V2", guid(t, intakeID)
		same.Name, same.ID = "contoso_other", guid(t, intakeID)
		b := solution.NewBuilder(contoso())
		b.AddConnector(ordersConnector())
		b.AddConnector(again)
		b.AddConnector(same)
		wantFaults(t, b, "connector contoso_ORDERS V2: name [duplicate]", "connector contoso_other: id [duplicate]")
	})
}

func TestBuildFlowFaults(t *testing.T) {
	mail := connref.Reference{LogicalName: "contoso_mail", DisplayName: "Mail", Connector: "shared_office365"}
	ready := func(w solution.Workflow, text string) func(*solution.Builder) {
		return func(b *solution.Builder) {
			b.AddReference(mail)
			f, _ := flow.Parse(source.NewFile("x.json", []byte(text)), nil)
			b.AddFlow(w, f)
		}
	}
	named := solution.Workflow{Name: "A"}
	plain := flowJSON("mail contoso_mail")
	parameter := func(schemaName, typ string) string {
		return strings.Replace(plain, `"triggers"`, `"parameters": {"V (`+schemaName+`)": {"type": "`+typ+
			`", "metadata": {"schemaName": "`+schemaName+`"}}}, "triggers"`, 1)
	}
	for _, c := range []struct {
		name string
		add  func(*solution.Builder)
		want []string
	}{
		{"no name", ready(solution.Workflow{}, plain), []string{"flow: name [invalid]"}},
		{"blank", ready(solution.Workflow{Name: " \n"}, plain), []string{`flow " \n": name [invalid]`}},
		{"long", ready(solution.Workflow{Name: strings.Repeat("ä", 101)}, plain),
			[]string{"flow " + strings.Repeat("ä", 101) + ": name [invalid]"}},
		{"texts", ready(solution.Workflow{Name: "A\x01", Description: "\ufffe"}, plain),
			[]string{`flow "A\x01": name [invalid]`, `flow "A\x01": description [invalid]`}},
		{"category", ready(solution.Workflow{Name: "A", Category: solution.CategoryDesktopFlow}, plain),
			[]string{"flow A: category [invalid]"}},
		{"modern", ready(solution.Workflow{Name: "A", Modern: -1}, plain), []string{"flow A: modern [invalid]"}},
		{"none", func(b *solution.Builder) { b.AddFlow(named, nil) }, []string{"flow A [invalid]"}},
		{"no json", ready(named, "{"), []string{"flow A [invalid]"}},
		{"no text", ready(named, "\xff{}"), []string{"flow A [invalid]"}},
		{"no flow", ready(named, "{}"), []string{"flow A [invalid]"}},
		{"repeated", ready(named, strings.Replace(plain, `"triggers"`, `"triggers": {}, "triggers"`, 1)),
			[]string{"flow A [invalid]"}},
		{"twice", func(b *solution.Builder) {
			ready(named, plain)(b)
			b.AddFlow(solution.Workflow{Name: "a"}, parseFlow(t, flowJSON()))
			b.AddFlow(solution.Workflow{Name: "B", ID: b.FlowID("A")}, parseFlow(t, flowJSON()))
		}, []string{"flow a: id [duplicate]", "flow B: id [duplicate]"}},
		{"two connectors of one that nobody added", func(b *solution.Builder) {
			other := strings.ReplaceAll(flowJSON("mail common_mail"), "shared_office365", "shared_outlook")
			b.AddFlow(named, parseFlow(t, flowJSON("mail common_mail")))
			b.AddFlow(solution.Workflow{Name: "B"}, parseFlow(t, other))
		}, []string{"flow B: binding mail: connector [invalid]"}},
		{"connector", func(b *solution.Builder) {
			ready(named, flowJSON("mail contoso_mail", "files common_files"))(b)
			b.AddExternal("", connref.Reference{LogicalName: "common_files", Connector: "shared_onedrive"})
		}, []string{"flow A: binding files: connector [invalid]"}},
		{"operation", func(b *solution.Builder) {
			api := b.AddConnector(ordersConnector())
			b.AddReference(connref.Reference{LogicalName: "contoso_orders", DisplayName: "Orders", Connector: api.ID})
			f := b.NewFlow(named)
			f.Bind(flow.Binding{Key: "orders", Reference: "contoso_orders", Connector: api.ID})
			f.Trigger("When", flow.Event{Key: "orders", Operation: "OnOrder"})
			f.Add("Get", flow.Call{Key: "orders", Operation: "GetOrder"})
		}, []string{"flow A: trigger When: operation [not found]", "flow A: action Get: operation [not found]"}},
		{"builder", func(b *solution.Builder) { b.NewFlow(named).Add("Send", flow.Call{Key: "mail", Operation: "Send"}) },
			[]string{"flow A: trigger [invalid]", "flow A: action Send: key [not found]"}},
		{"variable", func(b *solution.Builder) {
			ready(named, parameter("contoso_V", "Bool"))(b)
			b.AddVariable(solution.NewVariable{SchemaName: "contoso_v", Type: solution.VariableString})
		}, []string{"flow A: parameter V (contoso_V): type [invalid]"}},
		{"child", ready(named, strings.Replace(plain, `"actions": {`, `"actions": {"Run": {"type": "Workflow",
			"inputs": {"host": {"workflowReferenceName": "child"}}},`, 1)), []string{"flow A: action Run: flow [invalid]"}},
		{"child on its own", func(b *solution.Builder) {
			f := b.NewFlow(named)
			f.Trigger("", flow.Manual{By: flow.ByButton})
			f.Add("Run", flow.RunFlow{Flow: b.FlowID("CHILD")})
			b.AddFlow(solution.Workflow{Name: "Child"}, parseFlow(t, flowJSON()))
		}, []string{"flow A: action Run: flow [invalid]"}},
		{"child to come", func(b *solution.Builder) {
			id := b.FlowID("Child")
			ready(named, strings.Replace(plain, `"actions": {`, `"actions": {"Run": {"type": "Workflow",
				"inputs": {"host": {"workflowReferenceName": "`+id.String()+`"}}},`, 1))(b)
			b.AddFlow(solution.Workflow{Name: "Child", ID: guid(t, intakeID)}, parseFlow(t, flowJSON()))
		}, []string{"flow A: action Run: flow [not found]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := solution.NewBuilder(contoso())
			c.add(b)
			wantFaults(t, b, c.want...)
		})
	}
	for kind, types := range map[solution.VariableType]string{
		solution.VariableString: "String", solution.VariableNumber: "Int Float", solution.VariableBoolean: "Bool",
		solution.VariableJSON: "Object Array String", solution.VariableSecret: "String SecureString",
	} {
		for _, typ := range []string{"String", "SecureString", "Int", "Float", "Bool", "Object", "Array", ""} {
			b := solution.NewBuilder(contoso())
			ready(named, parameter("contoso_V", typ))(b)
			b.AddVariable(solution.NewVariable{SchemaName: "contoso_V", Type: kind})
			_, err := b.Build(solution.LayoutZip)
			if want := typ == "" || slices.Contains(strings.Fields(types), typ); want != (err == nil) {
				t.Errorf("parameter of type %q for variable of type %d: %v", typ, kind, err)
			}
		}
	}
}

// Everything is told at once, each with its path, in the order of what was added.
func TestBuildAllFaults(t *testing.T) {
	m := contoso()
	m.Version, m.Publisher.Prefix = "one", "_"
	b := solution.NewBuilder(m)
	b.AddFlow(solution.Workflow{Name: "A"}, parseFlow(t, flowJSON("mail contoso_lost")))
	b.AddVariable(solution.NewVariable{SchemaName: "a b"})
	b.AddReference(connref.Reference{LogicalName: "mail"})
	b.AddExternal("x", connref.Reference{LogicalName: "common_files"})
	b.AddConnector(solution.NewConnector{Name: "contoso_a"})
	b.NewFlow(solution.Workflow{Name: "B"})
	want := []string{
		"version [invalid]", "publisher: prefix [invalid]", "connector contoso_a: OpenAPI [invalid]",
		"reference mail: display name [invalid]", "reference mail: connector [invalid]",
		"reference mail: logical name [invalid]",
		"external common_files: solution [invalid]", "variable a b: schema name [invalid]", "variable a b: type [invalid]",
		"flow B: trigger [invalid]",
	}
	wantFaults(t, b, want...)
	wantFaults(t, b, want...)
}
