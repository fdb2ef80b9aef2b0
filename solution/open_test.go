package solution_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
)

func TestOpenLayouts(t *testing.T) {
	for _, test := range []struct {
		name   string
		tree   tree
		layout solution.Layout
		inZip  solution.Layout
	}{
		{"packed", packed, solution.LayoutFolder, solution.LayoutZip},
		{"unpacked", unpacked, solution.LayoutUnpacked, solution.LayoutUnpacked},
		{"flow package", legacy, solution.LayoutFlowPackage, solution.LayoutFlowPackage},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := test.tree.dir(t)
			file := filepath.Join(t.TempDir(), "Some.ZIP")
			require.NoError(t, os.WriteFile(file, test.tree.zip(), 0o666))

			folder, err := solution.Open(t.Context(), dir, nil)
			require.NoError(t, err)
			archive, err := solution.Open(t.Context(), file, nil)
			require.NoError(t, err)
			if folder.Path() != filepath.ToSlash(dir) || archive.Path() != filepath.ToSlash(file) {
				t.Errorf("paths = %s and %s", folder.Path(), archive.Path())
			}
			fsys, memory := openFS(t, test.tree), openZip(t, test.tree.zip())
			for _, sol := range []*solution.Solution{folder, fsys} {
				if sol.Layout() != test.layout {
					t.Errorf("%s: layout = %s, want %s", sol.Path(), sol.Layout(), test.layout)
				}
			}
			want := viewOf(folder)
			for _, sol := range []*solution.Solution{archive, fsys, memory} {
				if diff := cmp.Diff(want, viewOf(sol)); diff != "" {
					t.Errorf("%s differs from the folder (-folder +it):\n%s", sol.Path(), diff)
				}
				if diff := cmp.Diff(test.tree.names(), slices.Sorted(sol.Files())); diff != "" {
					t.Errorf("%s: files (-want +got):\n%s", sol.Path(), diff)
				}
			}
			for _, sol := range []*solution.Solution{archive, memory} {
				if sol.Layout() != test.inZip {
					t.Errorf("%s: layout = %s, want %s", sol.Path(), sol.Layout(), test.inZip)
				}
			}
			wantProblems(t, folder)
		})
	}
}

// The packed and the unpacked form of one solution answer the same but for places and what only one of them has.
func TestOpenPackedEqualsUnpacked(t *testing.T) {
	strip := func(v view) view {
		v.Manifest.Managed, v.Manifest.At, v.Manifest.Publisher.At = 0, source.Location{}, source.Location{}
		for i := range v.Manifest.MissingDependencies {
			v.Manifest.MissingDependencies[i].At = source.Location{}
		}
		for i := range v.References {
			v.References[i].At = source.Location{}
		}
		for i := range v.Workflows {
			v.Workflows[i].At = source.Location{}
		}
		slices.SortFunc(v.Workflows, func(a, b solution.Workflow) int { return strings.Compare(a.FileName, b.FileName) })
		for i := range v.Flows {
			v.Flows[i].Workflow.At = source.Location{}
		}
		for i := range v.Apps {
			v.Apps[i].At = source.Location{}
		}
		for i := range v.Connectors {
			v.Connectors[i].At = source.Location{}
		}
		return v
	}
	if diff := cmp.Diff(strip(viewOf(openFS(t, packed))), strip(viewOf(openFS(t, unpacked)))); diff != "" {
		t.Errorf("views (-packed +unpacked):\n%s", diff)
	}
}

