package diag_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
)

func TestSeverityRoundTrip(t *testing.T) {
	for severity, want := range map[diag.Severity]string{
		diag.Info: "info", diag.Warning: "warning", diag.Error: "error",
	} {
		if got := severity.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
		got, err := diag.ParseSeverity(want)
		if got != severity || err != nil {
			t.Errorf("ParseSeverity(%q) = %v, %v", want, got, err)
		}
		raw, err := json.Marshal(map[string]diag.Severity{"severity": severity})
		require.NoError(t, err)
		if diff := cmp.Diff(`{"severity":"`+want+`"}`, string(raw)); diff != "" {
			t.Errorf("JSON (-want +got)\n%s", diff)
		}
		var back map[string]diag.Severity
		require.NoError(t, json.Unmarshal(raw, &back))
		if back["severity"] != severity {
			t.Errorf("%s came back as %v", raw, back)
		}
	}
	if !(diag.Info < diag.Warning && diag.Warning < diag.Error) {
		t.Error("severities don't go from mild to bad")
	}
}

// A forgotten severity must show, not pass for the mildest.
func TestSeverityRefused(t *testing.T) {
	for severity, want := range map[diag.Severity]string{
		0:   "severity(0): expected error, warning or info: invalid",
		4:   "severity(4): expected error, warning or info: invalid",
		255: "severity(255): expected error, warning or info: invalid",
	} {
		text, err := severity.MarshalText()
		if text != nil || !errors.Is(err, source.ErrInvalid) || err.Error() != want {
			t.Errorf("MarshalText of %d = %q, %v; want %s", severity, text, err, want)
		}
	}
	if _, err := json.Marshal(diag.Diagnostic{Message: "no severity"}); !errors.Is(err, source.ErrInvalid) {
		t.Errorf("json.Marshal of a zero severity: %v, want ErrInvalid", err)
	}
	for _, text := range []string{"", "Error", "fatal", " info", "severity(0)"} {
		severity, err := diag.ParseSeverity(text)
		if want := `severity "` + text + `": expected error, warning or info: invalid`; severity != 0 ||
			!errors.Is(err, source.ErrInvalid) || err.Error() != want {
			t.Errorf("ParseSeverity = %v, %v; want %s", severity, err, want)
		}
	}
	var severity diag.Severity
	if err := json.Unmarshal([]byte(`"bad"`), &severity); !errors.Is(err, source.ErrInvalid) {
		t.Errorf("json.Unmarshal: %v, want ErrInvalid", err)
	}
}
