package connref

import (
	"errors"
	"strconv"
	"strings"

	"github.com/connref/connref/connref/source"
)

// The four general errors of the module, under the names most callers will reach them by with errors.Is. They are the
// values of package source.
var (
	// ErrInvalid says that a value or a text does not have the form it must have.
	ErrInvalid = source.ErrInvalid
	// ErrNotFound says that the thing asked for is not there.
	ErrNotFound = source.ErrNotFound
	// ErrDuplicate says that a name that must be unique is there twice.
	ErrDuplicate = source.ErrDuplicate
	// ErrConflict says that an edit doesn't fit the text it is meant for, or another edit.
	ErrConflict = source.ErrConflict
)

// FieldError is one fault of one value. Parse functions answer with one; Validate methods join one for each fault, so
// that errors.As finds the first, and a walk over the joined errors finds all.
type FieldError struct {
	Field  string          // the path of the value: "logical name", "reference contoso_mail: display name"
	Value  string          // the value as written
	Reason string          // what is wrong, and what would be right
	Err    error           // the general error it is an instance of; nil counts as ErrInvalid
	At     source.Location // where the value was read; zero for one that comes from no file
}

// shown is how many bytes of a value a message repeats: enough to recognise it, whatever was pasted there.
const shown = 80

// Error answers `field "value": reason`, with a long value cut. It leaves out the place, which takes the file's text to
// become a line and a column.
func (e *FieldError) Error() string {
	var b strings.Builder
	b.WriteString(e.Field)
	if e.Value != "" {
		value := e.Value
		if len(value) > shown {
			value = strings.ToValidUTF8(value[:shown], "") + "…"
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Quote(value))
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Unwrap answers the general error, so that errors.Is(err, ErrInvalid) holds for a fault that isn't of another kind.
func (e *FieldError) Unwrap() error {
	if e.Err == nil {
		return ErrInvalid
	}
	return e.Err
}

// invalid makes the error of a single value; no reason is no error.
func invalid(field, value, reason string) error {
	if reason == "" {
		return nil
	}
	return &FieldError{Field: field, Value: value, Reason: reason, Err: ErrInvalid}
}

// faults gathers what is wrong with one thing, so that its Validate reports everything at once.
type faults struct {
	thing string // stands before each field, such as "reference contoso_mail"
	at    source.Location
	list  []error
}

// name checks the name of the thing itself. A good one, which can't be endless, stands in the faults that follow.
func (f *faults) name(field, value, reason string) {
	if reason == "" {
		f.thing += " " + value
	}
	f.add(field, value, reason)
}

// add notes a fault; no reason is no fault.
func (f *faults) add(field, value, reason string) {
	if reason != "" {
		f.list = append(f.list, &FieldError{
			Field: f.thing + ": " + field, Value: value, Reason: reason, Err: ErrInvalid, At: f.at,
		})
	}
}

func (f *faults) err() error { return errors.Join(f.list...) }

// tooLong answers why a text doesn't fit a column of limit characters, or nothing where it fits.
func tooLong(s string, limit int) string {
	if len(s) <= limit { // no text has more code units than bytes
		return ""
	}
	if n := Characters(s); n > limit {
		return "has " + strconv.Itoa(n) + " characters; at most " + strconv.Itoa(limit) + " fit"
	}
	return ""
}
