package solution

import (
	"path"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Variable is the definition of an environment variable. Its values are not held: they may be secrets.
type Variable struct {
	SchemaName   string
	DisplayName  string
	Type         VariableType
	Connector    connref.ConnectorID // of a data source: the connector whose data it names; no reference is on disk
	ParameterKey string              // of a data source: what of the connector, as in "dataset"
	HasDefault   bool
	HasValue     bool // the solution carries a current value
	At           source.Location
}

// VariableType is the type of an environment variable, as the column type has it.
type VariableType int

// The types of environment variables.
const (
	VariableString     VariableType = 100000000
	VariableNumber     VariableType = 100000001
	VariableBoolean    VariableType = 100000002
	VariableJSON       VariableType = 100000003
	VariableDataSource VariableType = 100000004
	VariableSecret     VariableType = 100000005
)

// variables reads the definitions, environmentvariabledefinitions/<schema name>/environmentvariabledefinition.xml.
func (r *reader) variables() error {
	for _, name := range r.matching("environmentvariabledefinitions/*/environmentvariabledefinition.xml") {
		var variable Variable
		err := r.eachXML(name, func(e source.Element) {
			variable = Variable{
				SchemaName:   attr(e, "schemaname"),
				DisplayName:  attr(e.Child("displayname"), "default"),
				Type:         VariableType(number(e.Child("type"))),
				Connector:    connref.ConnectorID(e.Child("apiid").Trimmed()),
				ParameterKey: e.Child("parameterkey").Trimmed(),
				HasDefault:   e.Child("defaultvalue").Exists(),
				At:           e.At(),
			}
			if variable.SchemaName == "" {
				r.report(unnamedPart, variable.At, "an environment variable without schemaname")
			}
		}, "environmentvariabledefinition")
		if err != nil {
			return err
		}
		if variable.At.IsZero() {
			continue
		}
		values := path.Join(path.Dir(name), "environmentvariablevalues.json")
		if variable.HasValue, err = r.hasValue(values); err != nil {
			return err
		}
		r.sol.variables = append(r.sol.variables, variable)
	}
	return nil
}

// hasValue tells whether a file of current values holds one; some have nothing but the value's id.
func (r *reader) hasValue(name string) (bool, error) {
	file, err := r.read(name)
	if file == nil {
		return false, err
	}
	doc, err := source.ParseJSON(file, r.opts.source())
	if err != nil {
		r.malformed(file, err)
		return false, nil
	}
	value := doc.Root().Get("environmentvariablevalues", "environmentvariablevalue")
	for v := range value.Elements() { // several values of one variable
		if v.Get("value").Exists() {
			return true, nil
		}
	}
	return value.Get("value").Exists(), nil
}
