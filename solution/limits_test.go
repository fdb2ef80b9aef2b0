package solution_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/solution"
)

func TestLimits(t *testing.T) {
	big := packed.with("CanvasApps/big.msapp", strings.Repeat("x", 100_000))
	total := 0
	for _, text := range big {
		total += len(text)
	}
	count := len(big)
	for _, test := range []struct {
		name            string
		opts            solution.Options
		inZip, inFolder error
		says            string
	}{
		{"none passed", solution.Options{MaxFileSize: 100_000, MaxTotalSize: int64(total), MaxFiles: count}, nil, nil, ""},
		// A folder's file that nobody reads costs nothing.
		{"file", solution.Options{MaxFileSize: 99_999}, solution.ErrTooLarge, nil, "CanvasApps/big.msapp"},
		{"file that is needed", solution.Options{MaxFileSize: 900}, solution.ErrTooLarge, solution.ErrTooLarge, "900"},
		{"total", solution.Options{MaxTotalSize: int64(total) - 1}, solution.ErrTooLarge, nil, fmt.Sprint(total - 1)},
		{"total that is needed", solution.Options{MaxTotalSize: 3_000}, solution.ErrTooLarge, solution.ErrTooLarge, "3000"},
		{"files", solution.Options{MaxFiles: count - 1}, solution.ErrTooLarge, solution.ErrTooLarge, fmt.Sprint(count - 1)},
		{"negative is default", solution.Options{MaxFileSize: -1, MaxTotalSize: -1, MaxFiles: -1, MaxDepth: -1}, nil, nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, inZip := tryZip(t, big.zip(), &test.opts)
			_, inFolder := solution.OpenFS(t.Context(), big.fs(), &test.opts)
			if !errors.Is(inZip, test.inZip) || inZip != nil && !strings.Contains(inZip.Error(), test.says) {
				t.Errorf("zip: %v, want %v that says %s", inZip, test.inZip, test.says)
			}
			if !errors.Is(inFolder, test.inFolder) || inFolder != nil && !strings.Contains(inFolder.Error(), test.says) {
				t.Errorf("folder: %v, want %v that says %s", inFolder, test.inFolder, test.says)
			}
		})
	}
}

// What is opened within the limits is written within them.
func TestLimitsOnWriting(t *testing.T) {
	big := packed.with("CanvasApps/big.msapp", strings.Repeat("x", 100_000))
	sol, err := solution.OpenFS(t.Context(), big.fs(), &solution.Options{MaxFileSize: 99_999})
	require.NoError(t, err)
	if err := sol.WriteZip(t.Context(), new(bytes.Buffer)); !errors.Is(err, solution.ErrTooLarge) ||
		!strings.Contains(err.Error(), "big.msapp") {
		t.Errorf("WriteZip: %v, want ErrTooLarge that names the file", err)
	}
	if _, err := sol.File("CanvasApps/big.msapp"); !errors.Is(err, solution.ErrTooLarge) {
		t.Errorf("File: %v, want ErrTooLarge", err)
	}
}

