package rules

import (
	"context"
	"strings"
	"unicode"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution/lint"
)

var literalSecret = &lint.Rule{
	ID: "CR118", Name: "literal-secret", Family: "flow", Severity: diag.Warning, Scope: lint.ScopeFlow, Sensitive: true,
	Doc: "An operation has a credential written into it\n\n" +
		"A parameter, header, query, part of a body or variable that is named like a credential (password, " +
		"client_secret, apikey, Authorization and the like) has a text as its value and no expression; or an HTTP " +
		"action signs in with one. Several words are taken for prose and letters alone for the value of a choice, " +
		"and nothing is said of less than six characters. Everybody who can read the solution, the flow or its run " +
		"history can read it, and it is the same in every environment. Whether it is a real one isn't known, and its " +
		"value is never told.",
	Mend: "Keep credentials in the connection of a connector, or take them from an environment variable of type " +
		"Secret; and change those that have been in a file.",
	Sources: []string{
		"MicrosoftDocs: coding guidelines of Power Automate", "a reference holds no credentials, and neither should a flow",
	},
	Run: func(_ context.Context, p *lint.Pass) error {
		for op := range p.Flow.Operations() {
			s := secretSearch{pass: p, op: op}
			inputs := p.Flow.Body(op).Get("inputs")
			switch {
			case isOfKind(op.Type, "Http"), isOpenAPI(op), isLegacy(op):
				s.inputs(inputs)
			case isAnyOf(op.Type, "SetVariable"):
				s.variable(inputs)
			case isAnyOf(op.Type, "InitializeVariable"):
				for v := range inputs.Get("variables").Elements() {
					s.variable(v)
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

// inputs looks into what a connector or an HTTP action is given.
func (s secretSearch) inputs(v source.Value) {
	for m := range v.Members() {
		switch m.Name() {
		case "host":
		case "authentication":
			s.identity(m.Value)
		default:
			s.value(m.Value)
		}
	}
}

// variable looks at what a variable is set to.
func (s secretSearch) variable(v source.Value) {
	name, value := v.Get("name").Text(), v.Get("value")
	if isCredential(name) && isSecret(value.Text()) {
		s.report("variable "+name, value)
	} else {
		s.value(value)
	}
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
			if isSecret(m.Value.Text()) && isCredential(m.Name()) {
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

// minSecret is how many bytes a credential has at least.
const minSecret = 6

// isSecret tells whether a text may be a credential that somebody wrote: one word, or two where the first says how to
// sign in, and not letters alone, as the values of a choice and names in a vault are.
func isSecret(text string) bool {
	words := strings.Fields(text)
	if len(words) == 2 && isAnyOf(words[0], "bearer", "basic", "token", "apikey", "sharedkey") {
		words = words[1:]
	}
	return len(words) == 1 && len(words[0]) >= minSecret && isLiteral(text) &&
		strings.ContainsFunc(words[0], func(c rune) bool { return !unicode.IsLetter(c) })
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

// credentialsIn are the names of credentials that a text gives a value as forms, addresses and connection strings do:
// name=value, with ampersands or semicolons in between.
func credentialsIn(text string) (names []string) {
	if isExpression(text) || !strings.Contains(text, "=") {
		return nil
	}
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune("&?;\t\r\n\"'", c) }) {
		before, value, _ := strings.Cut(part, "=")
		if !isSecret(value) || strings.HasPrefix(value, "<") {
			continue
		}
		name := before[strings.LastIndexByte(before, ' ')+1:]
		if name == "sig" || isCredential(name) {
			names = append(names, name)
		}
	}
	return names
}
