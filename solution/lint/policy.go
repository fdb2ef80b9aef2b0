package lint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/connref/connref/connref"
)

// Policy is what a team wants of its connection references. Everything in it is optional. Its JSON is an object with
// members of these names; unknown members are refused.
type Policy struct {
	// Profile is how the team shares references; it sets how severe some rules are.
	Profile Profile `json:"profile,omitempty"`
	// CommonSolution is the unique name of the solution in which all references belong (CR304, CR305, CR313).
	CommonSolution string `json:"commonSolution,omitempty"`
	// MaxReferencesPerFlow is how many references a flow may use; 0 means 8 (CR119).
	MaxReferencesPerFlow int `json:"maxReferencesPerFlow,omitempty"`
	// MaxFlowsPerReference is how many flows may share a reference; 0 means 16 (CR321).
	MaxFlowsPerReference int `json:"maxFlowsPerReference,omitempty"`
	// CallerConnectors are connectors with which a flow that a person starts should act as that person
	// (CR112).
	CallerConnectors []connref.ConnectorID `json:"callerConnectors,omitempty"`
	// RequireDescription wants every reference to say what it is for, and whose connection answers (CR211).
	RequireDescription bool `json:"requireDescription,omitempty"`
	// AllowDuplicates are connectors of which a solution may have several references (CR307).
	AllowDuplicates []connref.ConnectorID `json:"allowDuplicates,omitempty"`
	// AllowForeign are references that flows of other solutions may use (CR313).
	AllowForeign []connref.LogicalName `json:"allowForeign,omitempty"`
	// Connectors are what the team knows of connectors (CR115, CR120).
	Connectors []PolicyConnector `json:"connectors,omitempty"`
}

// PolicyConnector is what a team knows of a connector.
type PolicyConnector struct {
	ID connref.ConnectorID `json:"id"`
	// Deprecated says that it is not to be used any longer.
	Deprecated bool `json:"deprecated,omitempty"`
	// Operations are all that the connector has; none if they aren't known.
	Operations []PolicyOperation `json:"operations,omitempty"`
}

// PolicyOperation is an operation of a connector.
type PolicyOperation struct {
	ID         string `json:"id"`
	Deprecated bool   `json:"deprecated,omitempty"` // or meant for the connector itself only
}

// Profile is a way of sharing references that a team has settled on. They exclude each other.
type Profile string

// The profiles. The zero Profile is none.
const (
	ProfileCommonSolution Profile = "common-solution"  // one solution holds all references
	ProfilePerSolution    Profile = "per-solution"     // every solution brings its own
	ProfilePerDeveloper   Profile = "per-developer"    // every developer has one, on one shared connection
	ProfilePerIdentity    Profile = "one-per-identity" // one for each connector and identity
)

// The limits where a policy says none.
const (
	DefaultMaxReferencesPerFlow = 8
	DefaultMaxFlowsPerReference = 16
)

// ReadPolicy reads a policy's JSON. It fails with ErrInvalid.
func ReadPolicy(r io.Reader) (*Policy, error) {
	p := &Policy{}
	if err := decode(r, "policy", p); err != nil {
		return nil, err
	}
	return p, p.Validate()
}

// decode reads one JSON value, of which it knows every member.
func decode(r io.Reader, what string, into any) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w: %w", what, err, connref.ErrInvalid)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: something follows the object: %w", what, connref.ErrInvalid)
	}
	return nil
}

// Validate tells what is wrong with the policy, all faults at once, each an ErrInvalid.
func (p *Policy) Validate() error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf("policy: "+format+": %w", append(args, connref.ErrInvalid)...))
		}
	}
	profiles := []Profile{"", ProfileCommonSolution, ProfilePerSolution, ProfilePerDeveloper, ProfilePerIdentity}
	fault(!slices.Contains(profiles, p.Profile), "profile %q: expected %s, %s, %s or %s", p.Profile,
		ProfileCommonSolution, ProfilePerSolution, ProfilePerDeveloper, ProfilePerIdentity)
	fault(p.Profile == ProfileCommonSolution && p.CommonSolution == "",
		"profile %s: commonSolution has to name the solution", p.Profile)
	fault(p.MaxReferencesPerFlow < 0, "maxReferencesPerFlow %d: expected at least 1", p.MaxReferencesPerFlow)
	fault(p.MaxFlowsPerReference < 0, "maxFlowsPerReference %d: expected at least 1", p.MaxFlowsPerReference)
	each := func(list string, i int, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("policy: %s[%d]: %w", list, i, err))
		}
	}
	for i, id := range p.CallerConnectors {
		each("callerConnectors", i, id.Validate())
	}
	for i, id := range p.AllowDuplicates {
		each("allowDuplicates", i, id.Validate())
	}
	for i, name := range p.AllowForeign {
		each("allowForeign", i, name.Validate())
	}
	for i, c := range p.Connectors {
		each("connectors", i, c.ID.Validate())
		for _, op := range c.Operations {
			fault(op.ID == "", "connectors[%d]: an operation has no id", i)
		}
	}
	return errors.Join(faults...)
}

// Connector is what the policy knows of a connector, in either spelling of its id and of whatever environment.
func (p *Policy) Connector(id connref.ConnectorID) (PolicyConnector, bool) {
	i := slices.IndexFunc(p.Connectors, func(c PolicyConnector) bool { return c.ID.Same(id) })
	if i < 0 {
		return PolicyConnector{}, false
	}
	return p.Connectors[i], true
}
