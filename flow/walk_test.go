package flow_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// invariants hold for every flow, whatever its file.
func invariants(t testing.TB, f *flow.Flow, problems diag.List) {
	t.Helper()
	file := f.File()
	within := func(what string, at source.Location) {
		if at.File != file.Name() || at.Span.Start < 0 || at.Span.Len() < 0 || at.Span.End > len(file.Text()) {
			t.Errorf("%s stands at %v, outside the file", what, at)
		}
		p := f.Position(at)
		if p.File != file.Name() || file.Err() == nil && (p.Line < 1 || p.Column < 1) {
			t.Errorf("%s stands at %+v", what, p)
		}
	}
	spells := func(what string, at source.Location, want string, quoted bool) {
		within(what, at)
		var got string
		if err := json.Unmarshal([]byte(`"`+file.Slice(at.Span)+`"`), &got); err != nil {
			t.Errorf("%s %q: span %q: %v", what, want, file.Slice(at.Span), err)
		}
		if quoted {
			got = strings.ReplaceAll(got, "''", "'")
		}
		if got != want {
			t.Errorf("%s %q: its span spells %q", what, want, got)
		}
	}

	for _, d := range problems {
		within(d.Rule, d.At)
		if d.Rule == "" || d.Name == "" || d.Severity == 0 || d.Message == "" || d.Position != f.Position(d.At) {
			t.Errorf("finding without rule, severity or place: %+v", d)
		}
	}
	if !f.IsFlow() && problems.Err() == nil {
		t.Error("no flow, and no finding says so")
	}

	bound := map[string]bool{}
	for b := range f.Bindings() {
		if bound[b.Key] {
			t.Errorf("two bindings have the key %q", b.Key)
		}
		bound[b.Key] = true
		spells("binding", b.At, b.Key, false)
		if !b.Direct() {
			spells("reference", b.ReferenceAt, string(b.Reference), false)
		}
		if same, ok := f.Binding(b.Key); !ok || same != b {
			t.Errorf("Binding(%q) isn't the one that Bindings yields", b.Key)
		}
	}
	for v := range f.Variables() {
		spells("parameter", v.At, v.Parameter, false)
	}
	seen := map[*flow.Operation]bool{nil: true}
	for op := range f.Operations() {
		depth := 0
		for p := op.Parent; p != nil; p = p.Parent {
			depth++
		}
		if op.Depth != depth || !seen[op.Parent] {
			t.Errorf("%s: depth %d with %d parents, parent seen before: %t", op.Name, op.Depth, depth, seen[op.Parent])
		}
		seen[op] = true
		spells("operation", op.At, op.Name, false)
		named := op.Host.Form == flow.HostKey || op.Host.Form == flow.HostDesigner
		inExpression := op.Host.Form == flow.HostParameters || op.Host.Form == flow.HostTriggerData
		if named || inExpression {
			spells("key", op.Host.KeyAt, op.Host.Key, inExpression)
		}
		if (named || inExpression) != (op.Host.Key != "") || op.Host.Key == "" && !op.Host.KeyAt.IsZero() {
			t.Errorf("%s: form %s with key %q at %v", op.Name, op.Host.Form, op.Host.Key, op.Host.KeyAt)
		}
	}
	if f.OperationCount() != len(seen)-1 {
		t.Errorf("Len() = %d, Operations yields %d", f.OperationCount(), len(seen)-1)
	}
}

// outline is what a plain walk over maps and a parse must agree on.
type outline struct {
	Operations int
	Keys       map[string]string // of each binding, its reference
	Uses       map[string]int    // of each key
	Calls      map[string]int    // of each child flow
	Variables  int
}

func newOutline() outline {
	return outline{Keys: map[string]string{}, Uses: map[string]int{}, Calls: map[string]int{}}
}

func outlineOf(f *flow.Flow) outline {
	o := newOutline()
	o.Operations = f.OperationCount()
	for b := range f.Bindings() {
		o.Keys[b.Key] = string(b.Reference)
	}
	for op := range f.Operations() {
		if op.Host.Key != "" {
			o.Uses[op.Host.Key]++
		}
	}
	for op := range f.Calls() {
		o.Calls[op.Host.ChildFlow]++
	}
	for range f.Variables() {
		o.Variables++
	}
	return o
}

// walk reads the text of a flow the plain way, with encoding/json and maps, and tells whether it is one.
func walk(text string) (o outline, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber() // a number may be greater than any float64
	var root any
	if !json.Valid([]byte(text)) || d.Decode(&root) != nil {
		return o, false
	}
	o = newOutline()
	definition, ok := get(root, "properties", "definition").(map[string]any)
	if !ok {
		return o, false
	}
	references, _ := get(root, "properties", "connectionReferences").(map[string]any)
	for key, entry := range references {
		if entry, ok := entry.(map[string]any); ok {
			const name = "connectionReferenceLogicalName"
			o.Keys[key] = firstText(get(entry, "connection", name), entry[name])
		}
	}
	parameters, _ := definition["parameters"].(map[string]any)
	for _, p := range parameters {
		if firstText(get(p, "metadata", "schemaName")) != "" {
			o.Variables++
		}
	}
	o.walk(definition["triggers"], false)
	o.walk(definition["actions"], true)
	return o, true
}

