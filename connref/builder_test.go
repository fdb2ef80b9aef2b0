package connref_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

var (
	flows  = connref.Principal{ID: connref.GUID{1}, Kind: connref.PrincipalService, Name: "flows"}
	devOps = connref.Principal{ID: connref.GUID{2}, Kind: connref.PrincipalService, Name: "devops"}
	orders = connref.GUID{0x0e}
	stock  = connref.GUID{0x5c}
)

const (
	ordersInDev  = "/providers/Microsoft.PowerApps/apis/shared_contoso-5forders-5f21dec655d73f3a8c"
	ordersInProd = "shared_contoso-5forders-5f691c36f6fa56d15c"
)

func only(p connref.Principal) connref.Principal { return connref.Principal{ID: p.ID} }

func mail(id connref.ConnectionID) connref.Connection {
	return connref.Connection{
		ID: id, Connector: "shared_office365", Environment: "DEV", Owner: flows,
		Grants: []connref.Grant{{Principal: devOps, Role: connref.RoleCanView}},
	}
}

func reference(name connref.LogicalName) connref.Reference {
	return connref.Reference{
		LogicalName: name, DisplayName: "Mail", Connector: "/providers/Microsoft.PowerApps/apis/shared_Office365",
	}
}

// boundTo is a reference to a connector of another kind than mail.
func boundTo(connector connref.ConnectorID, row connref.GUID, id connref.ConnectionID) connref.Reference {
	return connref.Reference{
		LogicalName: "contoso_other", DisplayName: "Other", Connector: connector, CustomConnector: row, Connection: id,
	}
}

// sound is an estate without a fault, for tests to add theirs.
func sound() *connref.Builder {
	b := new(connref.Builder)
	ref := reference("contoso_mail")
	ref.Connection = "7C1E"
	b.AddReference(ref)
	b.AddConnection(mail("7c1e"))
	b.AddConnector(connref.Connector{ID: "shared_office365"})
	b.AddPrincipal(flows, devOps)
	return b
}

// text is what an estate holds, in its order.
func text(e *connref.Estate) string {
	var b strings.Builder
	for p := range e.Principals() {
		fmt.Fprintln(&b, "principal", p.Name, p.Kind)
	}
	for c := range e.Connections() {
		fmt.Fprintln(&b, "connection", c.Environment, c.ID, "of", c.Owner, "for", c.Grants)
	}
	for r := range e.References() {
		fmt.Fprintln(&b, "reference", r.LogicalName, r.Connection)
	}
	return b.String()
}

