package connref_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

func TestConnectionRights(t *testing.T) {
	var (
		ada     = connref.Principal{ID: connref.GUID{1}, Kind: connref.PrincipalUser, Name: "ada@contoso.com"}
		ben     = connref.Principal{ID: connref.GUID{2}, Kind: connref.PrincipalUser, Name: "ben@contoso.com"}
		deploy  = connref.Principal{ID: connref.GUID{3}, Kind: connref.PrincipalService, Name: "deploy"}
		makers  = connref.Principal{ID: connref.GUID{4}, Kind: connref.PrincipalGroup, Name: "makers"}
		tenant  = connref.Principal{ID: connref.GUID{5}, Kind: connref.PrincipalTenant}
		puzzle  = connref.Principal{ID: connref.GUID{6}}
		nobody  = connref.Principal{}
		grant   = func(p connref.Principal, r connref.Role) connref.Grant { return connref.Grant{Principal: p, Role: r} }
		view    = connref.RoleCanView
		noGrant = []connref.Grant{}
	)
	type answer struct {
		Role   connref.Role
		CanUse connref.Fact
		People []string
	}
	tests := map[string]struct {
		owner  connref.Principal
		grants []connref.Grant
		who    connref.Principal
		want   answer
	}{
		"the owner":               {ada, nil, ada, answer{connref.RoleOwner, connref.Yes, nil}},
		"permissions not read":    {ada, nil, ben, answer{0, connref.Unknown, nil}},
		"no permissions":          {ada, noGrant, ben, answer{0, connref.No, nil}},
		"nobody, where none owns": {nobody, noGrant, nobody, answer{0, connref.Unknown, nil}},
		"granted to the deployer": {ada, []connref.Grant{grant(deploy, view)}, deploy, answer{view, connref.Yes, nil}},
		"granted to another":      {ada, []connref.Grant{grant(deploy, view)}, ben, answer{0, connref.No, nil}},
		"granted to a group": {
			ada, []connref.Grant{grant(makers, view)}, ben, answer{0, connref.Unknown, []string{"makers"}},
		},
		"granted to unknown kind":  {ada, []connref.Grant{grant(puzzle, view)}, ben, answer{0, connref.Unknown, nil}},
		"a group without any role": {ada, []connref.Grant{grant(makers, 0)}, ben, answer{0, connref.No, []string{"makers"}}},
		"the greatest role counts": {
			ada, []connref.Grant{grant(deploy, view), grant(deploy, connref.RoleCanEdit), grant(deploy, view)}, deploy,
			answer{connref.RoleCanEdit, connref.Yes, nil},
		},
		"the owner's own grants are not sharing": {
			ada,
			[]connref.Grant{grant(ada, connref.RoleCanEdit), grant(ben, connref.RoleOwner), grant(tenant, view), grant(ben, view)},
			ada,
			answer{connref.RoleOwner, connref.Yes, []string{"05000000-0000-0000-0000-000000000000", "ben@contoso.com"}},
		},
		"people, where none is known to own": {
			nobody, []connref.Grant{grant(connref.Principal{Kind: connref.PrincipalUser, Name: "cy"}, view)}, deploy,
			answer{0, connref.No, []string{"cy"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := connref.Connection{ID: "7c1e", Connector: "shared_office365", Owner: tt.owner, Grants: tt.grants}
			got := answer{Role: c.RoleOf(tt.who.ID), CanUse: c.CanUse(tt.who.ID)}
			for g := range c.SharedWithPeople() {
				got.People = append(got.People, g.Principal.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for range c.SharedWithPeople() {
				break
			}
		})
	}
}

func TestConnectionValidate(t *testing.T) {
	at := source.Location{File: "connections.json"}
	id := connref.GUID{1}
	good := connref.Connection{ID: "7c1e", Connector: "shared_office365", At: at, Grants: []connref.Grant{
		{Principal: connref.Principal{ID: id}, Role: connref.RoleCanView},
	}}
	if err := good.Validate(); err != nil {
		t.Errorf("%v", err)
	}
	bad := good
	bad.Connector = ""
	bad.Grants = slices.Concat(good.Grants, []connref.Grant{
		{Principal: connref.Principal{Name: "ada"}, Role: connref.RoleCanEdit},
		{Principal: connref.Principal{ID: id}},
		{Principal: connref.Principal{ID: id}, Role: 7},
	})
	want := []string{
		"connection 7c1e: connector: is missing; right would be shared_office365 or " +
			"/providers/Microsoft.PowerApps/apis/shared_office365",
		`connection 7c1e: grant 2 "ada": has no principal id; right would be the object id in Entra ID`,
		`connection 7c1e: grant 3 "none": is not a role; right would be CanView, CanViewWithShare, CanEdit or Owner`,
		`connection 7c1e: grant 4 "7": is not a role; right would be CanView, CanViewWithShare, CanEdit or Owner`,
	}
	if diff := cmp.Diff(want, messages(t, bad.Validate(), at)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = []string{"connection: id: is missing; right would be the name of a connection in the environment"}
	bad = good
	bad.ID = ""
	if diff := cmp.Diff(want, messages(t, bad.Validate(), at)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
