package solution_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// calls is a tape of bytes that tells what to ask of a Builder.
type calls struct{ tape []byte }

func (c *calls) number(below int) int {
	if len(c.tape) == 0 {
		return 0
	}
	n := int(c.tape[0]) % below
	c.tape = c.tape[1:]
	return n
}

// text is the next few bytes.
func (c *calls) text() string {
	n := min(c.number(24), len(c.tape))
	text := string(c.tape[:n])
	c.tape = c.tape[n:]
	return text
}

// name is mostly one that can be.
func (c *calls) name() string {
	if c.number(8) == 7 {
		return c.text()
	}
	return "contoso_" + string(rune('a'+c.number(6)))
}

func (c *calls) connector() connref.ConnectorID {
	return []connref.ConnectorID{"shared_office365", "shared_teams",
		"/providers/Microsoft.PowerApps/apis/shared_office365", "shared_contoso-5fa-5f0123456789abcdef", ""}[c.number(5)]
}

// fuzzed is what a tape asks for, as far as it comes back unchanged if it is built.
type fuzzed struct {
	manifest   solution.Manifest
	references map[connref.LogicalName]connref.Reference
	flows      map[connref.FlowID]solution.Workflow
}

func (c *calls) builder() (*solution.Builder, fuzzed) {
	m := contoso()
	m.DisplayName, m.Description, m.Publisher.DisplayName = "D"+c.text(), c.text(), "P"+c.text()
	want := fuzzed{m, map[connref.LogicalName]connref.Reference{}, map[connref.FlowID]solution.Workflow{}}
	b := solution.NewBuilder(m)
	for range 40 {
		if len(c.tape) == 0 {
			break
		}
		switch c.number(6) {
		case 0:
			ref := connref.Reference{LogicalName: connref.LogicalName(c.name()), DisplayName: "R" + c.text(),
				Description: c.text(), Connector: c.connector()}
			want.references[ref.LogicalName] = ref
			b.AddReference(ref)
		case 1:
			b.AddExternal([]string{"", "Active", "Common (1.0.0.0)", c.text()}[c.number(4)],
				connref.Reference{LogicalName: connref.LogicalName(c.name()), Connector: c.connector()})
		case 2:
			b.AddVariable(solution.NewVariable{SchemaName: c.name(), DisplayName: c.text(), Description: c.text(),
				Type: solution.VariableString + solution.VariableType(c.number(7)), Default: c.text(), Value: c.text(),
				Connector: c.connector(), ParameterKey: c.text(), Parent: []string{"", c.name()}[c.number(2)]})
		case 3:
			b.AddConnector(solution.NewConnector{Name: c.name(), DisplayName: c.text(), Description: c.text(),
				OpenAPI:    json.RawMessage([]string{ordersAPI, c.text()}[c.number(2)]),
				Parameters: json.RawMessage([]string{"", `{"a": {"type": "string"}}`, c.text()}[c.number(3)]),
				Policies:   json.RawMessage([]string{"", "[]", c.text()}[c.number(3)]), Script: c.text()})
		case 4:
			w := solution.Workflow{Name: "F" + c.text(), Description: c.text(), On: c.number(2) == 1, Modern: c.number(3)}
			want.flows[flowID(w.Name)] = w
			text := flowJSON("k "+[]string{"contoso_a", "contoso_b", ""}[c.number(3)], c.text()+" ")
			f, _ := flow.Parse(source.NewFile("f.json", []byte(text)), nil)
			b.AddFlow(w, f)
		case 5:
			w := solution.Workflow{Name: "N" + c.text(), Description: c.text()}
			want.flows[flowID(w.Name)] = w
			f := b.NewFlow(w)
			f.Trigger("", flow.Recurrence{Frequency: flow.Day, Interval: 1})
			f.Add("Say", flow.Compose{Inputs: c.text()})
			f.Add("Run", flow.RunFlow{Flow: b.FlowID("F" + c.text())})
		}
	}
	return b, want
}