func TestNestingTooDeep(t *testing.T) {
	const deep = 10_000
	elements := strings.Repeat("<a>", deep) + strings.Repeat("</a>", deep)
	for name, test := range map[string]struct {
		tree tree
		want []string
	}{
		"solution.xml": {packed.with("solution.xml", "<ImportExportXml>"+elements+"</ImportExportXml>"),
			[]string{"error CR003"}},
		"customizations.xml": {packed.with("customizations.xml", elements), []string{"error CR003"}},
		"connectionreference": {withCustomizations(`<connectionreferences><connectionreference connectionreferencelogicalname="a">` +
			elements + `</connectionreference></connectionreferences>`), []string{"error CR003"}},
		"flow": {packed.with(intakeFile, strings.Repeat(`{"properties":`, deep)+"1"+strings.Repeat("}",
			deep)), []string{"error CR122"}},
		"array": {packed.with(intakeFile, strings.Repeat("[", deep)), []string{"error CR122"}},
		"values": {packed.with(valuesFile, strings.Repeat("[", deep)+strings.Repeat("]", deep)),
			[]string{"error CR003"}},
		"set": {packed.with(agentSetFile, elements), []string{"error CR003"}},
		"package manifest": {legacy.with("manifest.json", strings.Repeat("[", deep)+strings.Repeat("]", deep)),
			[]string{"error CR003"}},
		"actions": {packed.with(intakeFile, `{"properties":{"definition":`+strings.Repeat(`{"actions":{"a":`, deep)+"{}"+
			strings.Repeat("}}", deep)+"}}"), []string{"error CR122"}},
	} {
		t.Run(name, func(t *testing.T) {
			sol := openFS(t, test.tree)
			checkProblems(t, sol)
			var got []string
			for _, d := range sol.Problems() {
				if d.Severity.String() == "error" {
					got = append(got, "error "+d.Rule)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s%v", diff, sol.Problems())
			}
		})
	}
	sol, err := solution.OpenFS(t.Context(), packed.fs(), &solution.Options{MaxDepth: 3})
	require.NoError(t, err)
	if sol.Problems().Err() == nil {
		t.Error("a limit of 3 was not noticed")
	}
}

func TestUnsafeNames(t *testing.T) {
	for _, name := range []string{
		"../solution.xml", "a/../../b", `..\b`, `a\..\..\b`, "/etc/b", `\b`, `\\host\b`, `C:\b`, "c:b", "a\x00b", "..", ".", "a/..",
		"a/../..", "", "../",
	} {
		raw := pack("", entry{zip.FileHeader{Name: "solution.xml"}, solutionXML()}, entry{zip.FileHeader{Name: name}, "x"})
		sol, err := tryZip(t, raw, nil)
		if sol != nil || !errors.Is(err, solution.ErrUnsafePath) || name != "" && !strings.Contains(err.Error(),
			fmt.Sprintf("%q", name)) {
			t.Errorf("%q: %v, want ErrUnsafePath that names it", name, err)
		}
	}
	for _, name := range []string{"a..b", "..a/b", "a/..b", "a/../b", "...", "a b/%20=,.x", "ä/ö", "~/x", "ab:c"} {
		raw := pack("", entry{zip.FileHeader{Name: "solution.xml"}, solutionXML()}, entry{zip.FileHeader{Name: name}, "x"})
		if _, err := tryZip(t, raw, nil); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestSymlinksOutOfTheFolder(t *testing.T) {
	outside := tree{"secret.json": flowJSON(), "w/x.json": flowJSON()}.dir(t)
	base := packed.without(intakeFile)
	for _, test := range []struct {
		name, link, to string
		want           []string
	}{
		{"a flow", intakeFile, filepath.Join(outside, "secret.json"), []string{"error CR001 " + intakeFile}},
		{"a stranger", "readme.md", filepath.Join(outside, "secret.json"),
			[]string{"warning CR007 customizations.xml:5:1", "error CR001 readme.md"}},
		{"a folder", "Tables", filepath.Join(outside, "w"), []string{"error CR001 Tables",
			"warning CR007 customizations.xml:5:1"}},
		{"nowhere", "a", "b", []string{"error CR001 a", "warning CR007 customizations.xml:5:1"}},
		{"itself", "a", "a", []string{"error CR001 a", "warning CR007 customizations.xml:5:1"}},
		{"relative", "a", "../../../../../../../../etc/hostname", []string{"error CR001 a",
			"warning CR007 customizations.xml:5:1"}},
		{"inside", intakeFile, "../" + digestFile, nil},
		{"a folder inside", "Again", "Workflows", []string{"warning CR007 customizations.xml:5:1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := base.dir(t)
			link := filepath.Join(dir, filepath.FromSlash(test.link))
			require.NoError(t, os.Symlink(test.to, link))
			sol, err := solution.Open(t.Context(), dir, nil)
			require.NoError(t, err)
			wantProblems(t, sol, test.want...)
			out := t.TempDir()
			if slices.ContainsFunc(test.want, func(s string) bool { return strings.HasPrefix(s, "error") }) {
				for what, err := range map[string]error{
					"WriteDir": writeDir(t, sol, out), "WriteZip": sol.WriteZip(t.Context(), new(bytes.Buffer)),
					"File": func() error { _, err := sol.File(test.link); return err }(),
				} {
					if err == nil || !strings.Contains(err.Error(), test.link) {
						t.Errorf("%s: %v, want an error that names %s", what, err, test.link)
					}
				}
			}
			for name, text := range read(t, out) {
				if text == flowJSON() {
					t.Errorf("%s came in from outside", name)
				}
			}
		})
	}
}

// lying answers an archive of the solution whose entry for a file says another size than it has.
func lying(files tree, name string, size uint64) []byte {
	var entries []entry
	for _, file := range files.names() {
		h := zip.FileHeader{Name: file, Method: zip.Deflate}
		if file == name {
			h.UncompressedSize64 = size
		}
		entries = append(entries, entry{h, files[file]})
	}
	return pack("", entries...)
}

func TestZipBombs(t *testing.T) {
	const name = "customizations.xml"
	real := uint64(len(packed[name]))
	t.Run("huge claim", func(t *testing.T) {
		for _, size := range []uint64{256<<20 + 1, 1 << 40, 1<<64 - 1} {
			_, err := tryZip(t, lying(packed, name, size), nil)
			if !errors.Is(err, solution.ErrTooLarge) || !strings.Contains(err.Error(), name) ||
				strings.Contains(err.Error(), "-") {
				t.Errorf("claim of %d bytes: %v, want ErrTooLarge that names the entry", size, err)
			}
		}
	})
	t.Run("claims that add up", func(t *testing.T) {
		var entries []entry
		for i := range 12 {
			entries = append(entries, entry{zip.FileHeader{Name: fmt.Sprint(i), UncompressedSize64: 200 << 20}, "x"})
		}
		if _, err := tryZip(t, pack("", entries...), nil); !errors.Is(err, solution.ErrTooLarge) {
			t.Errorf("%v, want ErrTooLarge", err)
		}
	})
	for what, size := range map[string]uint64{
		"claims less": real - 10, "claims nothing": 1, "claims more": real + 10, "claims what can't be": 200 << 20,
	} {
		t.Run(what, func(t *testing.T) {
			sol := openZip(t, lying(packed, name, size))
			checkProblems(t, sol)
			if got := problems(sol); !slices.Contains(got, "error CR001 "+name) {
				t.Errorf("problems = %v, want an error about %s", got, name)
			}
			if _, err := sol.File(name); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("File: %v", err)
			}
			if len(slices.Collect(sol.Flows())) != 2 {
				t.Error("the flows can be read, and must be")
			}
		})
	}
	t.Run("high ratio within the limits", func(t *testing.T) {
		spaces := strings.Repeat(" ", 8<<20)
		sol := openZip(t, packed.with(name, strings.Replace(packed[name], "<Roles />", "<Roles>"+spaces+"</Roles>", 1)).zip())
		wantProblems(t, sol)
		if len(slices.Collect(sol.References())) != 3 {
			t.Error("references are lost")
		}
	})
	t.Run("many entries", func(t *testing.T) {
		var entries []entry
		for i := range 2_000 {
			entries = append(entries, entry{zip.FileHeader{Name: fmt.Sprint("Workflows/", i, "/")}, ""})
		}
		raw := pack("", append(entries, entry{zip.FileHeader{Name: "solution.xml"}, solutionXML()})...)
		if _, err := tryZip(t, raw, &solution.Options{MaxFiles: 2_000}); !errors.Is(err, solution.ErrTooLarge) {
			t.Errorf("%v, want ErrTooLarge", err)
		}
		openZip(t, raw)
	})
	// One piece of data that very many entries share: small on disk, endless unpacked.
	t.Run("overlapping entries", func(t *testing.T) {
		if _, err := tryZip(t, overlapping(strings.Repeat("x", 1<<20), 3_000), nil); !errors.Is(err, solution.ErrTooLarge) {
			t.Errorf("%v, want ErrTooLarge", err)
		}
		if _, err := tryZip(t, overlapping(solutionXML(), 2), nil); !errors.Is(err, solution.ErrNotSolution) {
			t.Errorf("%v, want ErrNotSolution", err)
		}
	})
}

// overlapping is an archive with n entries that all stand on the same data.
func overlapping(text string, n int) []byte {
	var out bytes.Buffer
	data, sum := deflate(text), crc32.ChecksumIEEE([]byte(text))
	header := func(signature uint32, rest ...any) {
		fields := []any{signature}
		if signature == 0x02014b50 {
			fields = append(fields, uint16(20))
		}
		fields = append(fields, uint16(20), uint16(0), uint16(zip.Deflate), uint16(0), uint16(33),
			sum, uint32(len(data)), uint32(len(text)))
		for _, field := range append(fields, rest...) {
			_ = binary.Write(&out, binary.LittleEndian, field) // a Buffer takes all
		}
	}
	header(0x04034b50, uint16(1), uint16(0), []byte("x"), data)
	start := out.Len()
	for i := range n {
		name := []byte(fmt.Sprintf("x/%d.xml", i))
		header(0x02014b50, uint16(len(name)), uint16(0), uint16(0), uint16(0), uint16(0), uint32(0), uint32(0), name)
	}
	for _, field := range []any{
		uint32(0x06054b50), uint16(0), uint16(0), uint16(n), uint16(n), uint32(out.Len() - start), uint32(start), uint16(0),
	} {
		_ = binary.Write(&out, binary.LittleEndian, field)
	}
	return out.Bytes()
}
