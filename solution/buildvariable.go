package solution

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// NewVariable is an environment variable to be built.
type NewVariable struct {
	// SchemaName is what flows name it by: the publisher's prefix, an underscore and letters, digits and underscores.
	SchemaName  string
	DisplayName string // none means the schema name
	Description string
	Type        VariableType
	// Default is the value where an environment has none of its own, and Value one that the solution brings along; an
	// empty one is none. As text in the way of the type: a number, yes or no, JSON. Of VariableSecret neither can be the
	// secret itself, only where it is kept:
	// /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/…/secrets/….
	Default string
	Value   string
	// Required is the column isrequired. Hardly any export sets it.
	Required bool
	// Connector and ParameterKey are of a data source, which needs both: the connector whose data it names, and what of
	// it, such as "dataset" for a SharePoint site and "table" for a list.
	Connector    connref.ConnectorID
	ParameterKey string
	// Parent is the schema name of the data source that holds this one, as a site holds a list; it must be added, too.
	Parent string
}

// How many characters the columns of the environment variable tables hold, in UTF-16 code units.
const (
	maxVariableName  = 100
	maxVariableText  = 2000
	maxParameterKey  = 1000
	maxVariableValue = 2000
)

// addVariables completes and checks the environment variables.
func (c *construction) addVariables(variables []NewVariable) {
	c.defined = make(map[string]VariableType, len(variables))
	for _, v := range variables {
		v.DisplayName = cmp.Or(v.DisplayName, v.SchemaName)
		path := named("variable", v.SchemaName)
		key := connref.Fold(v.SchemaName)
		c.faults.add(path+": schema name", v.SchemaName, c.variableNameFault(v.SchemaName))
		if _, again := c.defined[key]; again {
			c.faults.addKind(connref.ErrDuplicate, path+": schema name", "", "is added more than once")
		}
		c.defined[key] = v.Type
		c.faults.add(path+": display name", v.DisplayName, reservedName(v.DisplayName))
		c.faults.text(path+": display name", v.DisplayName, maxVariableName)
		c.faults.text(path+": description", v.Description, maxVariableText)
		c.variableValue(path+": default", v.Type, v.Default)
		c.variableValue(path+": value", v.Type, v.Value)
		if v.Type < VariableString || v.Type > VariableSecret {
			c.faults.add(path+": type", strconv.Itoa(int(v.Type)), "is none of the types of variables, such as VariableString")
		}
		c.dataSource(path, v)
		c.variables = append(c.variables, v)
	}
	parents := make(map[string]string, len(c.variables))
	for _, v := range c.variables {
		parents[connref.Fold(v.SchemaName)] = connref.Fold(v.Parent)
	}
	for _, v := range c.variables {
		if v.Type == VariableDataSource && holdsItself(connref.Fold(v.SchemaName), parents) {
			c.faults.add(named("variable", v.SchemaName)+": parent", v.Parent, "is held by the variable itself")
		}
		if v.Parent != "" && c.defined[connref.Fold(v.Parent)] != VariableDataSource {
			c.faults.addKind(connref.ErrNotFound, named("variable", v.SchemaName)+": parent", v.Parent,
				"is no data source that is added")
		}
	}
	slices.SortFunc(c.variables, func(a, b NewVariable) int { return cmp.Compare(a.SchemaName, b.SchemaName) })
}

// maxParents is how many data sources one can stand in: a table in a site, say.
const maxParents = 10

// holdsItself tells whether a data source's parents come back to it, or have no end in sight.
func holdsItself(name string, parents map[string]string) bool {
	at := parents[name]
	for range maxParents {
		if at == "" || at == name {
			return at == name && name != ""
		}
		at = parents[at]
	}
	return at != ""
}

func (c *construction) variableNameFault(name string) string {
	if name != "" && !isWord(name) {
		return cmp.Or(reservedName(name), "is not made of ASCII letters, digits and underscores")
	}
	return cmp.Or(c.ownName(name), connref.TextFault(name, maxVariableName))
}

// reservedName answers why a variable can't have a name: flows have parameters of these names for themselves.
func reservedName(name string) string {
	if connref.EqualFold(name, "$authentication") || connref.EqualFold(name, "$connection") {
		return "is reserved for parameters that every flow has"
	}
	return ""
}

// dataSource checks what only variables of that type have.
func (c *construction) dataSource(path string, v NewVariable) {
	if v.Type != VariableDataSource {
		for _, field := range []struct{ name, value string }{
			{"connector", string(v.Connector)}, {"parameter key", v.ParameterKey}, {"parent", v.Parent},
		} {
			if field.value != "" {
				c.faults.add(path+": "+field.name, field.value, "is for variables that are data sources")
			}
		}
		return
	}
	c.faults.add(path+": connector", string(v.Connector), reasonOf(v.Connector.Validate()))
	if v.ParameterKey == "" {
		c.faults.add(path+": parameter key", "", "is missing; right would be such as dataset or table")
	}
	c.faults.text(path+": parameter key", v.ParameterKey, maxParameterKey)
}

