package solution

import "github.com/connref/connref/connref/source"

// Dataflow is a dataflow. That it is there is all that is read of it: its connections stand in text of their own, which
// names no connection reference in any file seen.
type Dataflow struct {
	Name string
	At   source.Location
}

// dataflow reads a <msdyn_dataflow> in customizations.xml.
func (r *reader) dataflow(e source.Element) {
	r.sol.dataflows = append(r.sol.dataflows, Dataflow{Name: e.Child("msdyn_name").Trimmed(), At: e.At()})
}
