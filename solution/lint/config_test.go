package lint_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/solution/lint"
)

func TestConfig(t *testing.T) {
	all := config(everyKey, everyReference, everyShare)
	with := func(change func(*lint.Config)) lint.Config {
		c := all
		change(&c)
		return c
	}
	for name, test := range map[string]struct {
		config lint.Config
		want   []string // "RULE severity", each once
	}{
		"all":             {all, []string{"T101 warning", "T201 info", "T202 error"}},
		"only an id":      {with(func(c *lint.Config) { c.Only = []string{"t201"} }), []string{"T201 info"}},
		"only a name":     {with(func(c *lint.Config) { c.Only = []string{"every-key"} }), []string{"T101 warning"}},
		"only a family":   {with(func(c *lint.Config) { c.Only = []string{"reference"} }), []string{"T201 info", "T202 error"}},
		"only a range":    {with(func(c *lint.Config) { c.Only = []string{"T2xx"} }), []string{"T201 info", "T202 error"}},
		"except a family": {with(func(c *lint.Config) { c.Except = []string{"reference"} }), []string{"T101 warning"}},
		"only and except": {with(func(c *lint.Config) {
			c.Only, c.Except = []string{"T2xx"}, []string{"T202"}
		}), []string{"T201 info"}},
		"minimum": {with(func(c *lint.Config) { c.MinSeverity = diag.Warning }), []string{"T101 warning", "T202 error"}},
		"severities": {with(func(c *lint.Config) {
			c.Severities = map[string]diag.Severity{"T2xx": diag.Warning, "every-share": diag.Info, "flow": diag.Error}
		}), []string{"T101 error", "T201 warning", "T202 info"}},
		"a raised severity passes the minimum": {with(func(c *lint.Config) {
			c.Severities, c.MinSeverity = map[string]diag.Severity{"T201": diag.Error}, diag.Error
		}), []string{"T201 error", "T202 error"}},
		"a file is left out": {with(func(c *lint.Config) {
			c.Exclusions = []lint.Exclusion{{File: "workflows/daily*"}, {File: "Workflows/Weekly*", Rules: []string{"T2xx"}}}
		}), []string{"T101 warning", "T201 info", "T202 error"}},
		"a solution is left out": {with(func(c *lint.Config) {
			c.Exclusions = []lint.Exclusion{{Solution: "ord*", Rules: []string{"reference"}}}
		}), []string{"T101 warning"}},
		"all is left out": {with(func(c *lint.Config) { c.Exclusions = []lint.Exclusion{{Solution: "Orders"}} }), nil},
	} {
		var got []string
		for _, d := range run(t, input(build(t, "Orders", "Daily", "Weekly")), test.config).Findings {
			line := d.Rule + " " + d.Severity.String()
			if len(got) == 0 || got[len(got)-1] != line {
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(test.want, unique(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, text := range list {
		if !seen[text] {
			seen[text], out = true, append(out, text)
		}
	}
	return out
}

func TestConfigFaults(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*lint.Config)
		want   string
	}{
		"no rules":     {func(c *lint.Config) { c.Rules = nil }, "has no rules"},
		"only":         {func(c *lint.Config) { c.Only = []string{"CR999"} }, `only: "CR999" is no rule's`},
		"except":       {func(c *lint.Config) { c.Except = []string{"typo"} }, `except: "typo" is no rule's`},
		"nothing left": {func(c *lint.Config) { c.Except = []string{"T101"} }, "leave no rule"},
		"severity": {func(c *lint.Config) {
			c.Severities = map[string]diag.Severity{"T101": 0}
		}, "severity of T101: severity(0)"},
		"severity of what": {func(c *lint.Config) {
			c.Severities = map[string]diag.Severity{"T999": diag.Error}
		}, `severities: "T999"`},
		"two severities": {func(c *lint.Config) {
			c.Severities = map[string]diag.Severity{"T101": diag.Error, "every-key": diag.Info}
		}, "T101 every-key is to be error and, for every-key, info"},
		"minimum": {func(c *lint.Config) { c.MinSeverity = 9 }, "minimum severity(9)"},
		"pattern": {func(c *lint.Config) { c.Exclusions = []lint.Exclusion{{File: "["}} }, "syntax error in pattern"},
		"no pattern": {func(c *lint.Config) {
			c.Exclusions = []lint.Exclusion{{Rules: []string{"T101"}}}
		}, "exclusion 1: no pattern"},
		"excluded rule": {func(c *lint.Config) {
			c.Exclusions = []lint.Exclusion{{File: "*", Rules: []string{"T7"}}}
		}, `exclusion 1: "T7"`},
	} {
		c := config(everyKey)
		test.change(&c)
		_, err := lint.Run(context.Background(), input(build(t, "Orders")), c)
		if !errors.Is(err, connref.ErrInvalid) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: err = %v, want ErrInvalid with %q", name, err, test.want)
		}
	}
}

// A rule that isn't run is not called, and doesn't make the graph.
func TestUnrunRules(t *testing.T) {
	never := failing("never", func(context.Context, *lint.Pass) error { panic("it runs") })
	c := config(everyReference, never, everyShare)
	c.Only = []string{"every-reference"}
	in := input(build(t, "Orders", "Daily"))
	if result := run(t, in, c); len(result.Broken) > 0 {
		t.Errorf("broken: %v", result.Broken)
	}
	alone := testing.AllocsPerRun(20, func() { run(t, in, config(everyReference)) })
	graph := testing.AllocsPerRun(20, func() { run(t, in, config(everyShare)) })
	chosen := testing.AllocsPerRun(20, func() { run(t, in, c) })
	if chosen-alone > (graph-alone)/2 {
		t.Errorf("one chosen rule of three allocates %v times, alone %v, one that makes the graph %v", chosen, alone, graph)
	}
}

func TestPolicy(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":       {`{}`, ""},
		"whole":       {`{"profile": "common-solution", "commonSolution": "Common", "maxFlowsPerReference": 3}`, ""},
		"no json":     {`{`, "unexpected EOF"},
		"two":         {`{} {}`, "something follows"},
		"unknown":     {`{"profil": "x"}`, "unknown field"},
		"profile":     {`{"profile": "mine"}`, `profile "mine": expected common-solution, per-solution`},
		"which":       {`{"profile": "common-solution"}`, "commonSolution has to name"},
		"flows":       {`{"maxFlowsPerReference": -1}`, "maxFlowsPerReference -1"},
		"references":  {`{"maxReferencesPerFlow": -1}`, "maxReferencesPerFlow -1"},
		"a caller's":  {`{"callerConnectors": ["two words"]}`, "callerConnectors[0]"},
		"duplicates":  {`{"allowDuplicates": ["a/b"]}`, "allowDuplicates[0]"},
		"foreign":     {`{"allowForeign": ["contoso_mail", " "]}`, "allowForeign[1]"},
		"operation":   {`{"connectors": [{"id": "shared_sql", "operations": [{}]}]}`, "connectors[0]: an operation has no id"},
		"a connector": {`{"connectors": [{"id": ""}]}`, "connectors[0]"},
	} {
		_, err := lint.ReadPolicy(strings.NewReader(test.text))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && (!errors.Is(err, connref.ErrInvalid) || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: err = %v, want ErrInvalid with %q", name, err, test.want)
		}
	}
	in := input(build(t, "Orders"))
	in.Policy = &lint.Policy{Profile: "mine"}
	if _, err := lint.Run(context.Background(), in, config(everyKey)); !errors.Is(err, connref.ErrInvalid) {
		t.Errorf("Run answers %v for a wrong policy, want ErrInvalid", err)
	}
}

func TestPolicyConnector(t *testing.T) {
	p := lint.Policy{Connectors: []lint.PolicyConnector{{ID: "shared_sql", Deprecated: true}}}
	if c, ok := p.Connector("/providers/Microsoft.PowerApps/apis/Shared_SQL"); !ok || !c.Deprecated {
		t.Errorf("Connector answers %v, %v", c, ok)
	}
	if _, ok := p.Connector("shared_teams"); ok {
		t.Error("a connector is known that the policy doesn't list")
	}
}
