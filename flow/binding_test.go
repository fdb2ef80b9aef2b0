package flow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

func TestBindingShapes(t *testing.T) {
	for name, tc := range map[string]struct {
		entry string
		want  flow.Binding
	}{
		"reference": {
			`{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"a_B"},"api":{"name":"shared_x"}}`,
			flow.Binding{Reference: "a_B", Connector: "shared_x", Source: flow.Embedded},
		},
		"direct": {
			`{"runtimeSource":"embedded","connection":{},"api":{"name":"shared_x"}}`,
			flow.Binding{Connector: "shared_x", Source: flow.Embedded},
		},
		"invoker who is not impersonated": {
			`{"api":{"name":"shared_x"},"connection":{"connectionReferenceLogicalName":"a"},"runtimeSource":"invoker",` +
				`"impersonation":{}}`,
			flow.Binding{Reference: "a", Connector: "shared_x", Source: flow.Invoker},
		},
		"impersonated, but embedded": {
			`{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"a"},"api":{"name":"shared_x"},` +
				`"impersonation":{"source":"invoker"}}`,
			flow.Binding{Reference: "a", Connector: "shared_x", Source: flow.Embedded, Impersonation: "invoker"},
		},
		"direct and impersonated": {
			`{"runtimeSource":"embedded","connection":{},"api":{"name":"shared_x"},"impersonation":{"source":"invoker"}}`,
			flow.Binding{Connector: "shared_x", Source: flow.Embedded, Impersonation: "invoker"},
		},
		"custom connector": {
			`{"connection":{"connectionReferenceLogicalName":"a"},"api":{"name":"shared_c-5fx-5f00","logicalName":"c_5Fx"}}`,
			flow.Binding{Reference: "a", Connector: "shared_c-5fx-5f00", ConnectorName: "c_5Fx"},
		},
		"source beside runtimeSource": {
			`{"source":"Embedded","runtimeSource":"invoker","connection":{"connectionReferenceLogicalName":"a"},"api":{}}`,
			flow.Binding{Reference: "a", Source: flow.Invoker},
		},
		"legacy": {
			`{"connectionName":"c0ffee","source":"Invoker","id":"/providers/Microsoft.PowerApps/apis/shared_x","tier":"x"}`,
			flow.Binding{
				Connector: "/providers/Microsoft.PowerApps/apis/shared_x", Connection: "c0ffee", Source: flow.Invoker,
			},
		},
		"the designer's, flat": {
			`{"connectionReferenceLogicalName":"a","api":{"name":"shared_x"}}`,
			flow.Binding{Reference: "a", Connector: "shared_x"},
		},
		"both places: the solution's counts": {
			`{"connectionReferenceLogicalName":"a","connection":{"connectionReferenceLogicalName":"b"}}`,
			flow.Binding{Reference: "b"},
		},
		"connection by name": {`{"connection":{"name":"c0ffee","id":"/x"}}`, flow.Binding{Connection: "c0ffee"}},
		"api by id":          {`{"api":{"id":"/apis/shared_x"}}`, flow.Binding{Connector: "/apis/shared_x"}},
		"empty":              {`{}`, flow.Binding{}},
		"empty texts": {
			`{"runtimeSource":"","connection":{"connectionReferenceLogicalName":""},"api":{"name":""}}`, flow.Binding{},
		},
		"connection by resource id": {
			`{"connection":{"id":"/providers/Microsoft.PowerApps/apis/shared_x/connections/c0ffee"}}`,
			flow.Binding{Connection: "c0ffee"},
		},
		"escapes": {
			`{"connection":{"connectionReferenceLogicalName":"a\u005Fb"},"api":{"name":"shared\u005fx"}}`,
			flow.Binding{Reference: "a_b", Connector: "shared_x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := parse(t, flowOf(`"key":`+tc.entry, "", ""))
			invariants(t, f, nil)
			got, ok := f.Binding("key")
			require.True(t, ok)
			tc.want.Key = "key"
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreTypes(source.Location{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got.Direct() != (tc.want.Reference == "") || got.ReferenceAt.IsZero() != got.Direct() {
				t.Errorf("Direct() = %t, ReferenceAt = %v", got.Direct(), got.ReferenceAt)
			}
		})
	}
}
