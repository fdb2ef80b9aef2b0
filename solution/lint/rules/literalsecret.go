package rules

import (
	"context"
	"strings"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution/lint"
)

var literalSecret = &lint.Rule{
	ID: "CR118", Name: "literal-secret", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow, Sensitive: true,
	Doc: "An operation has a credential written into it\n\n" +
		"A parameter, header, query or part of a body that is named like a credential (password, client_secret, " +
		"apikey, Authorization and the like) has a text as its value and no expression; or an HTTP action signs " +
		"in with one. Everybody who can read the solution, the flow or its run history can read it, and it is " +
		"the same in every environment. Whether it is a real one isn't known, and its value is never told.",
	Mend: "Keep credentials in the connection of a connector, or take them from an environment variable of type " +
		"Secret; and change those that have been in a file.",
	Sources: []string{
		"MicrosoftDocs: coding guidelines of Power Automate", "a reference holds no credentials, and neither should a flow",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			isHTTP := isOfKind(op.Type, "Http")
			if !isHTTP && !isOpenAPI(op) && !isLegacy(op) {
				continue
			}
			s := secretSearch{pass: p, op: op}
			for m := range p.Flow.Body(op).Get("inputs").Members() {
				switch m.Name() {
				case "host":
				case "authentication":
					s.identity(m.Value)
				default:
					s.value(m.Value)
				}
			}
		}
		return nil
	},
}

// secretSearch looks for credentials in the inputs of an operation.
type secretSearch struct {
	pass *lint.Pass
	op   *flow.Operation
}

func (s secretSearch) report(name string, v source.Value) {
	s.pass.Report(lint.Finding{At: v.At(), Subject: name,
		Message: named(s.op) + " has a literal value for " + name + ", which everybody can read who can read the flow"})
}

// identity looks into an authentication object.
func (s secretSearch) identity(v source.Value) {
	for m := range v.Members() {
		if isAnyOf(m.Name(), "password", "secret", "pfx", "value") && isLiteral(m.Value.Text()) {
			s.report("authentication."+m.Name(), m.Value)
		}
	}
}

// value looks into a value and all inside it.
func (s secretSearch) value(v source.Value) {
	switch v.Kind() {
	case source.Object:
		for m := range v.Members() {
			if isLiteral(m.Value.Text()) && isCredential(m.Name()) {
				s.report(m.Name(), m.Value)
			} else {
				s.value(m.Value)
			}
		}
	case source.Array:
		for e := range v.Elements() {
			s.value(e)
		}
	case source.String:
		for _, name := range credentialsIn(v.Text()) {
			s.report(name, v)
		}
	}
}

// isLiteral tells whether a text is a value that somebody wrote: no expression, no mark of where a value belongs, and
// none of the few words that are no credential.
func isLiteral(text string) bool {
	text = strings.TrimSpace(text)
	if text == "" || isExpression(text) || strings.Contains(text, "@{") {
		return false
	}
	for _, mark := range [][2]string{{"<", ">"}, {"{{", "}}"}, {"#{", "}#"}} {
		if strings.Contains(text, mark[0]) && strings.HasSuffix(text, mark[1]) {
			return false
		}
	}
	return !isAnyOf(text, "true", "false", "yes", "no", "none", "null", "bearer", "basic")
}

// isExpression tells whether all of a text is an expression. Two at signs are one as a text.
func isExpression(text string) bool {
	return strings.HasPrefix(text, "@") && !strings.HasPrefix(text, "@@")
}

// credentialsIn are the names of credentials that a text gives a value as forms and addresses do: name=value, with
// ampersands in between.
func credentialsIn(text string) (names []string) {
	if isExpression(text) || !strings.Contains(text, "=") {
		return nil
	}
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune("&?; \t\r\n\"'", c) }) {
		name, value, _ := strings.Cut(part, "=")
		if isLiteral(value) && !strings.HasPrefix(value, "<") && (name == "sig" || isCredential(name)) {
			names = append(names, name)
		}
	}
	return names
}
