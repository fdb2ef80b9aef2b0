package diag

import (
	"fmt"

	"github.com/connref/connref/connref/source"
)

// Severity is how bad a finding is. The zero Severity is none, so that a forgotten field shows.
type Severity uint8

// The severities, from mild to bad: what is worth knowing, what is known to hurt later, and what breaks an import, a
// save, an activation or a run.
const (
	Info Severity = iota + 1
	Warning
	Error
)

var severityNames = [...]string{"", "info", "warning", "error"}

// String answers "info", "warning" or "error".
func (s Severity) String() string {
	if s == 0 || int(s) >= len(severityNames) {
		return fmt.Sprintf("severity(%d)", uint8(s))
	}
	return severityNames[s]
}

// ParseSeverity reads what String writes; anything else is an ErrInvalid.
func ParseSeverity(text string) (Severity, error) {
	for s := Info; s <= Error; s++ {
		if severityNames[s] == text {
			return s, nil
		}
	}
	return 0, fmt.Errorf("severity %q: expected error, warning or info: %w", text, source.ErrInvalid)
}

// MarshalText writes what String answers; the zero Severity is an ErrInvalid.
func (s Severity) MarshalText() ([]byte, error) {
	if s == 0 || int(s) >= len(severityNames) {
		return nil, fmt.Errorf("%s: expected error, warning or info: %w", s, source.ErrInvalid)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSeverity(string(text))
	return err
}