var (
	number10 = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	keyVault = regexp.MustCompile(
		`(?i)^/subscriptions/[^/\s]+/resourceGroups/[^/\s]+/providers/Microsoft\.KeyVault/vaults/[^/\s]+/secrets/[^/\s]+$`)
)

// variableValue checks a value; the messages never tell what may be a secret.
func (c *construction) variableValue(path string, kind VariableType, value string) {
	if value == "" {
		return
	}
	shown := value
	if kind == VariableSecret {
		shown = ""
	}
	reason := connref.TextFault(value, maxVariableValue)
	if reason == "" {
		reason = valueFault(kind, value)
	}
	c.faults.add(path, shown, reason)
}

func valueFault(kind VariableType, value string) string {
	switch {
	case kind == VariableNumber && !number10.MatchString(value):
		return "is no number; right would be digits, with a point before decimals"
	case kind == VariableBoolean && value != "yes" && value != "no":
		return "is neither yes nor no"
	case kind == VariableJSON && !json.Valid([]byte(value)):
		return "is no JSON"
	case kind == VariableSecret && !keyVault.MatchString(value):
		return "is not where Azure Key Vault keeps a secret, /subscriptions/…/resourceGroups/…/providers/" +
			"Microsoft.KeyVault/vaults/…/secrets/…: no credential can be held"
	}
	return ""
}

// Parameter is the variable as a flow takes it, with its default: what flow.Builder's Parameter is given. A secret's
// default is left out.
func (v NewVariable) Parameter() flow.Parameter {
	p := flow.Parameter{
		SchemaName: v.SchemaName, DisplayName: cmp.Or(v.DisplayName, v.SchemaName), Description: v.Description,
		Type: flow.StringParameter,
	}
	given := v.Default != "" && valueFault(v.Type, v.Default) == ""
	switch v.Type {
	case VariableNumber:
		p.Type = flow.IntParameter
		if strings.Contains(v.Default, ".") {
			p.Type = flow.FloatParameter
		}
		if given {
			p.Default = json.Number(v.Default)
		}
	case VariableBoolean:
		p.Type, p.Default = flow.BoolParameter, v.Default == "yes"
	case VariableJSON:
		p.Type = flow.ObjectParameter
		if given && strings.HasPrefix(strings.TrimSpace(v.Default), "{") {
			p.Default = json.RawMessage(v.Default)
		}
	case VariableString, VariableDataSource:
		p.Default = v.Default
	}
	return p
}

// element is the definition, whose children are in alphabetical order.
func (v NewVariable) element(version string) source.NewElement {
	e := source.NewElement{
		Name: "environmentvariabledefinition", Attrs: []source.Attr{{Name: "schemaname", Value: v.SchemaName}},
	}
	optional := func(name, value string) {
		if value != "" {
			e.Children = append(e.Children, text(name, value))
		}
	}
	optional("apiid", apiID(v.Connector))
	optional("defaultvalue", v.Default)
	if v.Description != "" {
		e.Children = append(e.Children, labelled("description", v.Description))
	}
	required := "0"
	if v.Required {
		required = "1"
	}
	e.Children = append(e.Children,
		labelled("displayname", v.DisplayName),
		text("introducedversion", version),
		text("iscustomizable", "1"),
		text("isrequired", required),
	)
	optional("parameterkey", v.ParameterKey)
	if v.Parent != "" {
		e.Children = append(e.Children, element("parentdefinitionid", text("schemaname", v.Parent)))
	}
	e.Children = append(e.Children,
		text("secretstore", "0"), // Azure Key Vault; exports have it of every type
		text("type", strconv.Itoa(int(v.Type))),
	)
	return e
}

// apiID is a connector as a data source names it: as written if it is a path, else with the provider in lower case, as
// nine in ten have it.
func apiID(id connref.ConnectorID) string {
	if id.IsZero() || strings.Contains(string(id), "/") {
		return string(id)
	}
	return "/providers/microsoft.powerapps/apis/" + id.Name()
}

// labelled is a text in its default language, and in each.
func labelled(name, value string) source.NewElement {
	return source.NewElement{
		Name:     name,
		Attrs:    []source.Attr{{Name: "default", Value: value}},
		Children: []source.NewElement{described("label", value)},
	}
}

// valuesJSON is the file of a variable's value. Exports give values no id since the end of 2024.
func (v NewVariable) valuesJSON() string {
	return strings.Join([]string{
		`{`,
		`  "environmentvariablevalues": {`,
		`    "environmentvariablevalue": {`,
		`      "iscustomizable": "1",`,
		`      "value": ` + source.QuoteJSON(v.Value),
		`    }`,
		`  }`,
		`}`,
	}, newline)
}
