package rules_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/graph"
	"github.com/connref/connref/solution/lint"
	"github.com/connref/connref/solution/lint/rules"
)

// opened is the solution that files are.
func opened(t *testing.T, files map[string]string) *solution.Solution {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sol, err := solution.OpenFS(t.Context(), fsys, nil)
	require.NoError(t, err)
	return sol
}

// foundBy is what rules find, each finding as its rule, place and message.
func foundBy(t *testing.T, in lint.Input, only ...string) (list []string) {
	t.Helper()
	result, err := lint.Run(t.Context(), in, lint.Config{Rules: rules.All(), Only: only})
	require.NoError(t, err)
	require.NoError(t, result.Err())
	for _, d := range result.Findings {
		list = append(list, d.Rule+" "+d.Position.Pointer+" "+d.Message)
	}
	return list
}

// exported are the files of a solution with one flow.
func exported(flow string) map[string]string {
	return map[string]string{
		"solution.xml": `<ImportExportXml><SolutionManifest>` +
			`<UniqueName>Orders</UniqueName></SolutionManifest></ImportExportXml>`,
		"customizations.xml": `<ImportExportXml><connectionreferences>` +
			`<connectionreference connectionreferencelogicalname="contoso_mail">` +
			`<connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>` +
			`</connectionreference></connectionreferences></ImportExportXml>`,
		"Workflows/Daily.json": flow,
	}
}

const mailFlow = `{"properties":{"connectionReferences":{"mail":{"runtimeSource":"embedded",` +
	`"connection":{"connectionReferenceLogicalName":"contoso_mail"},"api":{"name":"shared_office365"}}},` +
	`"definition":{"parameters":{"$connections":{"defaultValue":{},"type":"Object"}},` +
	`"triggers":{"On mäil":{"type":"OpenApiConnectionWebhook","inputs":{"host":{"connectionName":"mail",` +
	`"operationId":"OnNewEmailV3"}}}},"actions":{}}},"schemaVersion":"1.0.0.0"}`

