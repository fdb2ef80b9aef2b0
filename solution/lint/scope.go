package lint

import "fmt"

// Scope is what one pass of a rule is about.
type Scope uint8

// The scopes. In every one the whole set can be looked at.
const (
	ScopeSolution Scope = iota // one solution, the default
	ScopeFlow                  // one cloud flow of a solution
	ScopeSet                   // all solutions together
)

var scopes = [...]string{"solution", "flow", "set"}

// String answers "solution", "flow" or "set".
func (s Scope) String() string {
	if int(s) >= len(scopes) {
		return fmt.Sprintf("scope(%d)", uint8(s))
	}
	return scopes[s]
}
