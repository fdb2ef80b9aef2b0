package source

import (
	"errors"
	"fmt"
)

// The four general errors of the module. Package connref names them again; reach them with errors.Is.
var (
	// ErrInvalid says that a value or a text does not have the form it must have.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound says that the thing asked for is not there.
	ErrNotFound = errors.New("not found")
	// ErrDuplicate says that a name that must be unique is there twice.
	ErrDuplicate = errors.New("duplicate")
	// ErrConflict says that an edit doesn't fit the text it is meant for, or another edit.
	ErrConflict = errors.New("conflict")
)

// SyntaxError is a place where a text stops being well-formed. It is an ErrInvalid.
type SyntaxError struct {
	At     Location
	Line   int // counted from 1
	Column int // in runes, counted from 1
	Msg    string
}

// Error answers "file:line:column: message".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.At.File, e.Line, e.Column, e.Msg)
}

// Unwrap makes every SyntaxError an ErrInvalid.
func (e *SyntaxError) Unwrap() error { return ErrInvalid }