// Whatever a Builder is asked for, it either says what is wrong, or makes a solution that opens without a problem and
// holds the texts that it was given.
func FuzzBuilder(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x03a]]>\x02\"'\x00\x00\x00\x02\x04mail\x05<&>\r\n\x00"))
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x03x\ty\x04\n\n a\x00\x04\x03F\x7fg\x04\x01\x01\x00\x02xy"))
	f.Add([]byte("\x00\x00\x00\x02\x00\x00\x03Sit\x02De\x00\x03yes\x03\"\\\x01\x00\x00\x00\x02\x00\x01\x00\x00\x05no{}x"))
	f.Add([]byte("\x00\x00\x00\x03\x00\x01\x02DN\x00\x00\x00\x00\x03cod\x05\x03syn\x05\xc3\xa4\xe2\x82\xac\x04text\x00"))
	f.Add([]byte("\x01\x01\x01\x01\x02\xff\xfe\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, tape []byte) {
		c := calls{tape}
		b, want := c.builder()
		var models []view
		for _, layout := range builtLayouts {
			sol, err := b.Build(layout)
			if err != nil {
				for _, fault := range faultsOf(t, err) {
					if strings.HasSuffix(fault, "[no kind]") {
						t.Errorf("a fault of no kind: %s", fault)
					}
				}
				require.Nil(t, sol)
				require.Empty(t, models, "only %v fails: %v", layout, err)
				continue
			}
			readAll(t, sol)
			wantProblems(t, sol)
			models = append(models, viewOf(sol))
			if layout == solution.LayoutUnpacked {
				continue
			}
			var packed bytes.Buffer
			require.NoError(t, sol.WriteZip(t.Context(), &packed))
			opened := openZip(t, packed.Bytes())
			if diff := cmp.Diff(viewOf(sol), viewOf(opened)); diff != "" {
				t.Errorf("%v: the archive is another solution:\n%s", layout, diff)
			}
			checkTexts(t, opened, want)
		}
		for _, model := range models[min(len(models), 1):] {
			if diff := cmp.Diff(models[0], model, withoutPlaces); diff != "" {
				t.Errorf("layouts differ:\n%s", diff)
			}
		}
	})
}

func flowID(name string) connref.FlowID {
	return connref.DeriveGUID("flow", contoso().UniqueName, name)
}

// checkTexts compares what people see with what was asked for. White space around some texts isn't read.
func checkTexts(t *testing.T, sol *solution.Solution, want fuzzed) {
	t.Helper()
	have := sol.Manifest()
	if have.DisplayName != want.manifest.DisplayName || have.Description != want.manifest.Description ||
		have.Publisher.DisplayName != want.manifest.Publisher.DisplayName {
		t.Errorf("manifest is %+v, want %+v", have, want.manifest)
	}
	for ref := range sol.References() {
		asked := want.references[ref.LogicalName]
		if ref.DisplayName != strings.TrimSpace(asked.DisplayName) || ref.Description != asked.Description ||
			!ref.Connector.Equal(asked.Connector) {
			t.Errorf("reference is %+v, want %+v", ref, asked)
		}
	}
	for f := range sol.Flows() {
		asked, ok := want.flows[f.ID]
		asked.Name, asked.Description = strings.TrimSpace(asked.Name), strings.TrimSpace(asked.Description)
		if !ok || f.Name != asked.Name || f.Description != asked.Description || f.On != asked.On ||
			f.Modern != asked.Modern {
			t.Errorf("flow is %+v, want %+v", f.Workflow, asked)
		}
	}
}

// Texts come back as they were given, whatever XML thinks of their characters.
func TestBuildTexts(t *testing.T) {
	const text = "a ]]> <b> & 'c' \"d\"\tx\r\ny\nz\r\u2028\U0001f600 &amp; &#xA;\u0085e"
	m := contoso()
	m.DisplayName, m.Description, m.Publisher.DisplayName = text, text, text
	want := fuzzed{m, map[connref.LogicalName]connref.Reference{}, map[connref.FlowID]solution.Workflow{}}
	ref := connref.Reference{LogicalName: "contoso_a", DisplayName: text, Description: "\n" + text + "\n",
		Connector: "shared_a"}
	w := solution.Workflow{Name: text, Description: text}
	want.references[ref.LogicalName], want.flows[flowID(w.Name)] = ref, w
	b := solution.NewBuilder(m)
	b.AddReference(ref)
	b.AddFlow(w, parseFlow(t, flowJSON()))
	b.AddVariable(solution.NewVariable{SchemaName: "contoso_V", Type: solution.VariableString, DisplayName: text,
		Description: text, Default: text, Value: text})
	c := ordersConnector()
	c.DisplayName, c.Description = text, text
	b.AddConnector(c)
	for _, layout := range builtLayouts {
		sol := build(t, b, layout)
		checkTexts(t, sol, want)
		for v := range sol.Variables() {
			file, err := sol.File(v.At.File)
			require.NoError(t, err)
			doc, err := source.ParseXML(file, nil)
			require.NoError(t, err)
			description, _ := doc.Root().Child("description", "label").Attr("description")
			if def := doc.Root().Child("defaultvalue").Text(); v.DisplayName != text || description != text || def != text {
				t.Errorf("variable is %+v, %q, %q", v, description, def)
			}
			values, err := sol.File("environmentvariabledefinitions/contoso_V/environmentvariablevalues.json")
			require.NoError(t, err)
			parsed, err := source.ParseJSON(values, nil)
			require.NoError(t, err)
			value := parsed.Root().Get("environmentvariablevalues", "environmentvariablevalue", "value").Text()
			if value != text {
				t.Errorf("value is %q", value)
			}
		}
		for c := range sol.Connectors() {
			if c.DisplayName != text || c.Description != text {
				t.Errorf("connector is %+v", c)
			}
		}
	}
}
