package solution

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// NewConnector is a custom connector to be built. JSON is written without white space, as exports have it, and
// otherwise as it is given.
type NewConnector struct {
	// Name is what identifies it: the publisher's prefix, an underscore and a name of ASCII characters, which the
	// platform writes in lower case: contoso_orders.
	Name string
	// ID is the id of its row; none means that it is derived from the solution's unique name and Name.
	ID connref.GUID
	// DisplayName is what people see; none means the title of OpenAPI.
	DisplayName string
	Description string
	// IconBrandColor is the colour behind the icon, #rrggbb; none means #007ee5, as the portal has it.
	IconBrandColor string
	// OpenAPI is the OpenAPI 2.0 document: swagger "2.0", info.title, and paths whose operations each have an operationId
	// of their own. Version 3 is refused, as custom connectors can't have it.
	OpenAPI json.RawMessage
	// Parameters is what a connection of it asks for: an object of parameters, each with a type. None means {}, for a
	// connector without authentication. A client secret in it is refused: it is entered in the environment.
	Parameters json.RawMessage
	// ParameterSets is what it asks for where several ways of signing in are offered: an object whose values each have a
	// name. It is written beside Parameters, into a file of its own that public repositories have; no export with its
	// element of customizations.xml is known, so that its place there, behind that of Parameters, is a guess.
	ParameterSets json.RawMessage
	// Policies is an array of policy templates, each with a templateId. None means null.
	Policies json.RawMessage
	// Icon is a PNG or JPEG picture; none means a plain one.
	Icon []byte
	// Script is the C# code that runs on its requests, and ScriptOperations are the operations that it runs for; none
	// means all. There are none without Script.
	Script           string
	ScriptOperations []string
}

// How many characters the columns of the connector table hold, in UTF-16 code units.
const (
	maxConnectorName  = 100
	maxConnectorTitle = 200
	maxConnectorText  = 2000
)

// defaultBrandColor is the one that the portal gives connectors.
const defaultBrandColor = "#007ee5"

// newConnector is a custom connector that is completed and checked.
type newConnector struct {
	NewConnector
	id         connref.GUID
	name       string // encoded
	connector  connref.ConnectorID
	operations map[string]bool
	title      string // of its OpenAPI document
	icon       string // the end of the icon's name
}

func (c NewConnector) guid(uniqueName string) connref.GUID {
	if !c.ID.IsZero() {
		return c.ID
	}
	return connref.DeriveGUID("connector", uniqueName, c.Name)
}

// displayName is what people see of the connector, as far as that can be told.
func (c NewConnector) displayName() string {
	if c.DisplayName != "" {
		return c.DisplayName
	}
	doc, err := source.ParseJSON(source.NewFile("openapi", c.OpenAPI), nil)
	if err != nil {
		return ""
	}
	return doc.Root().Get("info", "title").Text()
}

// addConnectors completes and checks the custom connectors.
func (c *construction) addConnectors(connectors []NewConnector) {
	c.connectorsByID = make(map[connref.ConnectorID]*newConnector, len(connectors))
	c.connectorsByGUID = make(map[connref.GUID]*newConnector, len(connectors))
	for _, given := range connectors {
		n := &newConnector{
			NewConnector: given,
			id:           given.guid(c.manifest.UniqueName),
			name:         encodeConnector(given.Name),
			connector:    customID(given.Name, c.manifest.UniqueName),
		}
		path := named("connector", given.Name)
		c.faults.add(path+": name", given.Name, c.connectorNameFault(given.Name))
		key := n.connector.WithoutHash().Fold()
		if c.connectorsByID[key] != nil {
			c.faults.addKind(connref.ErrDuplicate, path+": name", "", "is added more than once")
		} else if c.connectorsByGUID[n.id] != nil {
			c.faults.addKind(connref.ErrDuplicate, path+": id", n.id.String(), "is that of another connector, too")
		}
		c.connectorsByID[key], c.connectorsByGUID[n.id] = n, n
		n.checkOpenAPI(path, &c.faults)
		n.checkTexts(path, &c.faults)
		n.checkParameters(path, &c.faults)
		n.checkPolicies(path, &c.faults)
		n.checkScript(path, &c.faults)
		n.checkIcon(path, &c.faults)
		c.connectors = append(c.connectors, n)
	}
	slices.SortFunc(c.connectors, func(a, b *newConnector) int { return compareRows(a.id, b.id) })
}

func (c *construction) connectorNameFault(name string) string {
	if i := strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		return "has a character that isn't printable ASCII, which no connector's name is known to have"
	}
	return cmp.Or(c.ownName(name), connref.TextFault(encodeConnector(name), maxConnectorName))
}