func TestOpenNamesInOtherCase(t *testing.T) {
	for _, test := range []struct {
		name   string
		tree   tree
		rename func(string) string
	}{
		{"lower", unpacked, strings.ToLower},
		{"upper", unpacked, strings.ToUpper},
		{"back-slashes", unpacked, func(s string) string { return strings.ReplaceAll(s, "/", `\`) }},
		{"lower", packed, strings.ToLower},
		{"upper", packed, strings.ToUpper},
		{"back-slashes", packed, func(s string) string { return strings.ReplaceAll(s, "/", `\`) }},
		{"upper", legacy, strings.ToUpper},
		{"back-slashes", legacy, func(s string) string { return strings.ReplaceAll(s, "/", `\`) }},
		{"dotted parts", packed, func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "Workflows/", "Workflows//./"), "Assets/", "./x/../Assets/")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			renamed := tree{}
			for name, text := range test.tree {
				renamed[test.rename(name)] = text
			}
			want, sol := openFS(t, test.tree), openZip(t, renamed.zip())
			wantProblems(t, sol)
			if got, want := len(slices.Collect(sol.Flows())), len(slices.Collect(want.Flows())); got != want {
				t.Errorf("%d flows, want %d", got, want)
			}
			counts := func(sol *solution.Solution) [6]int {
				v := viewOf(sol)
				return [...]int{len(v.References), len(v.Workflows), len(v.Apps), len(v.Agents), len(v.Connectors), len(v.Variables)}
			}
			if diff := cmp.Diff(counts(want), counts(sol)); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			for name := range sol.Files() {
				if strings.Contains(name, `\`) || strings.Contains(name, "//") || strings.HasPrefix(name, "./") {
					t.Errorf("file %q isn't in the form names have here", name)
				}
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "text.zip"), "this is no archive")
	write(t, filepath.Join(dir, "empty.zip"), "")
	write(t, filepath.Join(dir, "none.zip"), string(tree{"readme.md": "hello"}.zip()))
	write(t, filepath.Join(dir, "package.zip"), string(tree{"PkgAssets/Orders.zip": string(packed.zip())}.zip()))
	write(t, filepath.Join(dir, "below.zip"), string(packed.under("src/Orders").zip()))
	write(t, filepath.Join(dir, "yaml", "solutions", "ContosoOrders", "solution.yml"), "ImportExportXml:\n")
	write(t, filepath.Join(dir, "yaml.zip"), string(tree{"solutions/ContosoOrders/solution.yml": "x"}.zip()))
	write(t, filepath.Join(dir, "folder", "readme.md"), "hello")
	cut := packed.zip()
	write(t, filepath.Join(dir, "cut.zip"), string(cut[:len(cut)/2]))
	for _, test := range []struct {
		path string
		want error
		says string // a part of the message that helps
	}{
		{"absent.zip", fs.ErrNotExist, "absent.zip"},
		{"text.zip", solution.ErrNotSolution, "no zip archive"},
		{"empty.zip", solution.ErrNotSolution, "no zip archive"},
		{"cut.zip", solution.ErrNotSolution, "only a part of one"},
		{"none.zip", solution.ErrNotSolution, "neither solution.xml"},
		{"package.zip", solution.ErrNotSolution, "PkgAssets/Orders.zip"},
		{"below.zip", solution.ErrNotSolution, "src/Orders"},
		{"folder", solution.ErrNotSolution, "neither solution.xml"},
		{"yaml", solution.ErrLayout, "YAML source-control layout"},
		{"yaml.zip", solution.ErrLayout, "YAML source-control layout"},
	} {
		t.Run(test.path, func(t *testing.T) {
			path := filepath.Join(dir, test.path)
			sol, err := solution.Open(t.Context(), path, nil)
			if sol != nil || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) ||
				!strings.Contains(err.Error(), test.path) {
				t.Errorf("Open = %v, %v; want an error that is %q and says %q", sol, err, test.want, test.says)
			}
		})
	}
}

// Everything that is cut off is a part of an archive, and none of it a solution.
func TestOpenZipCutAnywhere(t *testing.T) {
	raw := tree{"solution.xml": solutionXML(), "customizations.xml": customizationsXML()}.zip()
	for n := range raw {
		if _, err := tryZip(t, raw[:n], nil); !errors.Is(err, solution.ErrNotSolution) {
			t.Fatalf("the first %d of %d bytes: %v, want ErrNotSolution", n, len(raw), err)
		}
	}
}

func TestOpenTwins(t *testing.T) {
	twins := packed.join(unpacked)
	sol := openFS(t, twins)
	if sol.Layout() != solution.LayoutUnpacked || sol.Manifest().Managed != solution.ManagedBoth {
		t.Errorf("layout = %s, managed = %s; want the unpacked one", sol.Layout(), sol.Manifest().Managed)
	}
	wantProblems(t, sol, "warning CR011 Other/Solution.xml")

	// What an import takes of an archive is the form at its top.
	sol = openZip(t, twins.zip())
	if sol.Layout() != solution.LayoutZip || sol.Manifest().Managed != solution.ManagedNo {
		t.Errorf("layout = %s, managed = %s; want the zip", sol.Layout(), sol.Manifest().Managed)
	}
	wantProblems(t, sol, "warning CR011 solution.xml")
}

func TestOpenPathSpelling(t *testing.T) {
	dir := packed.dir(t)
	t.Chdir(dir)
	for path, want := range map[string]string{
		".":                               ".",
		"./":                              ".",
		dir:                               filepath.ToSlash(dir),
		dir + "/":                         filepath.ToSlash(dir),
		"../" + filepath.Base(dir) + "//": "../" + filepath.Base(dir),
	} {
		sol, err := solution.Open(t.Context(), path, nil)
		require.NoError(t, err)
		if sol.Path() != want {
			t.Errorf("Open(%q).Path() = %q, want %q", path, sol.Path(), want)
		}
	}
}

func TestOptionsPath(t *testing.T) {
	raw := packed.zip()
	for path, want := range map[string][2]string{"": {"archive", "."}, "upload-7": {"upload-7", "upload-7"}} {
		opts := &solution.Options{Path: path}
		fromZip, err := solution.OpenZip(t.Context(), bytes.NewReader(raw), int64(len(raw)), opts)
		require.NoError(t, err)
		fromFS, err := solution.OpenFS(t.Context(), packed.fs(), opts)
		require.NoError(t, err)
		if got := [2]string{fromZip.Path(), fromFS.Path()}; got != want {
			t.Errorf("with the path %q they are at %q, want %q", path, got, want)
		}
	}
}

func TestOpenContext(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	raw := packed.zip()
	dir := packed.dir(t)
	for name, open := range map[string]func(context.Context) (*solution.Solution, error){
		"Open":   func(ctx context.Context) (*solution.Solution, error) { return solution.Open(ctx, dir, nil) },
		"OpenFS": func(ctx context.Context) (*solution.Solution, error) { return solution.OpenFS(ctx, packed.fs(), nil) },
		"OpenZip": func(ctx context.Context) (*solution.Solution, error) {
			return solution.OpenZip(ctx, bytes.NewReader(raw), int64(len(raw)), nil)
		},
	} {
		if sol, err := open(ended); sol != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s with a context that has ended = %v, %v", name, sol, err)
		}
	}
}

// endingFS cancels a context when one of its files is opened.
type endingFS struct {
	fs.FS
	at     string
	cancel func()
}

func (f endingFS) Open(name string) (fs.File, error) {
	if name == f.at {
		f.cancel()
	}
	return f.FS.Open(name)
}

func TestOpenContextEndsDuring(t *testing.T) {
	for _, at := range []string{"solution.xml", "customizations.xml", intakeFile, "Workflows"} {
		ctx, cancel := context.WithCancel(t.Context())
		sol, err := solution.OpenFS(ctx, endingFS{packed.fs(), at, cancel}, nil)
		if sol != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("context that ends at %s: OpenFS answers a solution: %t, error %v", at, sol != nil, err)
		}
		cancel()
	}
}

func TestFile(t *testing.T) {
	for name, sol := range map[string]*solution.Solution{
		"folder":   openFS(t, packed),
		"zip":      openZip(t, packed.zip()),
		"unpacked": openFS(t, unpacked),
	} {
		t.Run(name, func(t *testing.T) {
			want := packed
			if sol.Layout() == solution.LayoutUnpacked {
				want = unpacked
			}
			for file := range sol.Files() {
				got, err := sol.File(strings.ToUpper(file))
				require.NoError(t, err)
				if got.Name() != file || string(got.Bytes()) != want[file] {
					t.Errorf("File(%q) = %s, %q", file, got.Name(), got.Bytes())
				}
			}
			got, err := sol.File(`Workflows\` + strings.TrimPrefix(intakeFile, "Workflows/"))
			require.NoError(t, err)
			if got.Name() != intakeFile {
				t.Errorf("File with a back-slash = %s", got.Name())
			}
			for _, absent := range []string{"", "none", "Workflows", "../solution.xml"} {
				if file, err := sol.File(absent); file != nil || !errors.Is(err, connref.ErrNotFound) {
					t.Errorf("File(%q) = %v, %v; want ErrNotFound", absent, file, err)
				}
			}
		})
	}
}

func TestReferenceByName(t *testing.T) {
	sol := openFS(t, packed)
	ref, err := sol.Reference("CONTOSO_MAIL")
	require.NoError(t, err)
	if ref.LogicalName != "contoso_mail" {
		t.Errorf("Reference = %s", ref.LogicalName)
	}
	for _, name := range []connref.LogicalName{"", "contoso_lost", "Common_Files"} {
		if ref, err := sol.Reference(name); !errors.Is(err, connref.ErrNotFound) {
			t.Errorf("Reference(%q) = %v, %v; want ErrNotFound", name, ref, err)
		}
	}
}

func TestState(t *testing.T) {
	sol := openFS(t, packed)
	var got []string
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			got = append(got, f.Name+": "+string(b.Reference)+" "+sol.State(b).String())
		}
	}
	want := []string{
		"Daily digest: Contoso_Mail declared",
		"Daily digest: contoso_bulk declared",
		"Order intake: contoso_mail declared",
		"Order intake: COMMON_files external",
		"Order intake: contoso_lost dangling",
		"Order intake:  direct",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if state := sol.StateOf("common_FILES"); state != solution.External {
		t.Errorf("a name that solution.xml lists: %s", state)
	}
}

func TestPosition(t *testing.T) {
	sol := openFS(t, unpacked)
	for ref := range sol.References() {
		if ref.LogicalName != "contoso_bulk" {
			continue
		}
		want := source.Position{File: "Other/Customizations.xml", Line: 14, Column: 5}
		if diff := cmp.Diff(want, sol.Position(ref.At)); diff != "" {
			t.Errorf("place of a reference (-want +got):\n%s", diff)
		}
	}
	for f := range sol.Flows() {
		for b := range f.Bindings() {
			if b.Key != "shared_lost" {
				continue
			}
			want := source.Position{
				File: intakeFile, Line: 16, Column: 59,
				Pointer: "/properties/connectionReferences/shared_lost/connection/connectionReferenceLogicalName",
			}
			if diff := cmp.Diff(want, sol.Position(b.ReferenceAt)); diff != "" {
				t.Errorf("place of a binding's reference (-want +got):\n%s", diff)
			}
		}
	}
	for _, at := range []source.Location{{}, {File: "none"}, {File: intakeFile}, {File: "none",
		Span: source.Span{Start: 3, End: 4}}} {
		if got := sol.Position(at); got != (source.Position{File: at.File}) {
			t.Errorf("Position(%v) = %v, want only the file", at, got)
		}
	}
}

// A flow's text is UTF-16 in some unpacked folders; places count in its decoded text.
func TestOpenEncodings(t *testing.T) {
	utf16Of := func(text string) string {
		raw := []byte{0xFF, 0xFE}
		for _, unit := range utf16.Encode([]rune(text)) {
			raw = append(raw, byte(unit), byte(unit>>8))
		}
		return string(raw)
	}
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	want := viewOf(openFS(t, unpacked))
	for name, recode := range map[string]func(string) string{"utf-16": utf16Of,
		"bom": func(s string) string { return "\ufeff" + s }} {
		recoded := tree{}
		for file, text := range unpacked {
			recoded[file] = recode(strings.TrimPrefix(text, "\ufeff"))
		}
		sol := openFS(t, recoded)
		if diff := cmp.Diff(want, viewOf(sol)); diff != "" {
			t.Errorf("%s (-plain +it):\n%s", name, diff)
		}
		for file := range sol.Files() {
			f, err := sol.File(file)
			require.NoError(t, err)
			if string(f.Bytes()) != recoded[file] {
				t.Errorf("%s: %s came out changed", name, file)
			}
		}
	}
	windows := tree{}
	for file, text := range unpacked {
		windows[file] = crlf(text)
	}
	wantProblems(t, openFS(t, windows))
}

// A Solution may be used by many goroutines at once; the race detector watches.
func TestConcurrentUse(t *testing.T) {
	dir := unpacked.dir(t)
	fromDir, err := solution.Open(t.Context(), dir, nil)
	require.NoError(t, err)
	for _, sol := range []*solution.Solution{fromDir, openZip(t, packed.zip()), openFS(t, packed)} {
		want := viewOf(sol)
		out := t.TempDir()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				if diff := cmp.Diff(want, viewOf(sol)); diff != "" {
					t.Errorf("view (-want +got):\n%s", diff)
				}
				for ref := range sol.References() {
					sol.Position(ref.At)
				}
				for name := range sol.Files() {
					if _, err := sol.File(name); err != nil {
						t.Error(err)
					}
				}
				if err := writeDir(t, sol, filepath.Join(out, string(rune('a'+i)))); err != nil {
					t.Error(err)
				}
				if err := sol.WriteZip(t.Context(), new(bytes.Buffer)); err != nil && !errors.Is(err, solution.ErrLayout) {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
}

func TestLayoutString(t *testing.T) {
	want := []string{"unknown", "zip", "folder", "unpacked", "flow-package", "unknown"}
	for i, want := range want {
		if got := solution.Layout(i).String(); got != want {
			t.Errorf("Layout(%d) = %q, want %q", i, got, want)
		}
	}
}

// Stored entries, directory entries and data descriptors are other ways to say the same.
func TestOpenZipVariants(t *testing.T) {
	var entries []entry
	for _, dir := range []string{"Workflows/", `Assets\`} {
		entries = append(entries, entry{zip.FileHeader{Name: dir}, ""})
	}
	for i, name := range packed.names() {
		method := []uint16{zip.Store, zip.Deflate}[i%2]
		entries = append(entries, entry{zip.FileHeader{Name: name, Method: method, Flags: uint16(i % 3 * 4)}, packed[name]})
	}
	sol := openZip(t, pack("a comment", entries...))
	if diff := cmp.Diff(viewOf(openFS(t, packed)), viewOf(sol)); diff != "" {
		t.Errorf("view (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(packed.names(), slices.Collect(sol.Files())); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
