package solution

import (
	"path"
	"strings"

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
	HasValue     bool            // the solution carries a current value
	ValueAt      source.Location // the file that holds it; zero if there is none
	// PlainDefault and PlainValue tell of a secret that its default or current value isn't where Azure Key Vault keeps one,
	// so that it may be the secret itself.
	PlainDefault, PlainValue bool
	At                       source.Location
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
			variable.PlainDefault = variable.isPlain(e.Child("defaultvalue").Text())
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
		if err := r.currentValue(&variable, path.Join(path.Dir(name), "environmentvariablevalues.json")); err != nil {
			return err
		}
		r.sol.variables = append(r.sol.variables, variable)
	}
	return nil
}

// currentValue notes whether a file of current values holds one; some have nothing but the value's id.
func (r *reader) currentValue(variable *Variable, name string) error {
	file, err := r.read(name)
	if file == nil {
		return err
	}
	doc, err := source.ParseJSON(file, r.opts.source())
	if err != nil {
		r.malformed(file, err)
		return nil
	}
	note := func(value source.Value) {
		if value.Exists() {
			variable.HasValue, variable.ValueAt = true, source.Location{File: file.Name()}
			variable.PlainValue = variable.PlainValue || variable.isPlain(value.Text())
		}
	}
	row := doc.Root().Get("environmentvariablevalues", "environmentvariablevalue")
	note(row.Get("value"))
	for v := range row.Elements() { // several values of one variable
		note(v.Get("value"))
	}
	return nil
}

// isPlain tells whether a text may be the secret that the variable stands for.
func (v Variable) isPlain(text string) bool {
	text = strings.TrimSpace(text)
	return v.Type == VariableSecret && text != "" && !keyVault.MatchString(text)
}