// A legacy flow package has direct connections and operations of the legacy way by nature.
func TestFlowPackage(t *testing.T) {
	sol := opened(t, map[string]string{
		"manifest.json": `{}`,
		"Microsoft.Flow/flows/6f1a2b3c-0d4e-4f50-8a61-72839405a6b7/definition.json": `{"name":"x","id":"/x","type":"x",` +
			`"properties":{"apiId":"/x","displayName":"Daily","connectionReferences":{` +
			`"mail":{"connectionName":"shared-office365-1","source":"Invoker",` +
			`"id":"/providers/Microsoft.PowerApps/apis/shared_office365"},` +
			`"unused":{"connectionName":"shared-cds-1","source":"Embedded",` +
			`"id":"/providers/Microsoft.PowerApps/apis/shared_commondataservice"}},` +
			`"definition":{"parameters":{},"triggers":{"Daily":{"type":"Recurrence"}},"actions":{` +
			`"Send":{"type":"ApiConnection","inputs":{"host":{"connection":{` +
			`"name":"@parameters('$connections')['mail']['connectionId']"}}}},` +
			`"Look":{"type":"OpenApiConnection","inputs":{"host":{"connectionReferenceName":"mail",` +
			`"operationId":"GetEmailsV3"},"authentication":"@parameters('')"}},` +
			`"Read":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"sql","operationId":"GetItems_V2"}}}}}}}`,
	})
	const definition = "/properties/definition"
	want := []string{
		"CR111 /properties/connectionReferences/mail key mail is to run on the caller's connection, " +
			"but the flow is scheduled and has no caller",
		"CR120 /properties/connectionReferences/unused key unused is for shared_commondataservice, which is deprecated: " +
			"shared_commondataserviceforapps takes its place",
		"CR113 " + definition + " action Send needs parameter $connections, which the flow doesn't declare",
		"CR114 " + definition + "/actions/Look/inputs/authentication action Look names its key as the designer's API " +
			"does, and has an authentication beside",
		"CR101 " + definition + "/actions/Read/inputs/host/connectionName action Read names key sql, " +
			"which the flow doesn't declare",
	}
	if diff := cmp.Diff(want, foundBy(t, lint.Input{Solutions: []*solution.Solution{sol}}, "flow")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What no solution declares, an environment may have.
func TestReferenceOfEnvironment(t *testing.T) {
	flow := strings.ReplaceAll(mailFlow, "contoso_mail", "contoso_post")
	in := lint.Input{
		Solutions: []*solution.Solution{opened(t, exported(flow))},
		Environments: []graph.Inventory{{Name: "Test", References: []connref.Reference{
			{LogicalName: "contoso_post", Connector: "shared_sql"},
		}}},
	}
	want := []string{"CR107 /properties/connectionReferences/mail key mail is for shared_office365, " +
		"but its reference contoso_post is for shared_sql, as environment Test has it"}
	if diff := cmp.Diff(want, foundBy(t, in, "CR107")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// inUTF16 spells a text in UTF-16 with a byte order mark.
func inUTF16(order binary.AppendByteOrder, text string) string {
	raw := order.AppendUint16(nil, 0xFEFF)
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return string(raw)
}

// Files in UTF-16 are found, and saved as UTF-8 with the same text, but for what an XML declaration says.
func TestUTF16(t *testing.T) {
	for order, name := range map[binary.AppendByteOrder]string{
		binary.LittleEndian: "UTF-16LE", binary.BigEndian: "UTF-16BE",
	} {
		for declared, want := range map[string]string{
			`<?xml version="1.0" encoding="utf-16"?>`:     `<?xml version="1.0" encoding="utf-8"?>`,
			`<?xml version='1.0' encoding = 'UTF-16LE'?>`: `<?xml version='1.0' encoding = 'utf-8'?>`,
			`<?xml version="1.0"?>`:                       `<?xml version="1.0"?>`,
			``:                                            ``,
		} {
			plain := exported(mailFlow)
			customizations := plain["customizations.xml"]
			files := exported(inUTF16(order, mailFlow))
			files["customizations.xml"] = inUTF16(order, declared+customizations)
			in := lint.Input{Solutions: []*solution.Solution{opened(t, files)}}
			found := "CR121  the file is in " + name + ": expected UTF-8"
			if diff := cmp.Diff([]string{found, found}, foundBy(t, in, "CR121")); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", declared, diff)
			}
			fixed, err := lint.Fix(t.Context(), in, lint.Config{Rules: rules.All(), Only: []string{"CR121"}})
			require.NoError(t, err)
			require.NoError(t, fixed.Left.Err())
			require.Empty(t, fixed.Left.Findings)
			plain["customizations.xml"] = want + customizations
			mended := fixed.Solutions[0]
			for name, text := range plain {
				file, err := mended.File(name)
				require.NoError(t, err)
				if diff := cmp.Diff(text, string(file.Bytes())); diff != "" {
					t.Errorf("%s: %s (-want +got):\n%s", declared, name, diff)
				}
			}
			var changes []source.Change
			for _, a := range fixed.Applied {
				changes = append(changes, a.Fix.Changes...)
			}
			inverse, err := in.Solutions[0].Inverse(changes...)
			require.NoError(t, err)
			back, err := mended.With(inverse...)
			require.NoError(t, err)
			for name, text := range files {
				file, err := back.File(name)
				require.NoError(t, err)
				if !bytes.Equal(file.Bytes(), []byte(text)) {
					t.Errorf("%s: undone, %s has other bytes", declared, name)
				}
			}
		}
	}
}

// What is named like a credential is told by the last words of its name, and never with its value.
func TestCredentialNames(t *testing.T) {
	const value = "not-a-real-one"
	for name, want := range map[string]bool{
		"password": true, "Password": true, "pwd": true, "userPassword": true, "USER_PASSWORD": true, "db-password": true,
		"password1": true, "password_2": true, "body/password": true, "secret": true, "client_secret": true,
		"clientSecret": true, "ClientSecret": true, "clientsecret": true, "apikey": true, "apiKey": true, "APIKey": true,
		"API_KEY": true, "x-api-key": true, "Ocp-Apim-Subscription-Key": true, "x-functions-key": true,
		"Authorization": true, "proxy-authorization": true, "access_token": true, "accessToken": true, "token": true,
		"connectionString": true, "storage account key": true, "sharedAccessKey": true, "oauth2AccessToken": true,
		"Credentials": true, "token1": true, "sas_token": true, "privateKey": true, "Pass phrase": true, "passphrase": true,

		"": false, "/": false, "-": false, "1": false, "passwordResetUrl": false, "passwordHint": false, "secretName": false,
		"secret/name": false, "tokenType": false, "pageToken": false, "continuation_token": false, "key": false,
		"primaryKey": false, "keyword": false, "authorizationUrl": false, "bypass": false, "code": false, "sig": false,
		"clientId": false, "secretary": false, "Passwort": false, "tokens": false,
	} {
		flow := fmt.Sprintf(`{"properties":{"connectionReferences":{},"definition":{"actions":{"Ask":{"type":"Http",`+
			`"inputs":{"headers":{%q:%q}}}}}},"schemaVersion":"1.0.0.0"}`, name, value)
		in := lint.Input{Solutions: []*solution.Solution{opened(t, exported(flow))}}
		found := foundBy(t, in, "CR118")
		if got := len(found) > 0; got != want {
			t.Errorf("%q is a credential: %v, want %v", name, got, want)
		}
		if strings.Contains(strings.Join(found, ""), value) {
			t.Errorf("%q: the value is told: %q", name, found)
		}
	}
}

// Findings of credentials are marked, so that reports don't show the text.
func TestLiteralSecretIsSensitive(t *testing.T) {
	r, err := rules.Get("literal-secret")
	require.NoError(t, err)
	if !r.Sensitive || r.Severity != diag.Warning {
		t.Errorf("%s: sensitive %v, severity %s", r, r.Sensitive, r.Severity)
	}
}
