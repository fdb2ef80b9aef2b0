package solution

// State is how a binding's reference stands to the solution that the flow is in.
type State uint8

// The states of a binding, judged within its solution.
const (
	// Declared: the solution declares the reference.
	Declared State = iota + 1
	// External: the solution lists the reference among its missing dependencies; another one must bring it.
	External
	// Dangling: the solution neither declares nor lists the reference.
	Dangling
	// Direct: the binding names no reference.
	Direct
)

// String answers "declared", "external", "dangling" or "direct".
func (s State) String() string {
	switch s {
	case Declared:
		return "declared"
	case External:
		return "external"
	case Dangling:
		return "dangling"
	case Direct:
		return "direct"
	}
	return "unknown"
}
