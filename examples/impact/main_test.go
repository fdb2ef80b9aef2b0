package main

import (
	"bytes"
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestImpact(t *testing.T) {
	var got bytes.Buffer
	bound := []string{"LMB_OrdersSharedMailbox=mailbox-1", "lmb_sharedoffice365_b7f20=mailbox-1",
		"lmb_sharedsharepointonline_1d8e4=site-1", "lmb_sharedoffice365users_e14a9=users-1"}
	require.NoError(t, run(context.Background(), &got, "../audit/sample", bound))
	want, err := os.ReadFile("testdata/sample.txt")
	require.NoError(t, err)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		path  string
		bound []string
	}{
		{"testdata/none", nil},
		{"../audit/sample", []string{"lmb_OrdersSharedMailbox"}},
	} {
		var out bytes.Buffer
		if err := run(context.Background(), &out, tc.path, tc.bound); err == nil || out.Len() > 0 {
			t.Errorf("impact %s %v: error %v, output %q", tc.path, tc.bound, err, out.String())
		}
	}
}
