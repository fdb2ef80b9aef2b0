package audit_test

import (
	"context"
	"testing/fstest"

	"github.com/connref/connref/solution"
)

// parcels is a small solution: two flows that share a reference, one of them under two keys and in other case, an agent
// that names it in both of its files, an external and a dangling reference, a direct connection, a file that is broken.
func parcels() fstest.MapFS {
	files := map[string]string{
		"solution.xml": `<ImportExportXml><SolutionManifest><UniqueName>Parcels</UniqueName><Version>1.2.0.0</Version>` +
			`<Managed>1</Managed><Publisher><CustomizationPrefix>fx</CustomizationPrefix></Publisher>` +
			`<MissingDependencies><MissingDependency><Required type="connectionreference" solution="Base (1.0)" ` +
			`id.connectionreferencelogicalname="fx_base" /><Dependent type="29" /></MissingDependency></MissingDependencies>` +
			`</SolutionManifest></ImportExportXml>`,
		"customizations.xml": `<ImportExportXml>
  <connectionreferences>
    <connectionreference connectionreferencelogicalname="fx_Mail">
      <connectionreferencedisplayname>Mail</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
    </connectionreference>
    <connectionreference connectionreferencelogicalname="fx_idle">
      <connectorid>/providers/Microsoft.PowerApps/apis/shared_teams</connectorid>
    </connectionreference>
  </connectionreferences>
</ImportExportXml>`,
		"Workflows/Notify-0B7E4C52-11D8-4B5A-9C36-5B5E21C0A7F1.json": `{"properties":{"connectionReferences":{
"m":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"FX_MAIL"},"api":{"name":"shared_office365"}},
"m_1":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"fx_Mail"},"api":{"name":"shared_office365"}},
"b":{"runtimeSource":"invoker","connection":{"connectionReferenceLogicalName":"fx_base"},"api":{"name":"shared_sql"}}},
"definition":{"triggers":{"every_day":{"type":"Recurrence"}},"actions":{
"Loop":{"type":"Foreach","actions":{"Send":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"m"}}}}},
"Send_again":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"m_1"}}}}}}}`,
		"Workflows/Remind.json": `{"properties":{"connectionReferences":{
"m":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"fx_Mail"},"api":{"name":"shared_office365"}},
"gone":{"runtimeSource":"embedded","connection":{"connectionReferenceLogicalName":"fx_gone"},"api":{"name":"shared_sql"}},
"d":{"runtimeSource":"embedded","connection":{},"api":{"name":"shared_rss"}}},
"definition":{"triggers":{},"actions":{"Send":{"type":"OpenApiConnection","inputs":{"host":{"connectionName":"m"}}}}}}}`,
		"Workflows/Broken.json": `{"properties":`,
		"Assets/botcomponent_connectionreferenceset.xml": `<botcomponent_connectionreferenceset>` +
			`<botcomponent_connectionreference botcomponentid.schemaname="fx_bot.topic.Parcel" ` +
			`connectionreferenceid.connectionreferencelogicalname="fx_mail" /></botcomponent_connectionreferenceset>`,
		"botcomponents/fx_bot.topic.Parcel/data": "kind: AdaptiveDialog\nconnectionReference: fx_Mail\n",
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func openParcels() (*solution.Solution, error) {
	return solution.OpenFS(context.Background(), parcels(), nil)
}
