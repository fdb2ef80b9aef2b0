package connref

import (
	"cmp"
	"errors"
	"iter"
	"slices"
)

// Catalogue holds what is known of connectors, as the user's exports, inventories or policy give it. It can't be
// changed and is safe for concurrent use. A nil Catalogue knows no connector.
type Catalogue struct {
	connectors []Connector         // sorted by folded id
	byName     map[ConnectorID]int // folded id
	byBareName map[ConnectorID]int // folded id of custom connectors without the environment's hash; -1 if several
}

// NewCatalogue makes a catalogue of the connectors. It refuses invalid ones, and two with the same id, which is an
// ErrDuplicate; it joins a *FieldError for each fault.
func NewCatalogue(connectors ...Connector) (*Catalogue, error) {
	c := &Catalogue{
		connectors: slices.SortedStableFunc(slices.Values(connectors), func(a, b Connector) int {
			return cmp.Compare(a.ID.Fold(), b.ID.Fold())
		}),
		byName:     make(map[ConnectorID]int, len(connectors)),
		byBareName: map[ConnectorID]int{},
	}
	var faults []error
	for i, connector := range c.connectors {
		if err := connector.Validate(); err != nil {
			faults = append(faults, err)
			continue
		}
		name := connector.ID.Fold()
		if _, ok := c.byName[name]; ok {
			faults = append(faults, &FieldError{
				Field: "connector", Value: string(connector.ID), Reason: "is in the catalogue twice; right would be once",
				Err: ErrDuplicate, At: connector.At,
			})
			continue
		}
		c.byName[name] = i
		if !connector.ID.Custom() {
			continue
		}
		bare := connector.ID.WithoutHash().Fold()
		if _, ok := c.byBareName[bare]; ok {
			i = -1
		}
		c.byBareName[bare] = i
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return c, nil
}

// Lookup finds a connector by either spelling of its id. A custom connector is also found by its id in another
// environment, unless the catalogue has several that differ in nothing but the environment.
func (c *Catalogue) Lookup(id ConnectorID) (Connector, bool) {
	if c == nil {
		return Connector{}, false
	}
	i, ok := c.byName[id.Fold()]
	if !ok {
		i, ok = c.byBareName[id.WithoutHash().Fold()]
	}
	if !ok || i < 0 {
		return Connector{}, false
	}
	return c.connectors[i], true
}

// All answers every connector, sorted by name without regard to case.
func (c *Catalogue) All() iter.Seq[Connector] {
	if c == nil {
		return func(func(Connector) bool) {}
	}
	return slices.Values(c.connectors)
}