func (n *newConnector) checkTexts(path string, faults *buildFaults) {
	n.DisplayName = cmp.Or(n.DisplayName, n.title)
	n.IconBrandColor = cmp.Or(n.IconBrandColor, defaultBrandColor)
	faults.text(path+": display name", n.DisplayName, maxConnectorTitle)
	faults.text(path+": description", n.Description, maxConnectorText)
	digits, hash := strings.CutPrefix(n.IconBrandColor, "#")
	if !hash || len(digits) != 6 || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		faults.add(path+": icon brand color", n.IconBrandColor, "is not # and six hexadecimal digits, such as #007ee5")
	}
}

// jsonText reads a JSON text that a connector was given, and notes why it can't be.
func jsonText(path string, raw []byte, want source.Kind, faults *buildFaults) (root source.Value, ok bool) {
	doc, err := source.ParseJSON(source.NewFile("", raw), nil)
	switch {
	case err != nil:
		faults.add(path, "", "is no JSON: "+strings.TrimLeft(err.Error(), ":"))
		return source.Value{}, false
	case !json.Valid(raw):
		faults.add(path, "", "is no JSON in UTF-8 without byte order mark")
		return source.Value{}, false
	case doc.Root().Kind() != want:
		faults.add(path, "", "is "+doc.Root().Kind().String()+"; right would be "+want.String())
		return source.Value{}, false
	}
	for m := range doc.Repeated() {
		faults.add(path, "", fmt.Sprintf("has member %q more than once in one object", m.Name()))
	}
	return doc.Root(), true
}

// checkOpenAPI reads the operations.
func (n *newConnector) checkOpenAPI(path string, faults *buildFaults) {
	path += ": OpenAPI"
	n.operations = map[string]bool{}
	if len(n.OpenAPI) == 0 {
		faults.add(path, "", "is missing; right would be an OpenAPI 2.0 document")
		return
	}
	root, ok := jsonText(path, n.OpenAPI, source.Object, faults)
	if !ok {
		return
	}
	if version := root.Get("swagger").Text(); version != "2.0" {
		faults.add(path+": swagger", cmp.Or(version, root.Get("openapi").Text()), `is not "2.0", the only version that `+
			"custom connectors can have")
	}
	if n.title = root.Get("info", "title").Text(); n.title == "" {
		faults.add(path+": info.title", "", "is missing")
	}
	paths := root.Get("paths")
	if paths.Kind() != source.Object {
		faults.add(path+": paths", "", "is "+paths.Kind().String()+"; right would be an object of paths")
	}
	for m := range paths.Members() {
		if !strings.HasPrefix(m.Name(), "/") {
			faults.add(path+": path", m.Name(), "doesn't begin with a slash")
		}
		n.checkPath(path, m, faults)
	}
}

// methods are the members of a path that are operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch"}

func (n *newConnector) checkPath(path string, item source.Member, faults *buildFaults) {
	for m := range item.Value.Members() {
		if !slices.Contains(methods, m.Name()) {
			continue
		}
		at := path + ": " + m.Name() + " " + item.Name() + ": operationId"
		switch id := m.Value.Get("operationId").Text(); {
		case id == "":
			faults.add(at, "", "is missing; flows name operations by it")
		case n.operations[id]:
			faults.addKind(connref.ErrDuplicate, at, id, "is that of another operation, too")
		default:
			n.operations[id] = true
		}
	}
}

func (n *newConnector) checkParameters(path string, faults *buildFaults) {
	if len(n.Parameters) == 0 {
		n.Parameters = json.RawMessage("{}")
	}
	at := path + ": parameters"
	if root, ok := jsonText(at, n.Parameters, source.Object, faults); ok {
		checkParameterTypes(at, root, faults)
		checkSecrets(at, root, faults)
	}
	if len(n.ParameterSets) == 0 {
		return
	}
	at = path + ": parameter sets"
	root, ok := jsonText(at, n.ParameterSets, source.Object, faults)
	if !ok {
		return
	}
	if values := root.Get("values"); values.Kind() != source.Array {
		faults.add(at+": values", "", "is "+values.Kind().String()+"; right would be an array of sets, each with a name")
	}
	for set := range root.Get("values").Elements() {
		name := set.Get("name").Text()
		if name == "" {
			faults.add(at, "", "has a set without a name")
		}
		checkParameterTypes(named(at+": set", name), set.Get("parameters"), faults)
	}
	checkSecrets(at, root, faults)
}

func checkParameterTypes(path string, parameters source.Value, faults *buildFaults) {
	for m := range parameters.Members() {
		if m.Value.Get("type").Text() == "" {
			faults.add(path+": "+m.Name()+": type", "", "is missing; right would be such as securestring or oauthSetting")
		}
	}
}