func TestBuilderTellsFaults(t *testing.T) {
	const (
		again       = "is in the estate already, in this or another spelling; right would be once"
		noName      = "is missing; right would be a publisher's prefix and a purpose, such as contoso_mail"
		noConnector = "is missing; right would be shared_office365 or /providers/Microsoft.PowerApps/apis/shared_office365"
		stranger    = "is not among the estate's principals; right would be to add it too"
		noID        = "has no principal id; right would be the object id in Entra ID"
		devOpsIs    = "contradicts the estate's principal 02000000-0000-0000-0000-000000000000; right would be none, or "
		otherKind   = `kind "User": ` + devOpsIs + "ServicePrincipal"
		otherName   = `name "ada": ` + devOpsIs + `"devops"`
		ordersRow   = "0e000000-0000-0000-0000-000000000000"
		stockRow    = "5c000000-0000-0000-0000-000000000000"
	)
	var (
		invalid, duplicate, notFound = connref.ErrInvalid, connref.ErrDuplicate, connref.ErrNotFound

		ada     = connref.Principal{ID: devOps.ID, Kind: connref.PrincipalUser, Name: "ada"}
		unknown = connref.Principal{ID: connref.GUID{3}, Name: "ben"}
		view    = connref.RoleCanView
	)
	granted := func(grants ...connref.Grant) connref.Connection {
		c := mail("9a2b")
		c.Grants = grants
		return c
	}
	owned := func(owner connref.Principal) connref.Reference {
		r := reference("contoso_other")
		r.Owner = owner
		return r
	}
	telling := func(displayName, description string) connref.Reference {
		r := reference("contoso_other")
		r.DisplayName, r.Description = displayName, description
		return r
	}
	tests := map[string]struct {
		add  func(*connref.Builder)
		kind error
		want []string
	}{
		"connector by itself": {func(b *connref.Builder) {
			b.AddConnector(connref.Connector{Tier: 7}, connref.Connector{ID: "shared_sql", Tier: 7})
		}, invalid, []string{
			"connector 2: id: " + noConnector,
			`connector 2: tier "7": is not one of Standard, Premium`,
			`connector shared_sql: tier "7": is not one of Standard, Premium`,
		}},
		"connector again": {func(b *connref.Builder) {
			b.AddConnector(connref.Connector{ID: "/providers/Microsoft.PowerApps/apis/shared_OFFICE365"})
		}, duplicate, []string{
			`connector "/providers/Microsoft.PowerApps/apis/shared_OFFICE365": ` + again,
		}},
		"principal by itself": {func(b *connref.Builder) {
			b.AddPrincipal(connref.Principal{Name: "ada"}, connref.Principal{ID: connref.GUID{3}, Kind: 9})
		}, invalid, []string{
			`principal 3 "ada": has no id; right would be the object id in Entra ID`,
			`principal 3: kind "unknown": is not one of User, Group, ServicePrincipal, Tenant`,
			`principal 03000000-0000-0000-0000-000000000000: kind "9": is not one of User, Group, ServicePrincipal, Tenant`,
		}},
		"principal again": {func(b *connref.Builder) { b.AddPrincipal(ada) }, duplicate, []string{
			`principal "02000000-0000-0000-0000-000000000000": ` + again,
		}},
		"connection by itself": {func(b *connref.Builder) {
			b.AddConnection(
				connref.Connection{Connector: "shared_sql"},
				granted(connref.Grant{Principal: devOps}, connref.Grant{Role: view}),
			)
		}, invalid, []string{
			"connection 2: id: is missing; right would be the name of a connection in the environment",
			`connection 9a2b: grant 1 "none": is not a role; right would be CanView, CanViewWithShare, CanEdit or Owner`,
			"connection 9a2b: grant 2: " + noID,
		}},
		"connection again": {func(b *connref.Builder) {
			c := mail("7C1E")
			c.Environment = "dev"
			b.AddConnection(c)
		}, duplicate, []string{`connection "7C1E": is in one environment twice; right would be once`}},
		"owner of a connection": {func(b *connref.Builder) {
			for i, owner := range []connref.Principal{unknown, {Name: "cy"}, ada} {
				c := mail(connref.ConnectionID(fmt.Sprint(i)))
				c.Owner = owner
				b.AddConnection(c)
			}
		}, invalid, []string{
			`connection 0: owner "ben": ` + stranger,
			`connection 1: owner "cy": ` + noID,
			`connection 2: owner: ` + otherKind,
			`connection 2: owner: ` + otherName,
		}},
		"grant to nobody known": {func(b *connref.Builder) {
			b.AddConnection(granted(
				connref.Grant{Principal: flows, Role: view},
				connref.Grant{Principal: only(unknown), Role: view},
			))
		}, notFound, []string{`connection 9a2b: grant 2 "03000000-0000-0000-0000-000000000000": ` + stranger}},
		"grant to another kind": {func(b *connref.Builder) {
			b.AddConnection(granted(connref.Grant{Principal: ada, Role: view}))
		}, invalid, []string{"connection 9a2b: grant 1: " + otherKind, "connection 9a2b: grant 1: " + otherName}},
		"grant again": {func(b *connref.Builder) {
			b.AddConnection(granted(
				connref.Grant{Principal: devOps, Role: view},
				connref.Grant{Principal: flows, Role: view},
				connref.Grant{Principal: only(devOps), Role: connref.RoleCanEdit},
			))
		}, duplicate, []string{
			`connection 9a2b: grant 3 "02000000-0000-0000-0000-000000000000": ` +
				"is for the principal of grant 1; right would be the greater of both alone",
		}},
		"reference by itself": {func(b *connref.Builder) {
			b.AddReference(connref.Reference{DisplayName: "A", Connector: "shared_sql"}, telling("", ""))
		}, invalid, []string{
			"reference 2: logical name: " + noName,
			"reference contoso_other: display name: is missing; right would be one that tells the reference from others",
		}},
		"text that XML can't hold": {func(b *connref.Builder) {
			r := telling("a\xffb", "\x7f\t\r\n\U0001fffe\uffff")
			r.LogicalName = "contoso_third"
			b.AddReference(telling("ä\vb", "\ufffe"), r)
		}, invalid, []string{
			`reference contoso_other: display name "ä\vb": has U+000B at byte 2, which XML can't spell`,
			`reference contoso_other: description "\ufffe": has U+FFFE at byte 0, which XML can't spell`,
			`reference contoso_third: display name "a\xffb": is not utf-8`,
			`reference contoso_third: description "\x7f\t\r\n\U0001fffe\uffff": has U+FFFF at byte 8, which XML can't spell`,
		}},
		"reference again": {func(b *connref.Builder) { b.AddReference(reference("Contoso_Mail")) }, duplicate, []string{
			`reference "Contoso_Mail": ` + again,
		}},
		"owner of a reference": {func(b *connref.Builder) { b.AddReference(owned(unknown)) }, notFound, []string{
			`reference contoso_other: owner "ben": ` + stranger,
		}},
		"connection that isn't there": {func(b *connref.Builder) {
			b.AddReference(boundTo("shared_office365", connref.GUID{}, "9a2b"))
		}, notFound, []string{
			`reference contoso_other: connection "9a2b": is not among the estate's connections; ` +
				"right would be to add it too, or none",
		}},
		"connection of another connector": {func(b *connref.Builder) {
			b.AddReference(boundTo("shared_sql", connref.GUID{}, "7c1e"))
		}, invalid, []string{
			`reference contoso_other: connection "7c1e": is of shared_office365; right would be a connection of shared_sql`,
		}},
		"connection of another custom connector of that name": {func(b *connref.Builder) {
			b.AddConnector(connref.Connector{ID: ordersInProd, Custom: orders})
			b.AddConnection(connref.Connection{ID: "0de5", Connector: ordersInProd})
			b.AddReference(boundTo(ordersInDev, stock, "0de5"))
		}, invalid, []string{
			`reference contoso_other: connection "0de5": is of shared_contoso-5forders-5f691c36f6fa56d15c (row ` + ordersRow +
				"); right would be a connection of shared_contoso-5forders-5f21dec655d73f3a8c (row " + stockRow + ")",
		}},
		"row of another custom connector": {func(b *connref.Builder) {
			b.AddConnector(connref.Connector{ID: ordersInProd, Custom: orders})
			b.AddConnection(connref.Connection{ID: "0de5", Connector: ordersInProd})
			b.AddReference(boundTo(ordersInProd, stock, "0de5"))
		}, invalid, []string{
			`reference contoso_other: custom connector "` + stockRow + `": is not the row of ` + ordersInProd +
				"; right would be " + ordersRow + ", or none",
		}},
		"row of a connector of the platform": {func(b *connref.Builder) {
			b.AddReference(boundTo("shared_office365", stock, "7c1e"))
		}, invalid, []string{
			`reference contoso_other: custom connector "` + stockRow + `": is the row of a custom connector, ` +
				"which shared_office365 is not; right would be none",
		}},
		// What is wrong once is told once: nothing is said of what hangs on it.
		"connectors that are none": {func(b *connref.Builder) {
			b.AddConnection(connref.Connection{ID: "9a2b", Connector: "a/b"})
			r := boundTo("shared_sql", connref.GUID{}, "9a2b")
			r.LogicalName = "contoso_third"
			b.AddReference(boundTo("a/b", connref.GUID{}, "7c1e"), r)
		}, invalid, []string{
			`connection 9a2b: connector "a/b": is neither a name such as shared_office365 nor ` +
				"/providers/Microsoft.PowerApps/apis/ with a name",
			`reference contoso_other: connector "a/b": is neither a name such as shared_office365 nor ` +
				"/providers/Microsoft.PowerApps/apis/ with a name",
		}},
		"nothing has the name of nothing": {func(b *connref.Builder) {
			sql := connref.ConnectorID("shared_sql")
			p := connref.Principal{Kind: connref.PrincipalUser}
			r := connref.Reference{DisplayName: "A", Connector: sql}
			b.AddConnector(connref.Connector{}, connref.Connector{})
			b.AddPrincipal(p, p)
			b.AddConnection(connref.Connection{Connector: sql}, connref.Connection{Connector: sql})
			b.AddReference(r, r)
		}, invalid, []string{
			"connector 2: id: " + noConnector,
			"connector 3: id: " + noConnector,
			"principal 3: has no id; right would be the object id in Entra ID",
			"principal 4: has no id; right would be the object id in Entra ID",
			"connection 2: id: is missing; right would be the name of a connection in the environment",
			"connection 3: id: is missing; right would be the name of a connection in the environment",
			"reference 2: logical name: " + noName,
			"reference 3: logical name: " + noName,
		}},
		"bound to what is no id": {func(b *connref.Builder) {
			b.AddReference(boundTo("shared_office365", connref.GUID{}, "a b"))
		}, invalid, []string{
			`reference contoso_other: connection "a b": has white space or a control character, which no id has`,
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := sound()
			tt.add(b)
			e, err := b.Build()
			if diff := cmp.Diff(tt.want, messages(t, err, source.Location{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if e != nil || !errors.Is(err, tt.kind) {
				t.Errorf("Build answers %v, %v", e, err)
			}
		})
	}
}

func TestBuilderTellsAllFaultsAtOnce(t *testing.T) {
	at := source.Location{File: "estate.json", Span: source.Span{Start: 1, End: 2}}
	b := sound()
	ref := reference("contoso_MAIL")
	ref.At, ref.DisplayName, ref.Connection, ref.Owner = at, "a\x00", "missing", connref.Principal{ID: connref.GUID{3}}
	b.AddReference(ref)
	conn := mail("7c1e")
	conn.At, conn.Grants = at, []connref.Grant{{Principal: connref.Principal{ID: connref.GUID{3}}}}
	b.AddConnection(conn)
	b.AddConnector(connref.Connector{ID: "shared_Office365", Tier: 7, At: at})
	_, err := b.Build()
	want := []string{
		"connector shared_Office365: tier",
		"connector",
		"connection 7c1e: grant 1", // its role
		"connection 7c1e: grant 1", // its principal
		"connection",
		"reference contoso_MAIL: display name",
		"reference",
		"reference contoso_MAIL: owner",
		"reference contoso_MAIL: connection",
	}
	require.Len(t, messages(t, err, at), len(want))
	var got []string
	for _, err := range err.(interface{ Unwrap() []error }).Unwrap() {
		got = append(got, err.(*connref.FieldError).Field)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, kind := range []error{connref.ErrInvalid, connref.ErrDuplicate, connref.ErrNotFound} {
		if !errors.Is(err, kind) {
			t.Errorf("%v is not among them", kind)
		}
	}
}

func TestBuilderCompletes(t *testing.T) {
	nameless := connref.Principal{ID: connref.GUID{4}, Kind: connref.PrincipalGroup}
	b := sound()
	b.AddPrincipal(nameless)
	conn := mail("9a2b")
	conn.Owner = only(flows)
	conn.Grants = []connref.Grant{
		{Principal: connref.Principal{ID: devOps.ID, Name: "DevOps"}, Role: connref.RoleCanEdit},
		{Principal: connref.Principal{ID: nameless.ID, Name: "makers"}, Role: connref.RoleCanView},
		{Principal: flows, Role: connref.RoleOwner}, // as the platform lists its owner
	}
	b.AddConnection(conn)
	ref := boundTo(ordersInDev, connref.GUID{}, "")
	ref.Owner = only(flows)
	b.AddReference(ref)
	b.AddConnector(connref.Connector{ID: ordersInProd, Custom: orders})
	e, err := b.Build()
	require.NoError(t, err)

	gotConn, err := e.Connection("9A2B")
	require.NoError(t, err)
	conn.Owner, conn.Grants[0].Principal, conn.Grants[1].Principal.Kind = flows, devOps, connref.PrincipalGroup
	if diff := cmp.Diff(conn, gotConn); diff != "" {
		t.Errorf("connection (-want +got):\n%s", diff)
	}
	gotRef, err := e.Reference("Contoso_Other")
	require.NoError(t, err)
	ref.Owner, ref.CustomConnector = flows, orders
	if diff := cmp.Diff(ref, gotRef); diff != "" {
		t.Errorf("reference (-want +got):\n%s", diff)
	}
}

// A custom connector has another id in each environment, and not everybody knows its row.
func TestBuilderBindsCustomConnectors(t *testing.T) {
	none := connref.GUID{}
	const renamed = "shared_contoso-5fbuying-5f21dec655d73f3a8c"
	tests := map[string]struct {
		catalogue []connref.Connector
		of        connref.ConnectorID // the connection's
		reference connref.Reference
	}{
		"nothing known": {nil, ordersInProd, boundTo(ordersInDev, none, "0de5")},
		"only the reference's row is known": {
			[]connref.Connector{{ID: ordersInProd}}, ordersInProd, boundTo(ordersInDev, orders, "0de5"),
		},
		"one row": {
			[]connref.Connector{{ID: ordersInProd, Custom: orders}}, ordersInProd, boundTo(ordersInDev, orders, "0de5"),
		},
		"one row, two names": {
			[]connref.Connector{{ID: renamed, Custom: orders}}, renamed, boundTo(ordersInDev, orders, "0de5"),
		},
		"only the connection's row is known": {
			[]connref.Connector{
				{ID: ordersInProd, Custom: orders}, {ID: "shared_contoso-5forders-5f0123456789abcdef", Custom: stock},
			},
			ordersInProd, boundTo(ordersInDev, none, "0de5"),
		},
		"another of that name is known": {
			[]connref.Connector{{ID: ordersInDev, Custom: stock}}, ordersInProd, boundTo(ordersInProd, orders, "0de5"),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := new(connref.Builder)
			b.AddConnector(tt.catalogue...)
			b.AddConnection(connref.Connection{ID: "0de5", Connector: tt.of})
			b.AddReference(tt.reference)
			if _, err := b.Build(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEstateLooksUp(t *testing.T) {
	b := sound()
	inProd := mail("7c1e")
	inProd.Environment, inProd.Connector = "PROD", "shared_sql"
	nowhere := mail("9a2b")
	nowhere.Environment = ""
	b.AddConnection(inProd, nowhere)
	b.AddReference(boundTo("shared_sql", connref.GUID{}, "7c1e")) // that of PROD; contoso_mail has that of DEV
	b.AddReference(reference("Contoso_Alone"))
	e, err := b.Build()
	require.NoError(t, err)

	want := `principal flows ServicePrincipal
principal devops ServicePrincipal
connection DEV 7c1e of flows for [{devops CanView}]
connection PROD 7c1e of flows for [{devops CanView}]
connection  9a2b of flows for [{devops CanView}]
reference contoso_mail 7C1E
reference contoso_other 7c1e
reference Contoso_Alone 
`
	if diff := cmp.Diff(want, text(e)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	in := func(environment string, id connref.ConnectionID) func() (any, error) {
		return func() (any, error) { c, err := e.ConnectionIn(environment, id); return c.Environment, err }
	}
	with := func(id connref.ConnectionID) func() (any, error) {
		return func() (any, error) { c, err := e.Connection(id); return c.ID, err }
	}
	named := func(name connref.LogicalName) func() (any, error) {
		return func() (any, error) { r, err := e.Reference(name); return r.LogicalName, err }
	}
	who := func(id connref.GUID) func() (any, error) {
		return func() (any, error) { p, err := e.Principal(id); return p, err }
	}
	for name, tt := range map[string]struct {
		lookup func() (any, error)
		want   any
		err    error
	}{
		"reference":              {named("CONTOSO_ALONE"), connref.LogicalName("Contoso_Alone"), nil},
		"no reference":           {named("contoso_gone"), connref.LogicalName(""), connref.ErrNotFound},
		"connection":             {with("9A2B"), connref.ConnectionID("9a2b"), nil},
		"connection of several":  {with("7c1e"), connref.ConnectionID(""), connref.ErrDuplicate},
		"no connection":          {with("0000"), connref.ConnectionID(""), connref.ErrNotFound},
		"connection in DEV":      {in("dev", "7C1E"), "DEV", nil},
		"connection in PROD":     {in("Prod", "7c1e"), "PROD", nil},
		"connection nowhere":     {in("", "9a2b"), "", nil},
		"no connection in there": {in("DEV", "9a2b"), "", connref.ErrNotFound},
		"principal":              {who(devOps.ID), devOps, nil},
		"no principal":           {who(connref.GUID{}), connref.Principal{}, connref.ErrNotFound},
	} {
		got, err := tt.lookup()
		if diff := cmp.Diff(tt.want, got); diff != "" || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for c := range e.Connections() {
		if diff := cmp.Diff("DEV", c.Environment); diff != "" {
			t.Errorf("first connection (-want +got):\n%s", diff)
		}
		break
	}
}

func TestEstateOfNothing(t *testing.T) {
	empty, err := new(connref.Builder).Build()
	require.NoError(t, err)
	for _, e := range []*connref.Estate{empty, nil, new(connref.Estate)} {
		if diff := cmp.Diff("", text(e)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		_, known := e.Catalogue().Lookup("shared_office365")
		_, noReference := e.Reference("contoso_mail")
		_, noConnection := e.Connection("7c1e")
		_, noConnectionThere := e.ConnectionIn("DEV", "7c1e")
		_, noPrincipal := e.Principal(flows.ID)
		for _, err := range []error{noReference, noConnection, noConnectionThere, noPrincipal} {
			if known || !errors.Is(err, connref.ErrNotFound) {
				t.Errorf("finds something: %v", err)
			}
		}
	}
}

func TestBuilderBuildsAgain(t *testing.T) {
	b := sound()
	first, err := b.Build()
	require.NoError(t, err)
	want := text(first)
	again, err := b.Build()
	require.NoError(t, err)
	if diff := cmp.Diff(want, text(again)); diff != "" {
		t.Errorf("built again (-first +again):\n%s", diff)
	}

	ref := boundTo("shared_sql", connref.GUID{}, "9a2b")
	b.AddReference(ref)
	_, err = b.Build()
	require.ErrorIs(t, err, connref.ErrNotFound)
	b.AddConnection(connref.Connection{ID: "9a2b", Connector: "shared_sql"})
	b.AddConnector(connref.Connector{ID: "shared_sql"})
	later, err := b.Build()
	require.NoError(t, err)
	if got, err := later.Reference("contoso_other"); err != nil || got != ref {
		t.Errorf("what was added later: %v, %v", got, err)
	}
	if _, ok := later.Catalogue().Lookup("shared_sql"); !ok {
		t.Error("the connector that was added later is missing")
	}
	if diff := cmp.Diff(want, text(first)); diff != "" {
		t.Errorf("adding has changed what was built (-want +got):\n%s", diff)
	}
}

// What one Build fills in from the connectors that it finds isn't held against the next, which may find better ones.
func TestBuilderCompletesAfresh(t *testing.T) {
	var b connref.Builder
	b.AddReference(boundTo(ordersInDev, connref.GUID{}, ""))
	for _, connector := range []connref.Connector{{ID: ordersInProd, Custom: orders}, {ID: ordersInDev, Custom: stock}} {
		b.AddConnector(connector)
		e, err := b.Build()
		require.NoError(t, err)
		ref, err := e.Reference("contoso_other")
		require.NoError(t, err)
		if diff := cmp.Diff(connector.Custom, ref.CustomConnector); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestEstateCantBeChanged(t *testing.T) {
	conn := mail("9a2b")
	conn.Grants = slices.Grow(conn.Grants, 3) // room that a careless append would share
	conn.Grants[0].Principal = only(devOps)
	unread := mail("0001")
	unread.Grants = nil
	private := mail("0002")
	private.Grants = []connref.Grant{}
	given := []connref.Connection{conn, unread, private}
	b := sound()
	b.AddConnection(given...)

	forge := func(grants []connref.Grant) {
		if len(grants) > 0 {
			grants[0] = connref.Grant{Principal: connref.Principal{Name: "mallory"}, Role: connref.RoleOwner}
		}
		_ = append(grants, connref.Grant{Principal: connref.Principal{Name: "mallory"}})
	}
	forge(conn.Grants)
	given[1].ID = "changed"
	e, err := b.Build()
	require.NoError(t, err)
	want := text(e)
	for c := range e.Connections() {
		forge(c.Grants)
	}
	for _, id := range []connref.ConnectionID{"9a2b", "0001", "0002"} {
		c, err := e.Connection(id)
		require.NoError(t, err)
		forge(c.Grants)
		c, err = e.ConnectionIn("DEV", id)
		require.NoError(t, err)
		forge(c.Grants)
	}
	again, err := b.Build()
	require.NoError(t, err)
	for c := range again.Connections() {
		forge(c.Grants)
	}
	if diff := cmp.Diff(want, text(e)); diff != "" || strings.Contains(want, "mallory") {
		t.Errorf("%s(-before +after):\n%s", want, diff)
	}

	// Permissions that were not read stay so, and so do those of nobody.
	for id, want := range map[connref.ConnectionID]connref.Fact{"0001": connref.Unknown, "0002": connref.No} {
		c, err := e.Connection(id)
		require.NoError(t, err)
		if diff := cmp.Diff(want, c.CanUse(devOps.ID)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
}

// The time for each thing must not grow with their number, though all have one name where that can be.
func BenchmarkBuilder(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			builder := sound()
			shared := mail("shared")
			for i := range n {
				id := fmt.Sprint("c", i)
				somebody := connref.Principal{ID: connref.DeriveGUID(id), Kind: connref.PrincipalUser}
				connector := connref.ConnectorID("shared_" + id)
				ref := boundTo(connector, connref.GUID{}, "everywhere")
				ref.LogicalName = connref.LogicalName(id)
				builder.AddPrincipal(somebody)
				builder.AddConnector(connref.Connector{ID: connector})
				builder.AddConnection(connref.Connection{ID: "everywhere", Connector: connector, Environment: id})
				builder.AddReference(ref)
				shared.Grants = append(shared.Grants, connref.Grant{Principal: somebody, Role: connref.RoleCanView})
			}
			builder.AddConnection(shared)
			for b.Loop() {
				_, err := builder.Build()
				require.NoError(b, err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/thing")
		})
	}
}
