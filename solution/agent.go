package solution

import (
	"iter"
	"path"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
	"github.com/connref/connref/flow"
)

// Agent is a component of a Copilot Studio agent, a topic or an action, that uses connection references or calls flows.
type Agent struct {
	// SchemaName is the bot component's, as in contoso_helper.topic.Orders; what stands before its first dot is the
	// agent.
	SchemaName string
	Uses       []AgentUse       // of connection references, each reference once
	Flows      []connref.FlowID // that it calls
}

// AgentUse is a place in which a bot component names a connection reference: a row of
// Assets/botcomponent_connectionreferenceset.xml, a line of botcomponents/<schema name>/data, or both, of which the
// first counts.
type AgentUse struct {
	Reference connref.LogicalName
	// Source is Invoker if the component's data says so wherever it names the reference: then it runs on the connection
	// of whoever talks to the agent. It is Embedded if the data anywhere says else or nothing, and "" if only the row
	// names the reference.
	Source flow.RuntimeSource
	At     source.Location // of the name
}

// agentUse is a reference and the agent that uses it, by its index.
type agentUse struct {
	agent     int
	reference connref.LogicalName // folded
}

// agent answers the index of the component of that name, which is compared as Dataverse does.
func (r *reader) agent(schemaName string) int {
	key := connref.Fold(schemaName)
	i, ok := r.agentIndex[key]
	if !ok {
		i = len(r.sol.agents)
		r.agentIndex[key] = i
		r.sol.agents = append(r.sol.agents, Agent{SchemaName: schemaName})
	}
	return i
}

// agentUse answers the use of a reference by a component, the one that is known already if there is one.
func (r *reader) agentUse(schemaName, reference string, at source.Location) *AgentUse {
	name := connref.LogicalName(reference)
	r.checkName(name.Validate(), at)
	use := agentUse{r.agent(schemaName), name.Fold()}
	agent := &r.sol.agents[use.agent]
	i, known := r.agentUses[use]
	if !known {
		i = len(agent.Uses)
		r.agentUses[use] = i
		agent.Uses = append(agent.Uses, AgentUse{Reference: name, At: at})
	}
	return &agent.Uses[i]
}

// add notes whose connection a component's data says that it runs on: Maker, Invoker or nothing.
func (u *AgentUse) add(mode string) {
	switch {
	case !strings.EqualFold(mode, "Invoker"):
		u.Source = flow.Embedded
	case u.Source == "":
		u.Source = flow.Invoker
	}
}

// The file in which agents name references, a row for each, and its root element.
const (
	agentReferences   = "Assets/" + agentReferenceSet + ".xml"
	agentReferenceSet = "botcomponent_connectionreferenceset"
)

// agents reads both files in which agents name references, and the one in which they name flows.
func (r *reader) agents() error {
	const component = "botcomponentid.schemaname"
	err := r.eachXML(agentReferences, func(e source.Element) {
		const reference = "connectionreferenceid.connectionreferencelogicalname"
		name, ref := attr(e, component), attr(e, reference)
		if name == "" || ref == "" {
			r.report(unnamedPart, e.At(), "an agent's reference lacks "+component+" or "+reference)
			return
		}
		r.agentUse(name, ref, e.AttrAt(reference))
		r.mention(Mention{MentionAgentRow, connref.LogicalName(ref), name, e.AttrAt(reference), e.At()})
	}, agentReferenceSet+"/botcomponent_connectionreference")
	if err != nil {
		return err
	}
	err = r.eachXML("Assets/botcomponent_workflowset.xml", func(e source.Element) {
		const workflow = "workflowid.workflowid"
		if name, id := attr(e, component), attr(e, workflow); name != "" && id != "" {
			agent := &r.sol.agents[r.agent(name)]
			if id := r.guid(id, e.AttrAt(workflow), "workflow"); !id.IsZero() {
				agent.Flows = append(agent.Flows, id)
			}
		}
	}, "botcomponent_workflowset/botcomponent_workflow")
	if err != nil {
		return err
	}
	for _, name := range r.matching("botcomponents/*/data") {
		file, err := r.read(name)
		switch {
		case err != nil:
			return err
		case file == nil:
		case file.Err() != nil:
			r.undecodable(file)
		default:
			schemaName := path.Base(path.Dir(name))
			for _, use := range r.dataUses(file) {
				reference, at := file.Slice(use.name), file.At(use.name)
				r.agentUse(schemaName, reference, at).add(use.mode)
				r.mention(Mention{
					Kind: MentionAgentData, Reference: connref.LogicalName(reference), Holder: schemaName, At: at,
				})
			}
		}
	}
	sortBy(r.sol.agents, func(a Agent) string { return a.SchemaName })
	return nil
}

