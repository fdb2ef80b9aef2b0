package refactor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/flow"
	"github.com/connref/connref/solution"
)

// Direct is a direct binding of a solution's flow: one that names no reference, so that an import can't ask for its
// connection.
type Direct struct {
	Solution *solution.Solution
	Flow     *solution.Flow
	Binding  flow.Binding
	// Nth counts the flow's direct bindings of one connector, from 1: two of one flow mostly are two connections.
	Nth int
}

// Choice answers the reference that a direct binding is to use: one that is declared, by its name alone, or a new one
// to declare. The zero Reference leaves the binding as it is.
type Choice func(Direct) connref.Reference

// PerConnector is the choice of one reference for each connector, named prefix_connector, as in contoso_office365; for
// a second direct binding of a connector in one flow it is contoso_office365_2. A prefix that ends in an underscore
// gets no other, and one that the name of a custom connector begins with isn't repeated. References that are there
// under these names are used.
func PerConnector(prefix string) Choice {
	prefix = strings.TrimSuffix(prefix, "_") + "_"
	return func(b Direct) connref.Reference {
		id := b.Binding.Connector.WithoutHash()
		name := plain(strings.TrimPrefix(string(id.Fold()), "shared_"))
		name = prefix + strings.TrimPrefix(name, connref.Fold(prefix))
		label := decoded(strings.TrimPrefix(id.Name(), "shared_"))
		if b.Nth > 1 {
			name, label = name+"_"+strconv.Itoa(b.Nth), label+" "+strconv.Itoa(b.Nth)
		}
		return connref.Reference{
			LogicalName: connref.LogicalName(name), DisplayName: label, Connector: b.Binding.Connector,
		}
	}
}

// plain is a connector's name without what a logical name can't have.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if connref.LogicalName(string(r)).Validate() != nil {
			return '_'
		}
		return r
	}, decoded(name))
}

// decoded is a connector's name without the encoding of underscores and spaces, which the names of custom ones have.
func decoded(name string) string { return strings.NewReplacer("-5f", "_", "-20", " ").Replace(name) }

// Externalise plans to give direct bindings of solution flows a reference, which is declared in the flow's solution
// unless it or another one has it. Flow packages have no references and are passed over.
//
// It refuses a choice that isn't valid, one that is for another connector than the binding, a binding without a
// connector, and a custom connector whose row no file names.
func Externalise(in Input, choose Choice) (*Plan, error) {
	if choose == nil {
		return nil, fmt.Errorf("externalise without a choice of references, such as PerConnector: %w", connref.ErrInvalid)
	}
	d := in.draft()
	for _, sol := range d.Solutions {
		if sol.Layout() == solution.LayoutFlowPackage {
			continue
		}
		for f := range sol.Flows() {
			if err := d.externalise(sol, f, choose); err != nil {
				return nil, err
			}
		}
	}
	return d.finish()
}

func (d *draft) externalise(sol *solution.Solution, f *solution.Flow, choose Choice) error {
	keys := map[string]connref.LogicalName{}
	nth := map[connref.ConnectorID]int{}
	for b := range f.Bindings() {
		if !b.Direct() {
			continue
		}
		nth[b.Connector.Fold()]++
		ref := choose(Direct{sol, f, b, nth[b.Connector.Fold()]})
		if ref.LogicalName.IsZero() {
			continue
		}
		if name := d.makeAvailable(sol, f, b, ref); !name.IsZero() {
			keys[b.Key] = name
			d.step(noteAt(sol, b.At,
				fmt.Sprintf("bind %s of flow %s to %s instead of a connection of its own", b.Key, f.Name, name)))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	change, err := f.Rebind(keys)
	d.change(sol, change)
	return err
}

// makeAvailable makes a solution have the reference that a direct binding is to use, and answers its name as it is
// declared; "" if the solution can't have it.
func (d *draft) makeAvailable(
	sol *solution.Solution, f *solution.Flow, b flow.Binding, ref connref.Reference,
) connref.LogicalName {
	refuse := func(format string, args ...any) connref.LogicalName {
		what := fmt.Sprintf("bind %s of flow %s to %s: ", b.Key, f.Name, ref.LogicalName)
		d.plan.Refusals = append(d.plan.Refusals, noteAt(sol, b.At, what+fmt.Sprintf(format, args...)))
		return ""
	}
	if b.Connector.IsZero() {
		return refuse("its connector is not known: api.name is missing")
	}
	for _, have := range d.edits[sol].Declare {
		if have.LogicalName.Equal(ref.LogicalName) {
			if !have.Connector.Same(b.Connector) {
				return refuse("that is to be declared for %s, not %s", have.Connector.Name(), b.Connector.Name())
			}
			return have.LogicalName
		}
	}
	if known, err := d.Graph.Reference(ref.LogicalName); err == nil {
		for _, c := range known.Connectors() {
			if !c.ID.Same(b.Connector) {
				return refuse("that is for %s, not %s", c.ID.Name(), b.Connector.Name())
			}
		}
		if missing := d.dependenciesOn(known, sol); missing.can() {
			missing.add(solution.DependentFlow(f.Workflow))
			return known.Name
		}
	}
	if ref.Connector.IsZero() {
		ref.Connector = b.Connector
	}
	if !ref.Connector.Same(b.Connector) {
		return refuse("that is for %s, not %s", ref.Connector.Name(), b.Connector.Name())
	}
	if ref.Connector.Custom() && ref.CustomConnector.IsZero() {
		if ref.CustomConnector = rowOf(sol, b); ref.CustomConnector.IsZero() {
			return refuse("its custom connector %s is not in the solution, so that its id is not known", b.Connector.Name())
		}
	}
	if !d.declare(sol, ref) {
		return ""
	}
	d.wantSettings(ref.LogicalName)
	return ref.LogicalName
}

// rowOf is the row of the custom connector that a binding is for; zero if the solution doesn't bring it.
func rowOf(sol *solution.Solution, b flow.Binding) connref.GUID {
	for c := range sol.Connectors() {
		encoded := connref.ConnectorID("shared_" + connref.Fold(strings.ReplaceAll(c.Name, "_", "-")))
		if connref.EqualFold(c.Name, b.ConnectorName) || b.Connector.WithoutHash().Equal(encoded) {
			return c.ID
		}
	}
	return connref.GUID{}
}
