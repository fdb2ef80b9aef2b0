package solution_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

// edited is the change that replaces the only place of a text in a file.
func edited(tb testing.TB, sol *solution.Solution, name, old, text string) source.Change {
	tb.Helper()
	file, err := sol.File(name)
	require.NoError(tb, err)
	require.Equal(tb, 1, strings.Count(file.Text(), old), "places of %q in %s", old, name)
	at := strings.Index(file.Text(), old)
	return source.Change{File: name, Edits: []source.Edit{file.NewEdit(source.Span{Start: at, End: at + len(old)}, text)}}
}

func create(name, text string) source.Change {
	return source.Change{File: name, Create: append([]byte{}, text...)}
}

func remove(name string) source.Change { return source.Change{File: name, Remove: true} }

// spellings are those that every text can have.
var spellings = []source.Spelling{
	{Encoding: source.UTF8}, {Encoding: source.UTF8, BOM: true},
	{Encoding: source.UTF16LE, BOM: true}, {Encoding: source.UTF16BE, BOM: true},
}

// spell is the change that spells a file in one of the spellings.
func spell(name string, i int) source.Change {
	return source.Change{File: name, Spelling: spellings[i]}
}

func TestWithRefuses(t *testing.T) {
	var entries []entry
	files := packed.join(tree{"broken.txt": "a\xffb", "Digest.json": "{}", "digest.JSON": "{}"})
	for _, name := range files.names() {
		entries = append(entries, entry{zip.FileHeader{Name: name}, files[name]})
	}
	sol := openZip(t, pack("", entries...))
	was := contents(t, sol)
	edit := func(at int, old, text string) source.Edit {
		return source.Edit{Span: source.Span{Start: at, End: at + len(old)}, Old: old, New: text}
	}
	change := func(edits ...source.Edit) source.Change { return source.Change{File: intakeFile, Edits: edits} }
	list := func(changes ...source.Change) []source.Change { return changes }
	other := func(name string) source.Change {
		return source.Change{File: name, Edits: []source.Edit{edit(0, "", "x")}}
	}
	both := source.Change{File: intakeFile, Remove: true, Create: []byte{}}
	spelledNew := source.Change{File: "new", Create: []byte{}, Spelling: spellings[0]}
	conflict := connref.ErrConflict
	for name, test := range map[string]struct {
		changes []source.Change
		want    error
		says    string
	}{
		"stale":                {list(change(edit(0, "[", "{"))), conflict, intakeFile},
		"outside":              {list(change(edit(1<<20, "", "{"))), conflict, intakeFile},
		"overlap":              {list(change(edit(0, "{", "["), edit(0, "{\n", ""))), conflict, intakeFile},
		"overlap of two":       {list(change(edit(0, "{", "[")), change(edit(0, "{\n", ""))), conflict, intakeFile},
		"two at one place":     {list(change(edit(1, "", "a")), change(edit(1, "", "b"))), conflict, intakeFile},
		"edit and remove":      {list(change(edit(1, "", "a")), remove(intakeFile)), conflict, intakeFile},
		"remove twice":         {list(remove(intakeFile), remove(strings.ToUpper(intakeFile))), conflict, intakeFile},
		"create twice":         {list(create("a", "1"), create("A", "2")), conflict, "A"},
		"create what is":       {list(create("Solution.XML", "")), connref.ErrDuplicate, "Solution.XML"},
		"remove what isn't":    {list(remove("a")), connref.ErrNotFound, "a"},
		"edit what isn't":      {list(other("a")), connref.ErrNotFound, "a"},
		"edit what is new":     {list(create("a", ""), other("a")), connref.ErrNotFound, "a"},
		"several at once":      {list(both), connref.ErrInvalid, intakeFile},
		"no UTF-8":             {list(change(edit(0, "", "\xff"))), connref.ErrInvalid, intakeFile},
		"spelled in two ways":  {list(spell(intakeFile, 0), spell(intakeFile, 1)), conflict, intakeFile},
		"spell and remove":     {list(spell(intakeFile, 0), remove(intakeFile)), conflict, intakeFile},
		"spell what isn't":     {list(spell("a", 0)), connref.ErrNotFound, "a"},
		"spell what is new":    {list(spelledNew), connref.ErrInvalid, "new"},
		"spell no text":        {list(spell("broken.txt", 0)), connref.ErrInvalid, "broken.txt"},
		"edit what is no text": {list(other("broken.txt")), connref.ErrInvalid, "broken.txt"},
		"a name beside":        {list(create("../a", "")), solution.ErrUnsafePath, "../a"},
		"a name with a root":   {list(create("/a", "")), solution.ErrUnsafePath, "/a"},
		"a name with a drive":  {list(create(`c:\a`, "")), solution.ErrUnsafePath, "c:"},
		"no name":              {list(create("", "")), solution.ErrUnsafePath, ""},
		"no UTF-8 in names":    {list(create("a\xff", "")), connref.ErrInvalid, `a\xff`},
		"remove one of two":    {list(remove("Digest.json")), conflict, "Digest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			// All or none: a change that could be made doesn't help.
			for _, changes := range [][]source.Change{test.changes, append([]source.Change{spaced(t, sol, "solution.xml"),
				create("good", "x")}, test.changes...)} {
				next, err := sol.With(changes...)
				if next != nil || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) ||
					!strings.HasPrefix(err.Error(), sol.Path()) {
					t.Errorf("With = %v, %v, want %v that names archive and file", next, err, test.want)
				}
				inverse, err := sol.Inverse(changes...)
				if inverse != nil || !errors.Is(err, test.want) {
					t.Errorf("Inverse = %v, %v, want %v", inverse, err, test.want)
				}
			}
		})
	}
	if diff := gocmp.Diff(was, contents(t, sol)); diff != "" {
		t.Errorf("files of the solution itself (-before +after):\n%s", diff)
	}
	same, err := sol.With(source.Change{File: "anything"})
	require.NoError(t, err)
	if same != sol {
		t.Error("a Change that asks for nothing gives another solution")
	}
}

