package flow_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/connref/connref/flow"
)

type hostCase struct {
	host  string
	form  flow.HostForm
	key   string
	keyAt string // as written
}

func TestHostForms(t *testing.T) {
	cases := map[string]hostCase{
		"key":              {`{"connectionName":"k","operationId":"o"}`, flow.HostKey, "k", "k"},
		"key with escapes": {`{"connectionName":"\u006b\/"}`, flow.HostKey, "k/", `\u006b\/`},
		"key beside an expression": {
			`{"connection":{"name":"@parameters('$connections')['x']"},"connectionName":"k"}`,
			flow.HostKey, "k", "k",
		},
		"empty key":                {`{"connectionName":"","operationId":"o"}`, flow.HostOther, "", ""},
		"parameters":               {named(byParameter("k")), flow.HostParameters, "k", "k"},
		"legacy":                   {`{"api":{"runtimeUrl":"u"},` + named(byParameter("k"))[1:], flow.HostParameters, "k", "k"},
		"parameters, a quote":      {named(byParameter("k''s")), flow.HostParameters, "k's", "k''s"},
		"parameters, quotes only":  {named(byParameter("''''")), flow.HostParameters, "''", "''''"},
		"parameters, an empty key": {named(byParameter("")), flow.HostOther, "", ""},
		"parameters, brackets":     {named(byParameter("k']['")), flow.HostParameters, "k", "k"},
		"non-ASCII":                {named(byParameter("ключ 🔑")), flow.HostParameters, "ключ 🔑", "ключ 🔑"},
		"parameters, escaped quote": {
			named(`@parameters(\u0027$connections\u0027)[\u0027k\u0027][\u0027connectionId\u0027]`),
			flow.HostParameters, "k", "k",
		},
		"parameters, escaped key": {
			named(`@parameters('$connections')['\ud83d\udd11\u00e9\"\ud800x\n']['c']`),
			flow.HostParameters, "🔑é\"\ufffdx\n", `\ud83d\udd11\u00e9\"\ud800x\n`,
		},
		"parameters, escapes before and behind": {
			named(`\u0040parameters('\u0024connections')['a\u0027\u0027b']\u005b'connectionId'\u005d`),
			flow.HostParameters, "a'b", `a\u0027\u0027b`,
		},
		// The platform forgives spaces and case, and knows safe access and interpolation.
		"spaces":       {named(`@ parameters( '$connections' ) [ 'k' ] [ 'connectionId' ]`), flow.HostParameters, "k", "k"},
		"safe":         {named(`@parameters('$connections')?['k']?['connectionId']`), flow.HostParameters, "k", "k"},
		"capitals":     {named(`@Parameters('$connections')['K']['connectionId']`), flow.HostParameters, "K", "K"},
		"interpolated": {named(`@{parameters('$connections')['k']['connectionId']}`), flow.HostParameters, "k", "k"},
		"in a function": {
			named(`@coalesce('it''s', parameters('$connections')['k']['connectionId'])`), flow.HostParameters, "k", "k",
		},
		"interpolated, not closed": {named(`@{parameters('$connections')['k']`), flow.HostParameters, "k", "k"},
		"interpolated behind another": {
			named(`it's @@{no} @{'}'}@{parameters('$connections')['k}']['connectionId']}`), flow.HostParameters, "k}", "k}",
		},
		"the first that can be read": {
			named(`@x(parameters('$connections')[0],y['$connections']['k'])`), flow.HostTriggerData, "k", "k",
		},
		"trigger data":          {named(byHeader("k")), flow.HostTriggerData, "k", "k"},
		"trigger data, a quote": {named(byHeader("''k")), flow.HostTriggerData, "'k", "''k"},
		"trigger data, safe": {
			named(`@json(decodeBase64(triggerOutputs()?['headers']?['x']))?['$connections']?['k']?['id']`),
			flow.HostTriggerData, "k", "k",
		},
		"child flow":               {`{"workflowReferenceName":"c"}`, flow.HostChildFlow, "", ""},
		"child flow, no name":      {`{"workflowReferenceName":""}`, flow.HostOther, "", ""},
		"designer":                 {`{"connectionReferenceName":"k"}`, flow.HostDesigner, "k", "k"},
		"designer, nested":         {`{"connection":{"referenceName":"k"}}`, flow.HostDesigner, "k", "k"},
		"designer, beside an id":   {named(`shared-x-1","referenceName":"k`), flow.HostDesigner, "k", "k"},
		"designer, beside the key": {`{"connectionReferenceName":"x","connectionName":"k"}`, flow.HostKey, "k", "k"},
		"other":                    {`{"operationId":"o"}`, flow.HostOther, "", ""},
		"empty":                    {`{}`, flow.HostOther, "", ""},
		"a text":                   {`"k"`, flow.HostNone, "", ""},
		"null":                     {`null`, flow.HostNone, "", ""},
		"a list":                   {`[{"connectionName":"k"}]`, flow.HostNone, "", ""},
		"expression elsewhere":     {`{"connection":"` + byParameter("k") + `"}`, flow.HostOther, "", ""},
	}
	for name, expression := range map[string]string{
		"literal":                  `@@parameters('$connections')['k']['connectionId']`,
		"prose":                    `see parameters('$connections')['k']`,
		"prose with a mark":        `@see '$connections')['k']`,
		"an id":                    `/providers/x/connections/shared-x-1`,
		"another parameter":        `@parameters('connections')['k']['connectionId']`,
		"a longer function":        `@myparameters('$connections')['k']['connectionId']`,
		"literal interpolation":    `x @@{parameters('$connections')['k']['connectionId']}`,
		"behind an interpolation":  `@{x} parameters('$connections')['k']`,
		"in a string with a quote": `@concat('it''s ['$connections']['k']')`,
		"another function":         `@variables('$connections')['k']['connectionId']`,
		"quoted":                   `@concat('parameters(''$connections'')[''k'']')`,
		"computed key":             `@parameters('$connections')[variables('k')]['connectionId']`,
		"key that isn't closed":    `@parameters('$connections')['k`,
		"key that ends in a quote": `@parameters('$connections')['k''`,
		"index that isn't closed":  `@parameters('$connections')['k'`,
		"no key":                   `@parameters('$connections')`,
		"data that isn't indexed":  `@x['$connections']`,
		"half an expression":       `@x['$connections'`,
		"a mark":                   `@`,
		"a mark and a brace":       `@{`,
	} {
		cases[name+", which only looks like it"] = hostCase{named(expression), flow.HostOther, "", ""}
	}
	for name, tc := range cases {
		for what, text := range map[string]string{
			"action":  flowOf("", "", `"op":{"type":"ApiConnection","inputs":{"host":`+tc.host+`}}`),
			"trigger": flowOf("", `"op":{"inputs":{"host":`+tc.host+`},"kind":"ApiConnection","type":"Request"}`, ""),
		} {
			t.Run(name+"/"+what, func(t *testing.T) {
				for encoding, raw := range map[string]string{"utf-8": text, "utf-16le": utf16le("\ufeff" + text)} {
					f := parse(t, raw)
					invariants(t, f, nil)
					ops := slices.Collect(f.Operations())
					require.Len(t, ops, 1)
					h := ops[0].Host
					if h.Form != tc.form || h.Key != tc.key {
						t.Errorf("%s: %s %q, want %s %q", encoding, h.Form, h.Key, tc.form, tc.key)
					}
					if got := f.File().Slice(h.KeyAt.Span); got != tc.keyAt || h.KeyAt.IsZero() != (tc.keyAt == "") {
						t.Errorf("%s: key at %v is %q, want %q", encoding, h.KeyAt, got, tc.keyAt)
					}
				}
			})
		}
	}
}

// named is a host whose connection has an expression for a name, as written in JSON.
func named(expression string) string { return `{"connection":{"name":"` + expression + `"}}` }

func byParameter(key string) string {
	return "@parameters('$connections')['" + key + "']['connectionId']"
}

func byHeader(key string) string {
	return "@json(decodeBase64(triggerOutputs().headers['X-MS-APIM-Tokens']))['$connections']['" + key + "']['connectionId']"
}
