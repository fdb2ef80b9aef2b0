package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

const orders = "../audit/sample/orders"

// upgraded is a copy of the sample's orders in which texts are replaced, as somebody does who renames and removes.
func upgraded(t *testing.T, replace ...string) string {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(orders)))
	replacer := strings.NewReplacer(replace...)
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(replacer.Replace(string(text))), 0o666)
	}))
	return dir
}

func TestDiff(t *testing.T) {
	for _, tc := range []struct {
		name    string
		replace []string
		want    string
		breaks  bool
	}{
		{"nothing", nil, "", false},
		{
			"renamed with its flows", []string{"lmb_sharedoffice365_b7f20", "lmb_OrdersDesk"},
			`removed lmb_sharedoffice365_b7f20
renamed lmb_sharedoffice365_b7f20 to lmb_OrdersDesk
    it comes as a new reference without a connection
moved flow When an order is confirmed from lmb_sharedoffice365_b7f20 to lmb_OrdersDesk
    Try > For_each_line > If_special_order > Switch_on_outcome (case Rejected) > Tell_the_customer
    Catch > Send_failure_note
added lmb_OrdersDesk
`, true,
		},
		{
			"gone, though flows use it",
			[]string{`connectionreferencelogicalname="lmb_OrdersSharedMailbox"`, `connectionreferencelogicalname="lmb_Spare"`},
			`removed lmb_OrdersSharedMailbox
    used by flow Cancel an order
    used by flow When an order is confirmed
renamed lmb_OrdersSharedMailbox to lmb_Spare
    it comes as a new reference without a connection
needed lmb_OrdersSharedMailbox by LarkmillOrders, and no solution here declares it
    used by flow Cancel an order
    used by flow When an order is confirmed
added lmb_Spare
`, true,
		},
		{
			"for another connector", []string{"apis/shared_approvals</connectorid>", "apis/shared_teams</connectorid>"},
			`changed lmb_sharedapprovals_66a0c from shared_approvals to shared_teams
    an import can't do that
`, true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got bytes.Buffer
			breaks, err := run(context.Background(), &got, orders, upgraded(t, tc.replace...))
			require.NoError(t, err)
			if diff := cmp.Diff(tc.want, got.String()); diff != "" || breaks != tc.breaks {
				t.Errorf("breaks %t, output (-want +got):\n%s", breaks, diff)
			}
		})
	}
}

func TestMissingPath(t *testing.T) {
	_, err := run(context.Background(), new(bytes.Buffer), orders, "testdata/none")
	require.Error(t, err)
}
