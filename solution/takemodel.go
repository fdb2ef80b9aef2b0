package solution

import (
	"cmp"
	"maps"
	"slices"

	"github.com/connref/connref/connref/diag"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// takeModel takes the model of the solution before over, but for flows whose texts were edited: that is what most changes
// are, and nothing else can be another by them. It answers false, and takes nothing, where more can: then the model has
// to be read.
func (s *Solution) takeModel(before *Solution, changes []source.Change, entries []entry) bool {
	if s.Layout() == LayoutFlowPackage {
		return false // its flows have their names in their texts
	}
	flows, parsedFlows := slices.Clone(before.flows), maps.Clone(before.parsed.flows)
	problems := slices.Clone(before.problems)
	for _, change := range changes {
		i, isFlow := before.flowIn(change.File)
		file := s.texts[change.File]
		if !change.OfText() || !isFlow || flows[i].Category != CategoryCloudFlow {
			return false
		}
		var p parsedFlow
		if p.flow, p.problems = flow.Parse(file, s.opts.source()); !p.flow.IsFlow() {
			return false
		}
		old := parsedFlows[flows[i].File()].problems
		problems = slices.DeleteFunc(problems, func(d diag.Diagnostic) bool {
			return slices.ContainsFunc(old, func(was diag.Diagnostic) bool { return d.Rule == was.Rule && d.At == was.At })
		})
		for _, d := range p.problems {
			problems = append(problems, s.told(d))
		}
		delete(parsedFlows, flows[i].File())
		parsedFlows[file] = p
		flows[i] = &Flow{Workflow: flows[i].Workflow, Flow: p.flow}
	}
	if max(len(problems), len(before.problems)) > diag.MaxOfRule {
		return false // of a rule only so many are told
	}
	problems.Sort()
	s.manifest, s.references, s.workflows = before.manifest, before.references, before.workflows
	s.apps, s.agents, s.connectors = before.apps, before.agents, before.connectors
	s.variables, s.dataflows = before.variables, before.dataflows
	s.declared, s.external, s.mentions = before.declared, before.external, before.mentions
	s.flows, s.problems = flows, problems
	s.entries, s.index = entries, before.index
	s.parsed = parsed{xml: before.parsed.xml, flows: parsedFlows, data: before.parsed.data}
	return true
}

// flowIn answers the index of the flow whose definition a file holds, and whether it holds one.
func (s *Solution) flowIn(file string) (int, bool) {
	return slices.BinarySearchFunc(s.flows, file, func(f *Flow, name string) int { return cmp.Compare(f.FileName, name) })
}
