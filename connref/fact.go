package connref

// Fact is the answer to a question that the input may leave open. The zero Fact is Unknown: nothing is claimed that was
// not read.
type Fact uint8

// The three answers.
const (
	Unknown Fact = iota
	No
	Yes
)

// FactOf answers Yes for true and No for false.
func FactOf(b bool) Fact {
	if b {
		return Yes
	}
	return No
}

// String answers "unknown", "no" or "yes".
func (f Fact) String() string { return wordAt(facts, int(f)) }

var facts = []string{"unknown", "no", "yes"}