// checkSecrets refuses client secrets and values of secure parameters, which exports don't have either. It doesn't tell
// them.
func checkSecrets(path string, v source.Value, faults *buildFaults) {
	secure := strings.HasPrefix(connref.Fold(v.Get("type").Text()), "secure")
	for m := range v.Members() {
		secret := connref.EqualFold(m.Name(), "clientSecret") || secure && connref.EqualFold(m.Name(), "defaultValue")
		if secret && m.Value.Kind() != source.Null && m.Value.Raw() != `""` {
			faults.add(path+": "+m.Name(), "", "holds a secret: no credential can be held; it is entered in the environment")
		}
		checkSecrets(path, m.Value, faults)
	}
	for e := range v.Elements() {
		checkSecrets(path, e, faults)
	}
}

func (n *newConnector) checkPolicies(path string, faults *buildFaults) {
	if len(n.Policies) == 0 {
		n.Policies = json.RawMessage("null")
		return
	}
	at := path + ": policies"
	root, ok := jsonText(at, n.Policies, source.Array, faults)
	if !ok {
		return
	}
	for policy := range root.Elements() {
		found := false
		for m := range policy.Members() { // exports spell it in both ways
			found = found || connref.EqualFold(m.Name(), "templateId") && m.Value.Text() != ""
		}
		if !found {
			faults.add(at, "", "has a policy without a templateId")
		}
	}
}

func (n *newConnector) checkScript(path string, faults *buildFaults) {
	faults.add(path+": script", "", connref.TextFault(n.Script, len(n.Script)))
	if n.Script == "" && len(n.ScriptOperations) > 0 {
		faults.add(path+": script operations", "", "are given without a script")
	}
	for _, id := range n.ScriptOperations {
		if !n.operations[id] {
			faults.addKind(connref.ErrNotFound, path+": script operations", id, "is no operationId of its OpenAPI document")
		}
	}
}

func (n *newConnector) checkIcon(path string, faults *buildFaults) {
	switch {
	case len(n.Icon) == 0:
		n.Icon, n.icon = []byte(plainIcon), "Png"
	case bytes.HasPrefix(n.Icon, []byte("\x89PNG\r\n\x1a\n")):
		n.icon = "Png"
	case bytes.HasPrefix(n.Icon, []byte("\xff\xd8\xff")):
		n.icon = "Jpeg"
	default:
		faults.add(path+": icon", "", "is neither a PNG nor a JPEG picture")
	}
}

// connectorPart is a file of a connector: the element that names it, the end of its name, and what it holds.
type connectorPart struct {
	tag, end string
	raw      []byte
}

// parts are the connector's files in the order of their elements.
func (n *newConnector) parts() []connectorPart {
	parts := []connectorPart{
		{"openapidefinition", "openapidefinition.json", compactJSON(n.OpenAPI)},
		{"connectionparameters", "connectionparameters.json", compactJSON(n.Parameters)},
	}
	if len(n.ParameterSets) > 0 {
		parts = append(parts, connectorPart{
			"connectionparametersets", "connectionparametersets.json", compactJSON(n.ParameterSets),
		})
	}
	parts = append(parts, connectorPart{
		"policytemplateinstances", "policytemplateinstances.json", compactJSON(n.Policies),
	})
	if n.Script != "" {
		parts = append(parts, connectorPart{"customcodeblobcontent", "customcodeblobcontent.csx", []byte(n.Script)})
	}
	return append(parts, connectorPart{"iconblob", "iconblob." + n.icon, bytes.Clone(n.Icon)})
}

// compactJSON is a JSON text, which was checked, without white space.
func compactJSON(raw json.RawMessage) []byte {
	var b bytes.Buffer
	_ = json.Compact(&b, raw)
	return b.Bytes()
}

// element is the connector's entry. The files in it are named as in an archive in every layout.
func (n *newConnector) element() source.NewElement {
	e := element("Connector", text("connectorid", n.id.String()))
	if n.Description != "" {
		e.Children = append(e.Children, text("description", n.Description))
	}
	e.Children = append(e.Children,
		text("displayname", n.DisplayName),
		text("iconbrandcolor", n.IconBrandColor),
		text("name", n.name),
		text("connectortype", "1"),
	)
	if len(n.ScriptOperations) > 0 {
		quoted := make([]string, len(n.ScriptOperations))
		for i, id := range n.ScriptOperations {
			quoted[i] = source.QuoteJSON(id)
		}
		e.Children = append(e.Children, text("scriptoperations", "["+strings.Join(quoted, ",")+"]"))
	}
	for _, part := range n.parts() {
		e.Children = append(e.Children, text(part.tag, "/Connector/"+n.name+"_"+part.end))
	}
	return e
}

// plainIcon is a picture of one white pixel.
const plainIcon = "\x89PNG\r\n\x1a\n" +
	"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU" +
	"\x00\x00\x00\nIDATx\xdac\xf8\x0f\x00\x01\x01\x01\x00\x1c\xb0\x8c\x99" +
	"\x00\x00\x00\x00IEND\xaeB`\x82"
