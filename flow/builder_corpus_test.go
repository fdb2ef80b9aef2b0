package flow_test

import (
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
)

// pair is two members of one object, the first before the second; or one member alone.
type pair struct{ First, Second string }

// orders are, for each kind of object of a flow, the pairs of members that were seen, with how often.
type orders map[string]map[pair]int

func (o orders) see(kind string, v source.Value) {
	if v.Kind() != source.Object {
		return
	}
	var names []string
	for m := range v.Members() {
		names = append(names, m.Name())
	}
	if o[kind] == nil {
		o[kind] = map[pair]int{}
	}
	for i, first := range names {
		o[kind][pair{first, ""}]++
		for _, second := range names[i+1:] {
			o[kind][pair{first, second}]++
		}
	}
}

// flow sees a flow's objects, but those whose members have names that somebody chose.
func (o orders) flow(root source.Value) {
	properties := root.Get("properties")
	definition := properties.Get("definition")
	o.see("file", root)
	o.see("properties", properties)
	o.see("definition", definition)
	for m := range properties.Get("connectionReferences").Members() {
		o.see("binding", m.Value)
		o.see("api", m.Value.Get("api"))
		o.see("impersonation", m.Value.Get("impersonation"))
	}
	for m := range definition.Get("parameters").Members() {
		if strings.HasPrefix(m.Name(), "$") {
			o.see("parameter of the platform", m.Value)
			continue
		}
		o.see("parameter", m.Value)
		o.see("parameter metadata", m.Value.Get("metadata"))
	}
	for m := range definition.Get("triggers").Members() {
		o.operation("trigger ", m.Value)
		o.see("recurrence", m.Value.Get("recurrence"))
		o.see("schedule", m.Value.Get("recurrence", "schedule"))
		for e := range m.Value.Get("conditions").Elements() {
			o.see("trigger condition", e)
		}
		o.fields("input ", m.Value.Get("inputs", "schema"))
	}
	o.actions(definition.Get("actions"))
}

// fields sees what describes the inputs or outputs of a flow, by the kind of each.
func (o orders) fields(kind string, schema source.Value) {
	if !dynamic(schema) {
		return
	}
	o.see(kind+"schema", schema)
	for m := range schema.Get("properties").Members() {
		name := kind + m.Value.Get("x-ms-content-hint").Text() + " " + m.Value.Get("type").Text()
		if m.Value.Get("enum").Exists() {
			name += " of choices"
		}
		o.see(name, m.Value)
	}
}

// dynamic tells whether a schema is one that the designer made of fields.
func dynamic(schema source.Value) bool {
	for m := range schema.Get("properties").Members() {
		if m.Value.Get("x-ms-dynamically-added").Exists() {
			return true
		}
	}
	return false
}

func (o orders) operation(side string, v source.Value) {
	kind := side + v.Get("type").Text()
	if k := v.Get("kind").Text(); k != "" {
		kind += " " + k
	}
	inputs, runtime := v.Get("inputs"), v.Get("runtimeConfiguration")
	o.see(kind, v)
	o.see("metadata", v.Get("metadata"))
	o.see(side+"runtimeConfiguration", runtime)
	for _, name := range []string{"concurrency", "paginationPolicy", "contentTransfer", "secureData"} {
		o.see(side+name, runtime.Get(name))
	}
	if composed := v.Get("type").Text() == "Compose"; !composed {
		o.see(kind+" inputs", inputs)
		o.see(kind+" host", inputs.Get("host"))
	}
	o.see("authentication", inputs.Get("authentication"))
	o.see("retryPolicy", inputs.Get("retryPolicy"))
	o.see(kind+" limit", v.Get("limit"))
	switch v.Get("type").Text() {
	case "Wait":
		o.see("interval", inputs.Get("interval"))
		o.see("until", inputs.Get("until"))
	case "Terminate":
		o.see("runError", inputs.Get("runError"))
	case "InitializeVariable":
		for e := range inputs.Get("variables").Elements() {
			o.see("variable", e)
		}
	case "Response":
		o.fields("output ", inputs.Get("schema"))
	}
}

func (o orders) actions(block source.Value) {
	for m := range block.Members() {
		o.operation("action ", m.Value)
		o.actions(m.Value.Get("actions"))
		for _, name := range []string{"else", "default"} {
			o.see(name, m.Value.Get(name))
			o.actions(m.Value.Get(name, "actions"))
		}
		for c := range m.Value.Get("cases").Members() {
			o.see("case", c.Value)
			o.actions(c.Value.Get("actions"))
		}
	}
}

// unseen are members of objects, or all of an object, whose order some real files would have to vouch for and don't:
// there are none, or none with all that may stand beside. Other objects say where such members stand.
var unseen = map[string]string{
	"action Http: limit":                                          "stands as in approvals, which have one",
	"action Http limit: *":                                        "as in approvals",
	"action OpenApiConnection: limit":                             "stands as in approvals",
	"action OpenApiConnection limit: *":                           "as in approvals",
	"action Http: runtimeConfiguration":                           "stands as in calls; real ones have no metadata",
	"action Http inputs: queries":                                 "in the order of the designer's fields",
	"action Http inputs: retryPolicy":                             "stands last, as in calls; never beside headers or a body",
	"action runtimeConfiguration: paginationPolicy":               "never beside secureData",
	"trigger runtimeConfiguration: concurrency":                   "never in a trigger; as in loops",
	"trigger concurrency: *":                                      "never in a trigger",
	"trigger OpenApiConnection: runtimeConfiguration":             "stands as in calls",
	"trigger OpenApiConnectionNotification: runtimeConfiguration": "stands as in calls",
	"trigger Request Http inputs: schema":                         "stands as in other requests",
	"schedule: minutes":                                           "nothing runs by the minute",
	"input DATE string: *":                                        "nobody asks for a date; as e-mail addresses",
	"input FILE object: *":                                        "nobody asks for a file; as other inputs",
}

// Every object that a builder writes has its members in an order that real files have, for each two of them.
func TestMemberOrders(t *testing.T) {
	root := os.Getenv("CONNREF_CORPUS")
	if root == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	theirs, ours := orders{}, orders{}
	require.NoError(t, eachFile(root, func(name string, raw []byte) {
		if path.Ext(name) != ".json" || !strings.EqualFold(path.Base(path.Dir(name)), "Workflows") {
			return
		}
		if doc, err := source.ParseJSON(source.NewFile(name, raw), nil); err == nil {
			theirs.flow(doc.Root())
		}
	}))
	for _, show := range showcases {
		ours.flow(built(t, show()).Document().Root())
	}
	needed := map[string]bool{}
	for kind, pairs := range ours {
		for p := range pairs {
			if theirs[kind][p] > 0 {
				continue
			}
			excused := false
			for _, member := range []string{"*", p.First, p.Second} {
				entry := kind + ": " + member
				if _, ok := unseen[entry]; ok {
					needed[entry], excused = true, true
				}
			}
			if !excused {
				t.Errorf("%s: no real file has %s before %s; %d have it behind", kind, p.First, p.Second,
					theirs[kind][pair{p.Second, p.First}])
			}
		}
	}
	for entry := range unseen {
		if !needed[entry] {
			t.Errorf("%s: real files have it, or no builder writes it", entry)
		}
	}
	t.Logf("%d kinds of objects", len(ours))
}
