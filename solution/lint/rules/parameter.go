package rules

import (
	"context"
	"fmt"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

// The parameters by which operations get their connections and sign in.
const (
	connections    = "$connections"
	authentication = "$authentication"
)

var missingConnections = &lint.Rule{
	ID: "CR113", Name: "missing-connections", Family: "flow", Severity: diag.Error, Scope: lint.ScopeFlow,
	Doc: "A flow that calls connectors lacks the parameter $connections\n\n" +
		"The platform hands the flow its connections in this parameter, of type Object. Without it the flow " +
		"can't be turned on: InvalidPowerFlow.",
	Mend:    "Declare the parameter, as every flow does that the designer has saved.",
	Sources: []string{"the validator of agent flows", "counted over 622 flows: none"},
	Run: func(_ context.Context, p *lint.Pass) error {
		user := firstOperation(p.Flow, func(op *flow.Operation) bool { return op.Host.Key != "" })
		parameter := definition(p.Flow).Get("parameters", connections)
		switch {
		case user == nil, strings.EqualFold(parameter.Get("type").Text(), "Object"):
		case parameter.Exists():
			m := mending{}
			m.add(parameter.Replace(parameterOf("Object")))
			p.Report(lint.Finding{At: parameter.At(), Message: "parameter $connections is not of type Object",
				Fixes: m.fixes(p.Flow.FileName, "make it an Object")})
		default:
			p.Report(undeclaredParameter(p.Flow, connections, "Object", user))
		}
		return nil
	},
}

// undeclaredParameter is what is found of a parameter that an operation needs and the flow doesn't declare.
func undeclaredParameter(f *solution.Flow, name, typ string, user *flow.Operation) lint.Finding {
	m := mending{}
	switch parameters := definition(f).Get("parameters"); parameters.Kind() {
	case source.Object:
		m.add(parameters.SetMember(name, parameterOf(typ)))
	case source.Absent, source.Null:
		m.add(definition(f).SetMember("parameters", `{`+source.QuoteJSON(name)+`:`+parameterOf(typ)+`}`))
	}
	return lint.Finding{
		At:      definition(f).At(),
		Message: fmt.Sprintf("%s needs parameter %s, which the flow doesn't declare", named(user), name),
		Fixes:   m.fixes(f.FileName, "declare "+name),
	}
}

// parameterOf is how flows declare the two parameters.
func parameterOf(typ string) string { return `{"defaultValue":{},"type":"` + typ + `"}` }

var authenticationMismatch = &lint.Rule{
	ID: "CR114", Name: "authentication-mismatch", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow,
	Doc: "How an operation signs in doesn't fit its flow\n\n" +
		"An operation whose authentication is the parameter $authentication needs a flow that declares it: that " +
		"is an error. An operation that names its key as the designer's API does can't have an authentication " +
		"beside: \"should not have the property authentication\". About the latter the sources disagree, so that " +
		"it is a warning, and nothing is said of operations in the shape of solutions.",
	Mend: "Declare the parameter, of type SecureObject; give the host the shape that solutions have, or take the " +
		"authentication away.",
	Sources: []string{
		"johnnliu/Flow-Studio-Issues#273", "rithala/power-automate-tools#2", "microsoft/power-platform-skills#433",
		"counted over 8,309 hosts: none",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		user := firstOperation(p.Flow, func(op *flow.Operation) bool { return takesAuthentication(p.Flow, op) })
		if user != nil && !definition(p.Flow).Get("parameters", authentication).Exists() {
			f := undeclaredParameter(p.Flow, authentication, "SecureObject", user)
			f.Severity = diag.Error
			p.Report(f)
		}
		for op := range p.Flow.Operations() {
			if op.Host.Form != flow.HostDesigner || op.Authentication.Kind == flow.AuthNone {
				continue
			}
			inputs := p.Flow.Body(op).Get("inputs")
			m := mending{}
			m.add(inputs.RemoveMember("authentication"))
			f := lint.Finding{At: inputs.Get("authentication").At(), Message: fmt.Sprintf(
				"%s names its key as the designer's API does, and has an authentication beside", named(op))}
			if !isPackage(p) {
				f.Fixes = hostFixes(p.Flow, op)
			}
			f.Fixes = append(f.Fixes, m.fixes(p.Flow.FileName, "take the authentication away")...)
			p.Report(f)
		}
		return nil
	},
}

// takesAuthentication tells whether an operation signs in with the parameter, in whatever spelling.
func takesAuthentication(f *solution.Flow, op *flow.Operation) bool {
	switch op.Authentication.Kind {
	case flow.AuthParameter:
		return true
	case flow.AuthExpression:
		return strings.Contains(f.Body(op).Get("inputs", "authentication").Text(), "parameters('"+authentication+"')")
	}
	return false
}