// dataUse is a reference that a bot component's data names, and whose connection it runs on.
type dataUse struct {
	name source.Span
	mode string // as written: Maker, Invoker or nothing
}

// dataUses finds the lines "connectionReference: name" of a bot component's data, and beside each the "mode" inside of
// connectionProperties, if that follows.
func dataUses(text string) []dataUse {
	if !strings.Contains(text, "connectionReference") {
		return nil
	}
	var uses []dataUse
	indent, inProperties := -1, false // of the mapping that has the last use; -1 behind it
	for p := range dataPairs(text) {
		switch {
		case p.key == "connectionReference":
			if size, skip := scalar(p.value); size > 0 {
				start := p.at + skip
				uses = append(uses, dataUse{name: source.Span{Start: start, End: start + size}})
				indent, inProperties = p.indent, false
			}
		case p.indent < indent, p.indent == indent && p.first:
			indent = -1
		case indent >= 0 && p.indent == indent:
			inProperties = p.key == "connectionProperties"
		case indent >= 0 && inProperties && p.key == "mode":
			if size, skip := scalar(p.value); size > 0 {
				uses[len(uses)-1].mode = p.value[skip : skip+size]
			}
		}
	}
	return uses
}

// dataPair is a line "key: value" of a bot component's data.
type dataPair struct {
	key, value string
	at         int  // of the value
	indent     int  // of the key, behind the dashes of items
	first      bool // the line begins an item
}

// dataPairs yields the pairs of a bot component's data. The file is almost YAML: names may begin with an unquoted @,
// which no YAML reader takes, so lines are what it is read by. Text in block scalars, such as instructions and prompts,
// is data. Quoted text over several lines and mappings in braces aren't read: the platform writes neither.
func dataPairs(text string) iter.Seq[dataPair] {
	return func(yield func(dataPair) bool) {
		block := -1 // the indentation of the key whose block scalar we are in
		for start := 0; start < len(text); {
			end := len(text)
			if i := strings.IndexAny(text[start:], "\r\n"); i >= 0 {
				end = start + i + 1
			}
			line := strings.TrimRight(text[start:end], " \t\r\n")
			from := start
			start = end
			body := strings.TrimLeft(line, " ")
			indent, dash := len(line)-len(body), -1
			if body == "" || block >= 0 && indent > block {
				continue
			}
			block = -1
			for strings.HasPrefix(body, "- ") { // an item's first key stands behind its dash
				item := strings.TrimLeft(body[2:], " ")
				dash = indent
				indent += len(body) - len(item)
				body = item
			}
			key, value, isPair := strings.Cut(body, ":")
			isPair = isPair && (value == "" || value[0] == ' ' || value[0] == '\t')
			value = strings.TrimLeft(value, " \t")
			switch {
			case isPair && isBlockScalar(value):
				block = indent
			case dash >= 0 && isBlockScalar(body): // an item that is text, "- |"
				block = dash
			}
			key = unquoted(strings.TrimRight(key, " \t"))
			if isPair && !yield(dataPair{key, value, from + len(line) - len(value), indent, dash >= 0}) {
				return
			}
		}
	}
}

// unquoted is a key without the quotes that it may stand in.
func unquoted(key string) string {
	if n := len(key); n >= 2 && (key[0] == '"' || key[0] == '\'') && key[n-1] == key[0] {
		return key[1 : n-1]
	}
	return key
}

// isBlockScalar tells whether a value announces text on the lines below: |, >, with digits and signs.
func isBlockScalar(value string) bool {
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimRight(value[:i], " \t")
	}
	if i := strings.LastIndexByte(value, ' '); i >= 0 && (value[0] == '!' || value[0] == '&') {
		value = value[i+1:] // behind a tag or an anchor
	}
	return value != "" && (value[0] == '|' || value[0] == '>') && strings.Trim(value[1:], "+-0123456789") == ""
}

// scalar answers the length of the plain or quoted scalar that a value begins with, and what to skip before it.
func scalar(value string) (size, skip int) {
	if value == "" {
		return 0, 0
	}
	if quote := value[0]; quote == '\'' || quote == '"' {
		return strings.IndexByte(value[1:], quote), 1
	}
	if value[0] == '#' {
		return 0, 0 // a comment
	}
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimRight(value[:i], " \t")
	}
	return len(value), 0
}
