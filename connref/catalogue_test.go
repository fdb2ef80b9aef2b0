package connref_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

func TestCatalogue(t *testing.T) {
	const path = "/providers/Microsoft.PowerApps/apis/"
	given := []connref.Connector{
		{ID: path + "shared_Teams", DisplayName: "Teams"},
		{ID: "shared_contoso-5forders-5f0123456789abcdef", DisplayName: "Orders"},
		{ID: "shared_contoso-5fstock-5f0123456789abcdef", DisplayName: "Stock in DEV"},
		{ID: "shared_contoso-5fstock-5ffedcba9876543210", DisplayName: "Stock in PROD"},
		{ID: "shared_contoso-5fstock-5faaaaaaaaaaaaaaaa", DisplayName: "Stock in TEST"},
		{ID: "shared_office365", DisplayName: "Outlook"},
	}
	c, err := connref.NewCatalogue(given...)
	require.NoError(t, err)
	given[0].DisplayName = "changed later"

	lookups := map[connref.ConnectorID]string{
		"shared_teams":            "Teams",
		path + "shared_OFFICE365": "Outlook",
		path + "shared_contoso-5forders-5f0123456789ABCDEF": "Orders",
		"shared_contoso-5Forders-5Fffffffffffffffff":        "Orders",
		"shared_contoso-5forders":                           "Orders",
		"shared_contoso-5fstock-5ffedcba9876543210":         "Stock in PROD",
		"shared_contoso-5fstock-5fffffffffffffffff":         "", // which of three?
		"shared_contoso-5fstock":                            "",
		"shared_sql":                                        "",
		path + "shared_office365/connections/7c1e":          "",
		"": "",
	}
	for id, want := range lookups {
		got, ok := c.Lookup(id)
		if diff := cmp.Diff(want, got.DisplayName); diff != "" {
			t.Errorf("Lookup(%q) (-want +got):\n%s", id, diff)
		}
		if ok != (want != "") {
			t.Errorf("Lookup(%q): %t", id, ok)
		}
	}
	var names []string
	for connector := range c.All() {
		names = append(names, connector.DisplayName)
	}
	want := []string{"Orders", "Stock in DEV", "Stock in TEST", "Stock in PROD", "Outlook", "Teams"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
}

func TestCatalogueOfNothing(t *testing.T) {
	empty, err := connref.NewCatalogue()
	require.NoError(t, err)
	for _, c := range []*connref.Catalogue{empty, nil} {
		if got, ok := c.Lookup("shared_office365"); ok {
			t.Errorf("Lookup finds %v", got)
		}
		for connector := range c.All() {
			t.Errorf("All has %v", connector)
		}
	}
}

func TestNewCatalogueRefuses(t *testing.T) {
	at := source.Location{File: "connectors.json"}
	c, err := connref.NewCatalogue(
		connref.Connector{ID: "shared_teams", At: at},
		connref.Connector{ID: "a b", At: at, Tier: 7},
		connref.Connector{ID: "shared_office365", At: at},
		connref.Connector{ID: "/providers/microsoft.powerapps/apis/shared_Office365", At: at},
	)
	if c != nil || !errors.Is(err, connref.ErrDuplicate) || !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("NewCatalogue = %v, %v", c, err)
	}
	want := `connector: id "a b": has white space or a control character, which no id has
connector: tier "7": is not one of Standard, Premium
connector "/providers/microsoft.powerapps/apis/shared_Office365": is in the catalogue twice; right would be once`
	if diff := cmp.Diff(want, message(err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestConnectorPremium(t *testing.T) {
	tests := map[string]struct {
		connector connref.Connector
		want      connref.Fact
	}{
		"not said":           {connref.Connector{ID: "shared_office365"}, connref.Unknown},
		"standard":           {connref.Connector{ID: "shared_office365", Tier: connref.TierStandard}, connref.No},
		"premium":            {connref.Connector{ID: "shared_sql", Tier: connref.TierPremium}, connref.Yes},
		"custom by its name": {connref.Connector{ID: "shared_contoso-5forders-5f0123456789abcdef"}, connref.Yes},
		"custom by its row":  {connref.Connector{ID: "shared_orders", Custom: connref.GUID{1}}, connref.Yes},
		"custom, whatever is said": {
			connref.Connector{ID: "shared_orders", Custom: connref.GUID{1}, Tier: connref.TierStandard}, connref.Yes,
		},
	}
	for name, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.connector.Premium()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFact(t *testing.T) {
	got := []string{connref.Fact(0).String(), connref.FactOf(false).String(), connref.FactOf(true).String()}
	if diff := cmp.Diff([]string{"unknown", "no", "yes"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
