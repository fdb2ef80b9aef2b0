package rules

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution"
	"github.com/connref/connref/solution/lint"
)

var credentialInReference = &lint.Rule{
	ID: "CR215", Name: "credential-in-reference", Family: "reference", Severity: diag.Error, Sensitive: true,
	Doc: "A reference holds what looks like a credential\n\n" +
		"A reference says which connector is needed; what a connection signs in with stays on the platform. A " +
		"password, key, token or signed address in a description, a display name or the parameters for connections " +
		"goes into version control, and to everybody who can read the solution. Only what looks like one is told: " +
		"a random value behind such a word, a JSON web token, a private key, a signature. The value is never " +
		"printed.",
	Mend:    "Take it out, and change it wherever it is in use: it is known by now.",
	Sources: []string{"practice: no credentials in references"},
	Run: func(_ context.Context, p *lint.Pass) error {
		for ref := range p.Solution.References() {
			for _, field := range []struct{ name, text string }{
				{"display name", ref.DisplayName},
				{"description", ref.Description},
				{"connection parameters", connectionParameters(p.Solution, ref)},
			} {
				if kind := credentialIn(field.text); kind != "" {
					p.Report(lint.Finding{
						At: ref.At, Subject: string(ref.LogicalName.Fold()) + " " + field.name,
						Message: fmt.Sprintf("what looks like %s is in the %s of reference %s", kind, field.name, ref.LogicalName),
					})
				}
			}
		}
		return nil
	},
}

// connectionParameters is what a declaration holds from its parameters for connections on: newer columns, which the
// model doesn't have.
func connectionParameters(sol *solution.Solution, ref connref.Reference) string {
	file, err := sol.File(ref.At.File)
	if err != nil {
		return ""
	}
	_, parameters, _ := strings.Cut(file.Slice(ref.At.Span), "<connectionparameters")
	return html.UnescapeString(parameters)
}

// credentialForms are those of texts that are credentials wherever they stand.
var credentialForms = []struct {
	kind string
	form *regexp.Regexp
}{
	{"a JSON web token", regexp.MustCompile(`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.`)},
	{"a shared access signature", regexp.MustCompile(`[?&;]sig=[\w%+/-]{16,}`)},
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"an application's secret", regexp.MustCompile(`(?:^|[^\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{31,34}`)},
	{"an access token", regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36}`)},
	{"an address with a password", regexp.MustCompile(`://[^/\s:@<{]+:[^/\s:@<{]+@`)},
}

// maxName is how many bytes in front of a value are looked at for its name.
const maxName = 40

// assignedValue is what a name is said to be: in prose, a connection string or JSON.
var assignedValue = regexp.MustCompile(`^\s*(?:\{\s*"value"\s*:\s*)?["']?([^\s"'<>;,&]+)`)

// credentialIn is the kind of credential that a text seems to hold; "" for none.
func credentialIn(text string) string {
	for _, c := range credentialForms {
		if c.form.MatchString(text) {
			return c.kind
		}
	}
	for i := range len(text) {
		if text[i] != '=' && text[i] != ':' {
			continue
		}
		if _, mayBe := ending(unnumbered(wordsOf(text[max(0, i-maxName):i]))); !mayBe {
			continue
		}
		value := assignedValue.FindStringSubmatch(text[i+1:])
		if value != nil && looksRandom(value[1], text[i] == '=') {
			return "a password or key"
		}
	}
	return ""
}

// looksRandom tells whether a text is unlike words, names of things and places to fill in. It has letters and digits;
// and if it isn't assigned but only spoken of, it has signs that names don't have too, or is long.
func looksRandom(text string, assigned bool) bool {
	text = strings.TrimRight(text, ".?)")
	for _, start := range []string{"@{", "@p", "#{", "${", "$(", "{", "%", "[", "(", "*", "/", "http:", "https:"} {
		if strings.HasPrefix(connref.Fold(text), start) {
			return false
		}
	}
	if len(text) < 8 || !strings.ContainsFunc(text, unicode.IsLetter) || !strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	_, err := connref.ParseGUID(text)
	isName := strings.ContainsAny(text, "_-.:/")
	return err == nil || strings.ContainsAny(text, "!#$%*+=?@^~|") || !isName && (assigned || len(text) >= 20)
}
