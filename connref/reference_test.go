package connref_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// messages answers the text of every joined fault, after checking that each is a FieldError at the place given.
func messages(t *testing.T, err error, at source.Location) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "%v joins nothing", err)
	var list []string
	for _, e := range joined.Unwrap() {
		var fault *connref.FieldError
		require.ErrorAs(t, e, &fault)
		if diff := cmp.Diff(at, fault.At); diff != "" {
			t.Errorf("place of %v (-want +got):\n%s", e, diff)
		}
		list = append(list, e.Error())
	}
	return list
}

func TestReferenceValidate(t *testing.T) {
	at := source.Location{File: "customizations.xml", Span: source.Span{Start: 120, End: 480}}
	good := connref.Reference{
		LogicalName: "contoso_mail", DisplayName: "Contoso mail",
		Connector: "/providers/Microsoft.PowerApps/apis/shared_office365", At: at,
	}
	tests := map[string]struct {
		change func(*connref.Reference)
		want   []string
	}{
		"as exported": {func(r *connref.Reference) { r.Status = 1; r.Customizable = connref.Yes }, nil},
		"inactive":    {func(r *connref.Reference) { r.State = 1; r.Status = 2 }, nil},
		"no status":   {func(r *connref.Reference) { r.State = 1 }, nil},
		"bound":       {func(r *connref.Reference) { r.Connection = "7c1e"; r.Prompting = connref.SkipPrompt }, nil},
		"just fits": {func(r *connref.Reference) {
			r.DisplayName, r.Description = strings.Repeat("ü", 200), strings.Repeat("ü", 2000)
		}, nil},
		"empty": {func(r *connref.Reference) { *r = connref.Reference{At: at} }, []string{
			"reference: logical name: is missing; right would be a publisher's prefix and a purpose, such as contoso_mail",
			"reference: display name: is missing; right would be one that tells the reference from others",
			"reference: connector: is missing; right would be shared_office365 or " +
				"/providers/Microsoft.PowerApps/apis/shared_office365",
		}},
		"every column wrong": {func(r *connref.Reference) {
			r.DisplayName, r.Description = strings.Repeat("ü", 201), strings.Repeat("y", 2001)
			r.Connector, r.Connection, r.Prompting, r.State = "a/b", "a b", 2, 3
		}, []string{
			`reference contoso_mail: display name "` + strings.Repeat("ü", 40) + `…": has 201 characters; at most 200 fit`,
			`reference contoso_mail: description "` + strings.Repeat("y", 80) + `…": has 2001 characters; at most 2000 fit`,
			`reference contoso_mail: connector "a/b": is neither a name such as shared_office365 nor ` +
				`/providers/Microsoft.PowerApps/apis/ with a name`,
			`reference contoso_mail: connection "a b": has white space or a control character, which no id has`,
			`reference contoso_mail: prompting behavior "2": is neither 0, prompt on import, nor 1, skip the prompt`,
			`reference contoso_mail: state "3": is neither 0, active, nor 1, inactive`,
		}},
		"states disagree": {func(r *connref.Reference) { r.State, r.Status = 1, 1 }, []string{
			`reference contoso_mail: status "1": does not go with state 1; right would be 2`,
		}},
		"bad name": {func(r *connref.Reference) { r.LogicalName = "contoso mail"; r.DisplayName = "" }, []string{
			`reference: logical name "contoso mail": has ' '; letters, digits, _ . and - are allowed`,
			`reference: display name: is missing; right would be one that tells the reference from others`,
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := good
			tt.change(&r)
			err := r.Validate()
			if diff := cmp.Diff(tt.want, messages(t, err, at)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if tt.want != nil && !errors.Is(err, connref.ErrInvalid) {
				t.Errorf("%v is not ErrInvalid", err)
			}
		})
	}
}

func TestFieldError(t *testing.T) {
	tests := map[string]*connref.FieldError{
		`deployment setting "x": is there twice`: {
			Field: "deployment setting", Value: "x", Reason: "is there twice", Err: connref.ErrDuplicate,
		},
		`name: is missing`: {Field: "name", Reason: "is missing"},
		`"x": is odd`:      {Value: "x", Reason: "is odd"},
		`is odd`:           {Reason: "is odd"},
		`name "` + strings.Repeat("y", 79) + `…": is long`: { // the cut is not in the middle of a character
			Field: "name", Value: strings.Repeat("y", 79) + "éy", Reason: "is long",
		},
	}
	for want, e := range tests {
		if diff := cmp.Diff(want, e.Error()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		kind := e.Err
		if kind == nil {
			kind = connref.ErrInvalid
		}
		if !errors.Is(e, kind) || errors.Is(e, connref.ErrConflict) {
			t.Errorf("%v is a kind of %v", e, e.Unwrap())
		}
	}
}
