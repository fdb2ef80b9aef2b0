package flow_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// Encodings, newlines, indents and escapes are spelling: the model is the same, and every place is right in its text.
func TestParseSpellings(t *testing.T) {
	text := read(t, "loans.json")
	want := parse(t, text)
	for name, raw := range map[string]string{
		"byte order mark":     "\ufeff" + text,
		"CRLF":                strings.ReplaceAll(text, "\n", "\r\n"),
		"UTF-16LE":            utf16le("\ufeff" + text),
		"UTF-16LE, no mark":   utf16le(text),
		"UTF-16LE, one line":  utf16le("\ufeff" + compact(t, text)),
		"one line":            compact(t, text),
		"escapes":             escaped(t, text, false),
		"everything escaped":  escaped(t, text, true),
		"escapes in UTF-16LE": utf16le("\ufeff" + escaped(t, text, true)),
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, raw)
			invariants(t, f, nil)
			options := cmp.Options{cmpopts.IgnoreTypes(source.Location{}), cmpopts.IgnoreFields(flow.Operation{}, "Parent")}
			if diff := cmp.Diff(slices.Collect(want.Operations()), slices.Collect(f.Operations()), options); diff != "" {
				t.Errorf("operations (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(slices.Collect(want.Bindings()), slices.Collect(f.Bindings()), options); diff != "" {
				t.Errorf("bindings (-want +got):\n%s", diff)
			}
			if strings.Contains(name, "line") || strings.Contains(name, "escape") {
				return
			}
			// The same lines, so the same places.
			if diff := cmp.Diff(loanOperations, operationsOf(f)); diff != "" {
				t.Errorf("operations with places (-want +got):\n%s", diff)
			}
		})
	}
}

func utf16le(text string) string {
	var raw []byte
	for _, u := range utf16.Encode([]rune(text)) {
		raw = append(raw, byte(u), byte(u>>8))
	}
	return string(raw)
}

func compact(t testing.TB, text string) string {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("", []byte(text)), nil)
	require.NoError(t, err)
	var b strings.Builder
	respell(&b, doc.Root(), source.Value.Raw)
	return b.String()
}

// escaped spells strings with escapes: all of them, or as some serializers do what isn't safe in HTML.
func escaped(t testing.TB, text string, all bool) string {
	t.Helper()
	doc, err := source.ParseJSON(source.NewFile("", []byte(text)), nil)
	require.NoError(t, err)
	var b strings.Builder
	respell(&b, doc.Root(), func(v source.Value) string {
		if v.Kind() != source.String {
			return v.Raw()
		}
		s := `"`
		for _, r := range v.Text() {
			switch {
			case all && r == '/':
				s += `\/` // the short escapes have a width of their own
			case all || r >= 0x80 || strings.ContainsRune(`"\<>&'`, r):
				for _, u := range utf16.Encode([]rune{r}) {
					s += fmt.Sprintf(`\u%04X`, u)
				}
			default:
				s += string(r)
			}
		}
		return s + `"`
	})
	require.True(t, json.Valid([]byte(b.String())))
	return b.String()
}

func respell(b *strings.Builder, v source.Value, leaf func(source.Value) string) {
	separator := ""
	switch v.Kind() {
	case source.Object:
		b.WriteString("{")
		for m := range v.Members() {
			b.WriteString(separator + leaf(m.Key) + ":")
			respell(b, m.Value, leaf)
			separator = ","
		}
		b.WriteString("}")
	case source.Array:
		b.WriteString("[")
		for e := range v.Elements() {
			b.WriteString(separator)
			respell(b, e, leaf)
			separator = ","
		}
		b.WriteString("]")
	default:
		b.WriteString(leaf(v))
	}
}