// A file can be spelled otherwise, together with edits of its text. The model stays what it was.
func TestWithSpelling(t *testing.T) {
	for i, spelling := range spellings {
		for layout, open := range map[string]func(testing.TB, tree) *solution.Solution{
			"zip":    func(tb testing.TB, t tree) *solution.Solution { return openZip(tb, t.zip()) },
			"folder": openFS,
		} {
			t.Run(fmt.Sprint(layout, spelling), func(t *testing.T) {
				sol := open(t, packed)
				next, err := sol.With(spell("Solution.xml", i), spell(digestFile, i), spaced(t, sol, digestFile),
					spell(strings.ToUpper(digestFile), i))
				require.NoError(t, err)
				if diff := gocmp.Diff(viewOf(sol), viewOf(next)); diff != "" {
					t.Errorf("model (-before +after):\n%s", diff)
				}
				for _, name := range []string{"solution.xml", digestFile} {
					file, err := next.File(name)
					require.NoError(t, err)
					if file.Spelling() != spelling || !strings.HasPrefix(file.Text(), packed[name]) {
						t.Errorf("%s is spelled %v, and begins %.20q", name, file.Spelling(), file.Text())
					}
				}
				dir := t.TempDir()
				_, err = next.WriteDir(t.Context(), dir)
				require.NoError(t, err)
				if diff := gocmp.Diff(contents(t, next), read(t, dir)); diff != "" {
					t.Errorf("written (-want +got):\n%s", diff)
				}
				if diff := gocmp.Diff(viewOf(sol), viewOf(openZip(t, zipOf(t, next)))); diff != "" {
					t.Errorf("model of the archive (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// The edit of a flow can change more than the flow: the name of one in a package, and how many findings are told.
func TestWithOfFlowsReadsAll(t *testing.T) {
	repeated := func(n int) string { return `{"properties":{"definition":{}` + strings.Repeat(`,"a":1`, n) + `}}` }
	full := packed.with(intakeFile, repeated(600)).with(digestFile, repeated(1))
	for name, test := range map[string]struct {
		tree           tree
		file, old, new string
	}{
		"name of a package's flow": {
			legacy, slices.Collect(openFS(t, legacy).Flows())[0].FileName, `"displayName":"`, `"displayName":"New `,
		},
		"more findings than are told": {full, digestFile, repeated(1), repeated(600)},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, test.tree)
			next, err := sol.With(edited(t, sol, test.file, test.old, test.new))
			require.NoError(t, err)
			want := test.tree.with(test.file, strings.Replace(test.tree[test.file], test.old, test.new, 1))
			require.NotEqual(t, test.tree[test.file], want[test.file])
			if diff := gocmp.Diff(viewOf(openFS(t, want)), viewOf(next)); diff != "" {
				t.Errorf("model (-of the files +of With):\n%s", diff)
			}
		})
	}
}

// What is made of a solution is what is read from its files, and shares with it what didn't change.
func TestWithFollows(t *testing.T) {
	typed := packed.with("[Content_Types].xml", `<Types><Default Extension="json" ContentType="text/json" /></Types>`)
	for name, test := range map[string]struct {
		tree tree
		open func(testing.TB, tree) *solution.Solution
	}{
		"zip":      {typed, func(tb testing.TB, files tree) *solution.Solution { return openZip(tb, files.zip()) }},
		"folder":   {typed, openFS},
		"unpacked": {unpacked, openFS},
		"folder on disk": {typed, func(tb testing.TB, files tree) *solution.Solution {
			sol, err := solution.Open(tb.Context(), files.dir(tb), nil)
			require.NoError(tb, err)
			return sol
		}},
		"flow package": {legacy, openFS},
	} {
		t.Run(name, func(t *testing.T) {
			sol := test.open(t, test.tree)
			was, files := viewOf(sol), test.tree
			check := func(what string, sol *solution.Solution, want tree) {
				t.Helper()
				if diff := gocmp.Diff(want, contents(t, sol)); diff != "" {
					t.Errorf("%s: files (-want +got):\n%s", what, diff)
				}
				if diff := gocmp.Diff(viewOf(test.open(t, want)), viewOf(sol)); diff != "" {
					t.Errorf("%s: model (-of the files +of With):\n%s", what, diff)
				}
			}
			flows := slices.Collect(sol.Flows())
			first := flows[0].FileName
			one, err := sol.With(edited(t, sol, first, `"definition":`, `"definition" :`))
			require.NoError(t, err)
			files = files.with(first, strings.Replace(files[first], `"definition":`, `"definition" :`, 1))
			check("an edit", one, files)
			for i, f := range slices.Collect(one.Flows()) {
				if isSame := f.File() == flows[i].File() && f.Flow == flows[i].Flow; isSame != (i > 0) {
					t.Errorf("%s is shared: %v", f.FileName, isSame)
				}
			}

			// Chained, a broken flow and a new one, which can be taken back in another order.
			two, err := one.With(spaced(t, one, first), create("Workflows/New.json", flowJSON("k contoso_new")))
			require.NoError(t, err)
			check("another", two, files.with(first, files[first]+" ").with("Workflows/New.json", flowJSON("k contoso_new")))
			three, err := two.With(remove("WORKFLOWS/new.JSON"), edited(t, two, first, `"definition" :`, `"definition" `))
			require.NoError(t, err)
			files = files.with(first, strings.Replace(files[first], `"definition" :`, `"definition" `, 1)+" ")
			check("a broken one", three, files)

			if diff := gocmp.Diff(was, viewOf(sol)); diff != "" {
				t.Errorf("the first solution is another one (-before +after):\n%s", diff)
			}
			check("the first", sol, test.tree)
		})
	}
}

func TestWithKeepsContentTypes(t *testing.T) {
	const (
		begin = "\ufeff" + `<?xml version="1.0" encoding="utf-8"?><Types xmlns="x">` +
			`<Default Extension="json" ContentType="text/json" /><Default Extension="XML" ContentType="text/xml" />`
		data  = `<Override PartName="/a/data" ContentType="application/octet-stream" />`
		ghost = `<Override PartName="/A/Ghost" ContentType="x" />`
		end   = `</Types>`
		plain = begin + data + ghost + end
	)
	with := func(kind, key, value string) string {
		added := fmt.Sprintf(`<%s %s=%q ContentType="application/octet-stream" />`, kind, key, value)
		return begin + data + ghost + added + end
	}
	files := tree{"solution.xml": packed["solution.xml"], "customizations.xml": packed["customizations.xml"],
		"[Content_Types].xml": plain, "a/data": "x", "a/b.json": "{}"}
	list := func(changes ...source.Change) []source.Change { return changes }
	for name, test := range map[string]struct {
		changes []source.Change
		want    string
	}{
		"known extension":    {list(create("x.json", "{}"), create("Y.xml", "")), plain},
		"new extension":      {list(create("x.txt", "")), with("Default", "Extension", "txt")},
		"twice":              {list(create("x.txt", ""), create("y.TXT", "")), with("Default", "Extension", "txt")},
		"no extension":       {list(create("b/data", "")), with("Override", "PartName", "/b/data")},
		"an equals sign":     {list(create("b=c/x.xml", "")), with("Override", "PartName", "/b=c/x.xml")},
		"named already":      {list(create("a/ghost", "")), plain},
		"gone":               {list(remove("a/data")), begin + ghost + end},
		"gone, with Default": {list(remove("a/b.json")), plain},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openZip(t, files.zip())
			next, err := sol.With(test.changes...)
			require.NoError(t, err)
			if diff := gocmp.Diff(test.want, contents(t, next)["[Content_Types].xml"]); diff != "" {
				t.Errorf("[Content_Types].xml (-want +got):\n%s", diff)
			}
			// Whoever undoes the changes need not do so by their inverse, nor at once.
			for _, change := range test.changes {
				undo := remove(change.File)
				if change.Remove {
					undo = create(change.File, files[change.File])
				}
				next, err = next.With(undo)
				require.NoError(t, err)
			}
			if diff := gocmp.Diff(files, contents(t, next)); diff != "" {
				t.Errorf("undone (-want +got):\n%s", diff)
			}
		})
	}
}

// randomChanges are changes that With may take, of all kinds.
func randomChanges(tb testing.TB, random *rand.Rand, sol *solution.Solution) (changes []source.Change) {
	names := slices.Collect(sol.Files())
	for range 1 + random.IntN(4) {
		name := names[random.IntN(len(names))]
		switch random.IntN(8) {
		case 0:
			changes = append(changes, remove(name))
		case 1:
			pool := []string{"new.txt", "x/data", "x/y.json", "[Content_Types].xml", "Workflows/z.json", intakeFile}
			changes = append(changes, create(pool[random.IntN(len(pool))], packed["[Content_Types].xml"]))
		default:
			if random.IntN(3) == 0 {
				name = "[Content_Types].xml"
			}
			file, err := sol.File(name)
			if errors.Is(err, connref.ErrNotFound) {
				continue
			}
			require.NoError(tb, err)
			at := random.IntN(len(file.Text()) + 1)
			span := source.Span{Start: at, End: min(len(file.Text()), at+random.IntN(3))}
			edit := file.NewEdit(span, "<x/>"[:random.IntN(5)])
			changes = append(changes, source.Change{File: name, Edits: []source.Edit{edit}})
		}
	}
	return changes
}

// wantRefusal checks that With failed since the changes don't fit.
func wantRefusal(tb testing.TB, err error) {
	tb.Helper()
	known := []error{connref.ErrConflict, connref.ErrDuplicate, connref.ErrNotFound}
	if !slices.ContainsFunc(known, func(kind error) bool { return errors.Is(err, kind) }) {
		tb.Errorf("With = %v, an error of no kind", err)
	}
}

// However changes are chained, their inverses give back each solution's bytes, archive and content types included.
func TestInverse(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 0))
		sol := openFS(t, []tree{packed, unpacked}[seed/2%2])
		if seed%2 == 0 {
			sol = openZip(t, packed.zip())
		}
		type step struct {
			files   tree
			inverse []source.Change
		}
		var steps []step
		for range 6 {
			changes := randomChanges(t, random, sol)
			if names := slices.Collect(sol.Files()); random.IntN(2) == 0 {
				change := source.Change{File: names[random.IntN(len(names))], Spelling: spellings[random.IntN(len(spellings))]}
				changes = append(changes, change)
			}
			next, err := sol.With(changes...)
			if err != nil {
				wantRefusal(t, err)
				continue
			}
			inverse, err := sol.Inverse(changes...)
			require.NoError(t, err)
			steps = append(steps, step{contents(t, sol), inverse})
			sol = next
		}
		for _, step := range slices.Backward(steps) {
			var err error
			sol, err = sol.With(step.inverse...)
			require.NoError(t, err, "seed %d", seed)
			if diff := gocmp.Diff(step.files, contents(t, sol)); diff != "" {
				t.Fatalf("seed %d: files after the inverse (-want +got):\n%s", seed, diff)
			}
		}
		if seed%2 == 0 && string(zipOf(t, sol)) != string(packed.zip()) {
			t.Errorf("seed %d: the archive isn't what it was", seed)
		}
	}
}

