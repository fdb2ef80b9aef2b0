package solution

import (
	"cmp"
	"iter"
	"slices"
	"sync"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
)

// Mention is a place in which a file of the solution names a connection reference. In none of them does a logical name
// need an escape, so a name is replaced by replacing what stands at the place.
type Mention struct {
	Kind      MentionKind
	Reference connref.LogicalName // as written
	Holder    string              // the name of the flow, app or agent's component; "" for other kinds
	At        source.Location     // of the name, without quotes
	Part      source.Location     // of what the mention is in: the declaration, the dependency, the row; else At
}

// MentionKind is the kind of a Mention.
type MentionKind uint8

// The kinds of mentions, which are all the places in which exported solutions name references. A canvas app's .msapp
// file names them too where its metadata does; it isn't read.
const (
	// MentionDeclaration is a <connectionreference> of customizations.xml.
	MentionDeclaration MentionKind = iota + 1
	// MentionRequired is a missing dependency on the reference.
	MentionRequired
	// MentionDependent is a missing dependency of the reference, on a custom connector.
	MentionDependent
	// MentionBinding is a flow's binding.
	MentionBinding
	// MentionAgentRow is a row of Assets/botcomponent_connectionreferenceset.xml.
	MentionAgentRow
	// MentionAgentData is a line of botcomponents/<schema name>/data.
	MentionAgentData
	// MentionApp is an entry of a canvas app's ConnectionReferences or CdsDependencies.
	MentionApp
)

// String answers the kind in words.
func (k MentionKind) String() string {
	switch k {
	case MentionDeclaration:
		return "declaration"
	case MentionRequired:
		return "required component"
	case MentionDependent:
		return "dependent component"
	case MentionBinding:
		return "binding"
	case MentionAgentRow:
		return "agent row"
	case MentionAgentData:
		return "agent data"
	case MentionApp:
		return "app connection"
	}
	return "unknown"
}

// Mentions yields every place that names a connection reference, sorted by file and place.
func (s *Solution) Mentions() iter.Seq[Mention] {
	return func(yield func(Mention) bool) {
		all := slices.Clone(s.mentions)
		for _, f := range s.flows {
			for b := range f.Bindings() {
				if !b.Direct() {
					all = append(all, Mention{MentionBinding, b.Reference, f.Name, b.ReferenceAt, b.ReferenceAt})
				}
			}
		}
		slices.SortStableFunc(all, func(a, b Mention) int {
			return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Span.Start, b.At.Span.Start))
		})
		for _, m := range all {
			if !yield(m) {
				return
			}
		}
	}
}

// ownMentions are the mentions of a solution, to tell others from them. They are gathered once: whoever makes a change
// for each of many references would have all of them gathered for each.
type ownMentions struct {
	once     sync.Once
	mentions map[Mention]bool
	parts    map[source.Location]bool // of the mentions
}

func (s *Solution) ownMentions() *ownMentions {
	own := &s.own
	own.once.Do(func() {
		own.mentions, own.parts = map[Mention]bool{}, map[source.Location]bool{}
		for m := range s.Mentions() {
			own.mentions[m], own.parts[m.Part] = true, true
		}
	})
	return own
}

func (r *reader) mention(m Mention) {
	if m.Part.IsZero() {
		m.Part = m.At
	}
	r.sol.mentions = append(r.sol.mentions, m)
}

// mentionComponent notes the reference that a side of a missing dependency is. Its display name is mostly the logical
// name again.
func (r *reader) mentionComponent(kind MentionKind, side, dependency source.Element) {
	name := component(side).Reference()
	if name.IsZero() {
		return
	}
	for a := range side.Attrs() {
		isKey := connref.EqualFold(a.Name, referenceKey)
		if isKey || a.Name == "displayName" && connref.LogicalName(a.Value).Equal(name) {
			r.mention(Mention{Kind: kind, Reference: name, At: side.AttrAt(a.Name), Part: dependency.At()})
		}
	}
}
