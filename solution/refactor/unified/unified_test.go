package unified_test

import (
	"bytes"
	"context"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/bluekeyes/go-gitdiff/gitdiff"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/refactor"
	"github.com/connref/connref/solution/refactor/unified"
)

const customizations = `<ImportExportXml>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="contoso_mail">
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
    </connectionreference>
  </connectionreferences>
</ImportExportXml>`

func open(files map[string]string) (*solution.Solution, error) {
	fsys := fstest.MapFS{
		"Shop/solution.xml": {Data: []byte("<ImportExportXml><SolutionManifest><UniqueName>Shop</UniqueName>" +
			"</SolutionManifest></ImportExportXml>")},
	}
	for name, text := range files {
		fsys["Shop/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for place, err := range solution.FindFS(context.Background(), fsys, nil) {
		if err != nil {
			return nil, err
		}
		return place.Open(context.Background(), nil)
	}
	return nil, solution.ErrNotSolution
}

func ExampleWrite() {
	sol, err := open(map[string]string{"customizations.xml": customizations})
	if err != nil {
		log.Fatal(err)
	}
	plan, err := refactor.Rename(refactor.Input{Solutions: []*solution.Solution{sol}},
		refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})
	if err != nil {
		log.Fatal(err)
	}
	if err := unified.Write(os.Stdout, plan); err != nil {
		log.Fatal(err)
	}
	// Output:
	// diff Shop/customizations.xml Shop/customizations.xml
	// --- Shop/customizations.xml
	// +++ Shop/customizations.xml
	// @@ -1,6 +1,6 @@
	//  <ImportExportXml>
	//    <connectionreferences>
	// -    <connectionreference connectionreferencelogicalname="contoso_mail">
	// +    <connectionreference connectionreferencelogicalname="contoso_post">
	//        <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
	//      </connectionreference>
	//    </connectionreferences>
}

// Another program's reading of the diff, applied to the old texts, gives the new ones.
func TestWriteIsADiff(t *testing.T) {
	const flow = `{"properties":{"connectionReferences":{"mail":{"connection":{"connectionReferenceLogicalName":` +
		`"contoso_mail"},"api":{"name":"shared_office365"}}},"definition":{"triggers":{},"actions":{}}}}`
	crlf := strings.ReplaceAll(customizations, "\n", "\r\n")
	for name, files := range map[string]map[string]string{
		"no newline at the end": {"customizations.xml": customizations},
		"newline at the end":    {"customizations.xml": customizations + "\n"},
		"crlf":                  {"customizations.xml": crlf + "\r\n"},
		"crlf, none at the end": {"customizations.xml": crlf},
		"a mark":                {"customizations.xml": "\ufeff" + crlf},
		"one line":              {"customizations.xml": customizations, "Workflows/Flow.json": flow},
		"several": {
			"customizations.xml": customizations, "Workflows/A b.json": flow + "\n", "Workflows/B.json": "\n\n" + flow + "\n\n",
		},
		"utf-16": {"customizations.xml": utf16le("\ufeff" + crlf)},
	} {
		t.Run(name, func(t *testing.T) {
			sol, err := open(files)
			require.NoError(t, err)
			settings := source.NewFile("settings.json", []byte(`{"ConnectionReferences":[{"LogicalName":"contoso_mail"}]}`))
			in := refactor.Input{Solutions: []*solution.Solution{sol}, Settings: []*source.File{settings}}
			plan, err := refactor.Rename(in, refactor.Renaming{Old: "contoso_mail", New: "contoso_post"})
			require.NoError(t, err)
			var out bytes.Buffer
			require.NoError(t, unified.Write(&out, plan))
			patches, _, err := gitdiff.Parse(&out)
			require.NoError(t, err)
			changes, err := plan.Files()
			require.NoError(t, err)
			require.Len(t, patches, len(files)+1)
			require.Len(t, changes, len(files)+1)
			for i, change := range changes {
				want := "Shop/" + change.Before.Name()
				if change.Solution == nil {
					want = change.Before.Name()
				}
				if patches[i].OldName != want || patches[i].NewName != want {
					t.Errorf("names %q and %q, want %q", patches[i].OldName, patches[i].NewName, want)
				}
				var got bytes.Buffer
				require.NoError(t, gitdiff.Apply(&got, strings.NewReader(change.Before.Text()), patches[i]))
				if diff := cmp.Diff(change.After.Text(), got.String()); diff != "" {
					t.Errorf("%s (-by the plan +by its diff):\n%s", change.Before.Name(), diff)
				}
			}
		})
	}
}

func utf16le(text string) string {
	var b strings.Builder
	for _, r := range text { // none of them needs two units
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

// A file in an archive is named as such, and where nothing changes there is no diff.
func TestWriteNames(t *testing.T) {
	sol, err := solution.Open(t.Context(), "../../../examples/audit/sample/common", nil)
	require.NoError(t, err)
	var packed, out bytes.Buffer
	require.NoError(t, sol.WriteZip(t.Context(), &packed))
	sol, err = solution.OpenZip(t.Context(), bytes.NewReader(packed.Bytes()), int64(packed.Len()), nil)
	require.NoError(t, err)
	in := refactor.Input{Solutions: []*solution.Solution{sol}}
	plan, err := refactor.SetDescription(in, refactor.Wording{Reference: "lmb_sharedteams_c80d2", Text: "Talks"})
	require.NoError(t, err)
	require.NoError(t, unified.Write(&out, plan))
	first, _, _ := strings.Cut(out.String(), "\n")
	if diff := cmp.Diff("diff archive!customizations.xml archive!customizations.xml", first); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	nothing, err := refactor.Rename(in)
	require.NoError(t, err)
	out.Reset()
	require.NoError(t, unified.Write(&out, nothing))
	if out.Len() > 0 {
		t.Errorf("a diff of nothing:\n%s", &out)
	}
	if err := unified.Write(closed{}, plan); err == nil {
		t.Error("Write into what is closed didn't fail")
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
