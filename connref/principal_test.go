package connref_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

func TestWords(t *testing.T) {
	kind := func(s string) (string, error) { k, err := connref.ParsePrincipalKind(s); return k.String(), err }
	role := func(s string) (string, error) { r, err := connref.ParseRole(s); return r.String(), err }
	status := func(s string) (string, error) { x, err := connref.ParseStatus(s); return x.String(), err }
	tier := func(s string) (string, error) { x, err := connref.ParseTier(s); return x.String(), err }
	tests := []struct {
		parse    func(string) (string, error)
		in, want string
		err      string
	}{
		{kind, "User", "User", ""},
		{kind, "group", "Group", ""},
		{kind, "SERVICEPRINCIPAL", "ServicePrincipal", ""},
		{kind, "Tenant", "Tenant", ""},
		{kind, "Team", "unknown", `principal kind "Team": is not one of User, Group, ServicePrincipal, Tenant`},
		{kind, "unknown", "unknown", `principal kind "unknown": is not one of User, Group, ServicePrincipal, Tenant`},
		{role, "canview", "CanView", ""},
		{role, "CanViewWithShare", "CanViewWithShare", ""},
		{role, "CanEdit", "CanEdit", ""},
		{role, "Owner", "Owner", ""},
		{role, "", "none", `role: is not one of CanView, CanViewWithShare, CanEdit, Owner`},
		{status, "connected", "Connected", ""},
		{status, "Error", "Error", ""},
		{status, "Broken", "unknown", `status "Broken": is not one of Connected, Error`},
		{tier, "Standard", "Standard", ""},
		{tier, "premium", "Premium", ""},
		{tier, "NotSpecified", "unknown", ""},
		{tier, "Gold", "unknown", `tier "Gold": is not one of Standard, Premium`},
	}
	for _, tt := range tests {
		got, err := tt.parse(tt.in)
		if diff := cmp.Diff([2]string{tt.want, tt.err}, [2]string{got, message(err)}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.in, diff)
		}
		if err != nil && !errors.Is(err, connref.ErrInvalid) {
			t.Errorf("%q: %v is not ErrInvalid", tt.in, err)
		}
	}
	if got := connref.Role(9).String(); got != "9" {
		t.Errorf("a role without a word prints as %q", got)
	}
}

func TestRolesAreOrdered(t *testing.T) {
	order := []connref.Role{0, connref.RoleCanView, connref.RoleCanViewWithShare, connref.RoleCanEdit, connref.RoleOwner}
	for i, r := range order[1:] {
		if r <= order[i] {
			t.Errorf("%v is not greater than %v", r, order[i])
		}
	}
}

func TestPrincipalString(t *testing.T) {
	id := guid(t, "f071ea88-4468-ee11-9ae7-002248993e6c")
	tests := map[string]connref.Principal{
		"ada@contoso.com":                      {ID: id, Kind: connref.PrincipalUser, Name: "ada@contoso.com"},
		"f071ea88-4468-ee11-9ae7-002248993e6c": {ID: id},
		"unknown":                              {},
	}
	for want, p := range tests {
		if diff := cmp.Diff(want, p.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if p.IsZero() != (want == "unknown") {
			t.Errorf("%v: IsZero is %t", p, p.IsZero())
		}
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "User", "owner", "CanView", "ERROR", "Standard", "NotSpecified", "unknown", "none"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, kindErr := connref.ParsePrincipalKind(s)
		role, roleErr := connref.ParseRole(s)
		status, statusErr := connref.ParseStatus(s)
		tier, tierErr := connref.ParseTier(s)
		if strings.EqualFold(s, "NotSpecified") && tierErr == nil {
			return // the one word that stands for not knowing
		}
		for _, w := range []struct {
			word string
			zero bool
			err  error
		}{
			{kind.String(), kind == 0, kindErr},
			{role.String(), role == 0, roleErr},
			{status.String(), status == 0, statusErr},
			{tier.String(), tier == 0, tierErr},
		} {
			if w.zero != (w.err != nil) || w.err == nil && !connref.EqualFold(w.word, s) {
				t.Errorf("%q is read as %s, %v", s, w.word, w.err)
			}
		}
	})
}
