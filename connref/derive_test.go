package connref_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
)

// TestDeriveGUID compares with what another implementation of UUIDv5 makes of the documented namespace and name.
func TestDeriveGUID(t *testing.T) {
	for want, names := range map[string][]string{
		"246116c5-f03f-5452-9c75-4e0f8f6f2ccf": nil,
		"06a9dada-b147-5ad9-91d4-eabd39c16995": {"flow", "ContosoOrders", "Sync accounts"},
	} {
		if diff := cmp.Diff(want, connref.DeriveGUID(names...).String()); diff != "" {
			t.Errorf("DeriveGUID(%q) (-want +got):\n%s", names, diff)
		}
	}
	if connref.DeriveGUID("Flow", "contosoorders", "SYNC accounts") != connref.DeriveGUID("flow", "ContosoOrders", "Sync accounts") {
		t.Error("names that are the same but for case give different ids")
	}
	if connref.DeriveGUID("a", "b") == connref.DeriveGUID("ab") {
		t.Error("the names' ends don't count")
	}
}