// changed answers the files with the changes made, in the plainest way that there is.
func (t tree) changed(changes ...source.Change) tree {
	t = t.join()
	edits := map[string][]source.Edit{} // whose places are all in the text before
	for _, c := range changes {
		switch {
		case c.Create != nil:
			t[c.File] = string(c.Create)
		case c.Remove:
			delete(t, c.File)
		default:
			edits[c.File] = append(edits[c.File], c.Edits...)
		}
	}
	for name, list := range edits {
		slices.SortFunc(list, func(a, b source.Edit) int {
			return cmp.Or(cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
		})
		for _, e := range slices.Backward(list) {
			t[name] = t[name][:e.Span.Start] + e.New + t[name][e.Span.End:]
		}
	}
	return t
}

// scripted is a source of random numbers that a fuzz target can steer.
type scripted struct {
	script []byte
	rest   *rand.PCG
}

func (s *scripted) Uint64() uint64 {
	if len(s.script) == 0 {
		return s.rest.Uint64()
	}
	n := uint64(s.script[0]) << 56 // what IntN looks at
	s.script = s.script[1:]
	return n | n>>32
}

// Whatever is changed in whichever archive, either nothing is or the archive that comes out holds that, and all the
// rest to the byte; undone, it is what it was.
func FuzzWith(f *testing.F) {
	all := archives()
	maps.Copy(all, strange())
	delete(all, "twice") // whose files names don't tell apart
	names := slices.Sorted(maps.Keys(all))
	for i := range names {
		f.Add(uint8(i), []byte{0, 128, 64, 200, 10})
		f.Add(uint8(i), []byte{255, 0, 0, 255, 32, 0, 99, 3, 77})
	}
	f.Fuzz(func(t *testing.T, which uint8, script []byte) {
		raw := all[names[int(which)%len(names)]]
		sol := openZip(t, raw)
		random := rand.New(&scripted{script, rand.NewPCG(1, 2)})
		now, files := sol, contents(t, sol)
		var inverses [][]source.Change
		for range 3 {
			changes := randomChanges(t, random, now)
			next, err := now.With(changes...)
			if err != nil {
				wantRefusal(t, err)
				continue
			}
			inverse, err := now.Inverse(changes...)
			require.NoError(t, err)
			inverses = append(inverses, inverse)
			now, files = next, files.changed(changes...)
			if types, there := contents(t, now)["[Content_Types].xml"]; there {
				files["[Content_Types].xml"] = types // which With keeps true
			}
			if diff := gocmp.Diff(files, contents(t, now)); diff != "" {
				t.Fatalf("files (-want +got):\n%s", diff)
			}
		}
		out := zipOf(t, now)
		readZip(t, out)
		checkSplice(t, raw, out, wishOf(t, sol, now, slashesOf(t, raw)))
		again, err := tryZip(t, out, nil)
		switch {
		case errors.Is(err, solution.ErrNotSolution): // since its files were removed
		case err != nil:
			t.Errorf("the archive can't be opened: %v", err)
		default:
			if diff := gocmp.Diff(files, contents(t, again)); diff != "" {
				t.Errorf("files in the archive (-want +got):\n%s", diff)
			}
		}
		for _, inverse := range slices.Backward(inverses) {
			now, err = now.With(inverse...)
			require.NoError(t, err)
		}
		if !bytes.Equal(raw, zipOf(t, now)) {
			t.Error("undone, the archive isn't what it was")
		}
	})
}