func (o *outline) walk(operations any, nested bool) {
	members, _ := operations.(map[string]any)
	for _, op := range members {
		op, ok := op.(map[string]any)
		if !ok {
			continue
		}
		o.Operations++
		if !strings.EqualFold(firstText(op["type"]), "compose") {
			o.host(get(op, "inputs", "host"))
		}
		if !nested {
			continue
		}
		o.walk(op["actions"], true)
		o.walk(get(op, "else", "actions"), true)
		o.walk(get(op, "default", "actions"), true)
		cases, _ := op["cases"].(map[string]any)
		for _, c := range cases {
			o.walk(get(c, "actions"), true)
		}
	}
}

const blank = `[ \t\r\n]*`

var (
	interpolated = regexp.MustCompile(`@@\{|@\{((?:[^'}]|'[^']*(?:'|$))*)`)
	literals     = regexp.MustCompile(`'((?:[^']|'')*)('|$)`)
	inParameters = regexp.MustCompile(`(?:^|[^\w.$\x{80}-\x{10FFFF}])parameters` + blank + `\(` + blank + `$`)
	inHeader     = regexp.MustCompile(`\[` + blank + `$`)
	binding      = regexp.MustCompile(`^` + blank + `\??` + blank + `\[` + blank + `'((?:[^']|'')+)'` + blank + `\]`)
)

func (o *outline) host(host any) {
	if key := firstText(get(host, "connectionName")); key != "" {
		o.Uses[key]++
	} else if key := expressionKey(firstText(get(host, "connection", "name"))); key != "" {
		o.Uses[key]++
	} else if key := firstText(get(host, "connectionReferenceName"), get(host, "connection", "referenceName")); key != "" {
		o.Uses[key]++
	} else if child := firstText(get(host, "workflowReferenceName")); child != "" {
		o.Calls[child]++
	}
}

func expressionKey(text string) string {
	parts := []string{strings.TrimPrefix(text, "@")}
	if !strings.HasPrefix(text, "@") || strings.HasPrefix(text, "@@") || strings.HasPrefix(text, "@{") {
		parts = nil
		for _, m := range interpolated.FindAllStringSubmatch(text, -1) {
			parts = append(parts, m[1])
		}
	}
	for _, part := range parts {
		from := 0
		for _, at := range literals.FindAllStringSubmatchIndex(part, -1) {
			head, tail := strings.ToLower(part[from:at[0]]), strings.TrimLeft(part[at[1]:], " \t\r\n")
			from = at[1]
			takes := inParameters.MatchString(head) && strings.HasPrefix(tail, ")") ||
				inHeader.MatchString(head) && strings.HasPrefix(tail, "]")
			if !takes || strings.ToLower(part[at[2]:at[3]]) != "$connections" || at[4] == at[5] {
				continue
			}
			if m := binding.FindStringSubmatch(tail[1:]); m != nil {
				return strings.ReplaceAll(m[1], "''", "'")
			}
		}
	}
	return ""
}

