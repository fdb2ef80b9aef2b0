package flow

import "github.com/connref/connref/connref/source"

// Variable is an environment variable as a flow names it: definition.parameters holds a parameter with
// metadata.schemaName.
type Variable struct {
	Parameter  string // the parameter's name, "Site (contoso_Site)" or just "Site"
	SchemaName string // the variable's schema name, which is what counts
	Type       string // String, Bool, Int, Float, Object, as written
	At         source.Location
}
