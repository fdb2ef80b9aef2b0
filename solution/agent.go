package solution

import (
	"path"
	"strings"

	"github.com/connref/connref/connref"
	"github.com/connref/connref/connref/source"
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
	At        source.Location // of the name
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

func (r *reader) agentUse(schemaName, reference string, at source.Location) {
	name := connref.LogicalName(reference)
	r.checkName(name.Validate(), at)
	use := agentUse{r.agent(schemaName), name.Fold()}
	if !r.agentUses[use] {
		r.agentUses[use] = true
		agent := &r.sol.agents[use.agent]
		agent.Uses = append(agent.Uses, AgentUse{name, at})
	}
}

// agents reads both files in which agents name references, and the one in which they name flows.
func (r *reader) agents() error {
	const component = "botcomponentid.schemaname"
	err := r.eachXML("Assets/botcomponent_connectionreferenceset.xml", func(e source.Element) {
		const reference = "connectionreferenceid.connectionreferencelogicalname"
		name, ref := attr(e, component), attr(e, reference)
		if name == "" || ref == "" {
			r.report(unnamedPart, e.At(), "an agent's reference lacks "+component+" or "+reference)
			return
		}
		r.agentUse(name, ref, e.AttrAt(reference))
	}, "botcomponent_connectionreferenceset/botcomponent_connectionreference")
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
			scanData(file.Text(), func(start, end int) {
				r.agentUse(schemaName, file.Text()[start:end], file.At(source.Span{Start: start, End: end}))
			})
		}
	}
	sortBy(r.sol.agents, func(a Agent) string { return a.SchemaName })
	return nil
}

// scanData calls found with the place of each name in a line "connectionReference: name" of a bot component's data. The
// file is almost YAML: names may begin with an unquoted @, which no YAML reader takes, so lines are what it is read by.
// Text in block scalars, such as instructions and prompts, is data. Quoted text over several lines and mappings in
// braces aren't read: the platform writes neither.
func scanData(text string, found func(start, end int)) {
	if !strings.Contains(text, "connectionReference") {
		return
	}
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
		if !isPair || value == "" || unquoted(strings.TrimRight(key, " \t")) != "connectionReference" {
			continue
		}
		at := from + len(line) - len(value)
		if size, skip := scalar(value); size > 0 {
			found(at+skip, at+skip+size)
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