// get follows names down; nil where there is nothing.
func get(v any, path ...string) any {
	for _, name := range path {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// firstText is the first value that is a text with something in it.
func firstText(values ...any) string {
	for _, v := range values {
		if s, _ := v.(string); s != "" {
			return s
		}
	}
	return ""
}

func FuzzParse(f *testing.F) {
	// Small seeds: the fuzzer spends its time on making large ones smaller.
	key := escaped(f, `{"connectionName":"k's"}`, true)
	for _, seed := range []string{
		`{"properties":{"definition":{"actions":{"a":null,"a":{}},"parameters":{"p":{"metadata":{"schemaName":"s"}}}}}}`,
		flowOf(`"k":{"connection":{"connectionReferenceLogicalName":"a"}},"k":{}`, `"t":{"kind":"Button"}`,
			`"a":{"inputs":{"host":`+key+`}},"b":{"type":"Compose","inputs":{"host":`+key+`}}`),
		flowOf(`"k":{"connectionReferenceLogicalName":"a"}`, `"t":{"inputs":{"host":`+named(byParameter("k"))+`}}`,
			`"s":{"cases":{"c":{"actions":{"a":{}}}},"else":{"actions":{"b":{}}}}`),
		flowOf(`"k":{}`, "", `"a":{"inputs":{"host":`+named(`@x['$connections']?['k\u0027\u0027\ud83d\udd11']`)+`}},`+
			`"b":{"inputs":{"host":{"workflowReferenceName":"w"}}},"c":{"inputs":{"host":{"connectionReferenceName":"k"}}}`),
		utf16le("\ufeff" + flowOf(`"é":{}`, "", "")),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, problems := flow.Parse(source.NewFile("F.json", raw), nil)
		invariants(t, got, problems)
		agree(t, got)
	})
}

// The fuzzer seldom hits upon JSON that is a flow. Here values and names take each other's places, so that everything
// stands where it shouldn't, often twice.
func TestMutations(t *testing.T) {
	rounds := 1000
	if os.Getenv("CONNREF_LONG") != "" {
		rounds *= 10
	}
	for name, original := range map[string]string{
		"loans": compact(t, read(t, "loans.json")), "legacy": read(t, "legacy/definition.json"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 2))
			pick := func(from []string) string { return from[random.IntN(len(from))] }
			names, values := namesAndValues(t, original)
			for range rounds {
				text := original
				for range 1 + random.IntN(4) {
					oldNames, oldValues := namesAndValues(t, text)
					mutant := strings.Replace(text, ":"+pick(oldValues), ":"+pick(values), 1)
					if random.IntN(2) == 0 {
						mutant = strings.Replace(text, pick(oldNames)+":", pick(names)+":", 1)
					}
					if json.Valid([]byte(mutant)) { // a value may have stood inside a text
						text = mutant
					}
				}
				f, problems := flow.Parse(source.NewFile("F.json", []byte(text)), nil)
				invariants(t, f, problems)
				agree(t, f)
				keys := []string{"shared_sharepointonline", "Läser's 📚", "shared_valves", "k"}
				checkEdits(t, f, pick(keys), pick(keys))
				if t.Failed() {
					t.Fatalf("the flow was %s", text)
				}
			}
		})
	}
}

// namesAndValues are all names and all values of a JSON text, as written.
func namesAndValues(t *testing.T, text string) (names, values []string) {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("", []byte(text)), nil)
	require.NoError(t, err)
	values = []string{`null`, `[]`, `{}`, `""`, `"k"`, `1e999`, `"\ud800"`,
		named(byParameter("k")), named(byHeader("Läser''s"))}
	var add func(v source.Value)
	add = func(v source.Value) {
		values = append(values, v.Raw())
		for m := range v.Members() {
			names = append(names, m.Key.Raw())
			add(m.Value)
		}
		for e := range v.Elements() {
			add(e)
		}
	}
	add(doc.Root())
	return names, values
}

// agree tells whether a plain walk sees the same flow. Where our depth limit is the lower one, only we refuse.
func agree(t testing.TB, f *flow.Flow) {
	t.Helper()
	if f.File().Err() != nil || f.Document() == nil && json.Valid([]byte(f.File().Text())) {
		return
	}
	want, ok := walk(f.File().Text())
	if ok != f.IsFlow() {
		t.Fatalf("IsFlow() = %t, a plain walk says %t", f.IsFlow(), ok)
	}
	if !ok {
		return
	}
	if diff := cmp.Diff(want, outlineOf(f)); diff != "" {
		t.Errorf("plain walk (-want +got):\n%s", diff)
	}
}

// Real flows are read as the plain walk reads them. They can't be part of the module, so a folder of them is named from
// outside.
func TestCorpus(t *testing.T) {
	root := os.Getenv("CONNREF_CORPUS")
	if root == "" {
		t.Skip("CONNREF_CORPUS names no folder of real solutions")
	}
	var flows, operations, uses int
	require.NoError(t, eachFile(root, func(name string, raw []byte) {
		if path.Base(name) != "definition.json" &&
			(path.Ext(name) != ".json" || !strings.EqualFold(path.Base(path.Dir(name)), "Workflows")) {
			return
		}
		f, problems := flow.Parse(source.NewFile(name, raw), nil)
		invariants(t, f, problems)
		agree(t, f)
		for b := range f.Bindings() {
			checkEdits(t, f, b.Key, "it's new")
		}
		for _, d := range problems {
			t.Log(d)
		}
		if f.IsFlow() {
			flows++
			operations += f.OperationCount()
			for _, n := range outlineOf(f).Uses {
				uses += n
			}
		}
	}))
	require.NotZero(t, flows, "no flow in %s", root)
	t.Logf("%d flows, %d operations, %d uses of a key", flows, operations, uses)
}

// eachFile visits the files of a folder and of the archives in it.
func eachFile(root string, visit func(name string, raw []byte)) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(name) {
		case ".json":
			raw, err := os.ReadFile(name)
			visit(filepath.ToSlash(name), raw)
			return err
		case ".zip":
			archive, err := zip.OpenReader(name)
			if err != nil {
				return nil // a package that isn't an archive is for others to report
			}
			defer archive.Close()
			for _, f := range archive.File {
				r, err := f.Open()
				if err != nil {
					return err
				}
				raw, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				visit(filepath.ToSlash(name)+"/"+strings.ReplaceAll(f.Name, `\`, "/"), raw)
			}
		}
		return nil
	})
}
