package connref_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

func TestFold(t *testing.T) {
	tests := map[string]string{
		"":                     "",
		"contoso_mail":         "contoso_mail",
		"Contoso_MAIL":         "contoso_mail",
		"cr8dc_epiGuard.X-1":   "cr8dc_epiguard.x-1",
		"STRASSE":              "strasse",
		"STRAßE":               "straße",
		"ÄRGER":                "ärger",
		"ärGer":                "ärger",
		"\u212Aelvin":          "kelvin",        // the Kelvin sign is a k to Unicode
		"\u0130stanbul":        "\u0130stanbul", // dotted capital I has no simple lower case
		"Ab\xffCd":             "ab\xffcd",
		"Ab\xffÄ\xc3":          "ab\xffä\xc3",
		"A\uFFFDB":             "a\uFFFDb",
		"I\u0131":              "i\u0131",
		"two  spaces are kept": "two  spaces are kept",
	}
	for in, want := range tests {
		if diff := cmp.Diff(want, connref.Fold(in)); diff != "" {
			t.Errorf("Fold(%q) (-want +got):\n%s", in, diff)
		}
	}
}

// Every character folds as strings.EqualFold says, and its key folds to itself.
func TestFoldEveryCharacter(t *testing.T) {
	for r := range utf8.MaxRune + 1 {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		key := connref.Fold(s)
		if !strings.EqualFold(s, key) || connref.Fold(key) != key {
			t.Errorf("Fold(%q) = %q", s, key)
		}
		if next := string(unicode.SimpleFold(r)); connref.Fold(next) != key {
			t.Errorf("Fold(%q) = %q, Fold(%q) = %q", s, key, next, connref.Fold(next))
		}
	}
}

func TestFoldedNamesCostNothing(t *testing.T) {
	for _, s := range []string{"contoso_sharedoffice365_1a2b3", "größe_1", "ab\xffcd", ""} {
		if n := testing.AllocsPerRun(100, func() { connref.Fold(s) }); n != 0 {
			t.Errorf("Fold(%q): %v allocations", s, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { connref.EqualFold("Contoso_Mail", "contoso_mail") }); n != 0 {
		t.Errorf("EqualFold: %v allocations", n)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{
		"", "a", "A", "contoso_Mail", "k\u212A", "\u017Fs", "\u0130", "i\u0131", "\xff", "ä\xc3", "\uFFFD",
	} {
		f.Add(s, strings.ToUpper(s))
		f.Add(s, strings.ToLower(s))
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		same := connref.Fold(a) == connref.Fold(b)
		if connref.EqualFold(a, b) != same || connref.EqualFold(b, a) != same {
			t.Errorf("EqualFold(%q, %q) and equal keys disagree", a, b)
		}
		if key := connref.Fold(a); connref.Fold(key) != key || !connref.EqualFold(a, key) {
			t.Errorf("Fold(%q) = %q, which folds to %q", a, key, connref.Fold(key))
		}
		if utf8.ValidString(a) && utf8.ValidString(b) && strings.EqualFold(a, b) != same {
			t.Errorf("EqualFold(%q, %q) = %t, strings.EqualFold disagrees", a, b, same)
		}
	})
}
