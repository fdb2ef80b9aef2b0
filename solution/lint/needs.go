package lint

import "strings"

// Needs is a set of what an Input may lack.
type Needs uint8

// What rules may need.
const (
	NeedsOld         Needs = 1 << iota // Input.Old: the solutions before a change
	NeedsComplete                      // Input.Complete: there is nothing else that could use the references
	NeedsPolicy                        // Input.Policy: what the team wants
	NeedsEnvironment                   // Input.Environments: what target environments have
	NeedsSettings                      // Input.Settings: deployment settings files
	allNeeds         = 1<<iota - 1
)

// needs are the needs in the order of their bits.
var needs = [...]struct {
	word, lack string
	isMet      func(Input) bool
}{
	{"old version", "no old version of the solutions was given to compare with",
		func(in Input) bool { return in.Old != nil }},
	{"complete set", "the set is not declared to be complete, so that something else may use what it holds",
		func(in Input) bool { return in.Complete }},
	{"policy", "no policy was given",
		func(in Input) bool { return in.Policy != nil }},
	{"environment", "nothing is known of an environment",
		func(in Input) bool { return len(in.Environments) > 0 }},
	{"settings", "no deployment settings were given",
		func(in Input) bool { return len(in.Settings) > 0 }},
}

// String answers what is needed, as in "old version, policy"; "" for nothing.
func (n Needs) String() string {
	var words []string
	for i, need := range needs {
		if n&(1<<i) != 0 {
			words = append(words, need.word)
		}
	}
	return strings.Join(words, ", ")
}

// lack says what of it isn't there; "" if all is.
func (n Needs) lack(there Needs) string {
	var reasons []string
	for i, need := range needs {
		if n&^there&(1<<i) != 0 {
			reasons = append(reasons, need.lack)
		}
	}
	return strings.Join(reasons, "; ")
}
