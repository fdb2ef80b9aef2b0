package connref_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
)

// guid reads an id that a test knows to be good.
func guid(t *testing.T, s string) connref.GUID {
	t.Helper()
	g, err := connref.ParseGUID(s)
	require.NoError(t, err)
	return g
}

func TestParseGUID(t *testing.T) {
	want := connref.GUID{0xf0, 0x71, 0xea, 0x88, 0x44, 0x68, 0xee, 0x11, 0x9a, 0xe7, 0x00, 0x22, 0x48, 0x99, 0x3e, 0x6c}
	for _, s := range []string{
		"f071ea88-4468-ee11-9ae7-002248993e6c",
		"F071EA88-4468-EE11-9AE7-002248993E6C",
		"{f071ea88-4468-ee11-9ae7-002248993e6c}",
		"{F071EA88-4468-ee11-9AE7-002248993E6C}",
		"(f071ea88-4468-ee11-9ae7-002248993e6c)",
		"f071ea884468ee119ae7002248993e6c",
		"F071EA884468EE119AE7002248993E6C",
	} {
		got, err := connref.ParseGUID(s)
		if err != nil {
			t.Errorf("ParseGUID(%q): %v", s, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("ParseGUID(%q) (-want +got):\n%s", s, diff)
		}
	}
	if diff := cmp.Diff("f071ea88-4468-ee11-9ae7-002248993e6c", want.String()); diff != "" {
		t.Errorf("String (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("{f071ea88-4468-ee11-9ae7-002248993e6c}", want.Braced()); diff != "" {
		t.Errorf("Braced (-want +got):\n%s", diff)
	}
}

func TestParseGUIDRefuses(t *testing.T) {
	for _, s := range []string{
		"",
		"{}",
		"f071ea88-4468-ee11-9ae7-002248993e6",
		"f071ea88-4468-ee11-9ae7-002248993e6c0",
		"f071ea88-4468-ee11-9ae7-002248993e6g",
		"f071ea8804468-ee11-9ae7-002248993e6c",
		"f071ea88-4468-ee11-9ae70002248993e6c",
		"{f071ea88-4468-ee11-9ae7-002248993e6c",
		"{f071ea88-4468-ee11-9ae7-002248993e6c)",
		"[f071ea88-4468-ee11-9ae7-002248993e6c]",
		"{f071ea884468ee119ae7002248993e6c}",
		" f071ea88-4468-ee11-9ae7-002248993e6c",
		"01234567-XXXX-YYYY-ZZZZ-987654321098", // a hand-made one, from a real file name
		"f071ea88-4468-ee11-9ae7-002248993eé",
		"f071ea884468ee119ae7002248993e-c",
	} {
		g, err := connref.ParseGUID(s)
		if !errors.Is(err, connref.ErrInvalid) || !g.IsZero() {
			t.Errorf("ParseGUID(%q) = %v, %v", s, g, err)
		}
	}
}

func TestParseGUIDCostsNothing(t *testing.T) {
	for _, s := range []string{"{F071EA88-4468-EE11-9AE7-002248993E6C}", "f071ea884468ee119ae7002248993e6c"} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := connref.ParseGUID(s); err != nil {
				t.Error(err)
			}
		}); n != 0 {
			t.Errorf("ParseGUID(%q): %v allocations", s, n)
		}
	}
}

func TestGUIDAsJSON(t *testing.T) {
	type flow struct {
		ID    connref.FlowID         `json:"id,omitzero"`
		Calls map[connref.FlowID]int `json:"calls,omitempty"`
	}
	const text = `{"id":"f071ea88-4468-ee11-9ae7-002248993e6c","calls":{"00000000-0000-0000-0000-000000000001":2}}`
	var f flow
	require.NoError(t, json.Unmarshal([]byte(text), &f))
	require.NoError(t, json.Unmarshal([]byte(`{"id":"{F071EA88-4468-EE11-9AE7-002248993E6C}"}`), &f))
	out, err := json.Marshal(f)
	require.NoError(t, err)
	if diff := cmp.Diff(text, string(out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := json.Unmarshal([]byte(`{"id":"daily digest"}`), &f); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("Unmarshal: %v", err)
	}
	if diff := cmp.Diff(guid(t, "f071ea88-4468-ee11-9ae7-002248993e6c"), f.ID); diff != "" {
		t.Errorf("a refused text changed the id (-want +got):\n%s", diff)
	}
	out, err = json.Marshal(flow{})
	require.NoError(t, err)
	if diff := cmp.Diff(`{}`, string(out)); diff != "" {
		t.Errorf("the zero id is written (-want +got):\n%s", diff)
	}
}

func FuzzParseGUID(f *testing.F) {
	for _, s := range []string{
		"", "f071ea88-4468-ee11-9ae7-002248993e6c", "{F071EA88-4468-EE11-9AE7-002248993E6C}",
		"(f071ea88-4468-ee11-9ae7-002248993e6c)", "f071ea884468ee119ae7002248993e6c",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := connref.ParseGUID(s)
		if err != nil {
			if !errors.Is(err, connref.ErrInvalid) || !g.IsZero() {
				t.Errorf("ParseGUID(%q) = %v, %v", s, g, err)
			}
			return
		}
		bare := strings.ToLower(strings.Trim(s, "{}()"))
		if got := g.String(); got != bare && strings.ReplaceAll(got, "-", "") != bare {
			t.Errorf("ParseGUID(%q) = %s", s, got)
		}
		for _, spelling := range []string{g.String(), g.Braced()} {
			if again, err := connref.ParseGUID(spelling); err != nil || again != g {
				t.Errorf("ParseGUID(%q) = %v, %v", spelling, again, err)
			}
		}
	})
}
