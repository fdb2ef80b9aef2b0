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

// agent answers the component of that name, which is compared as Dataverse does.
func (r *reader) agent(schemaName string) *Agent {
	key := connref.Fold(schemaName)
	i, ok := r.agentIndex[key]
	if !ok {
		i = len(r.sol.agents)
		r.agentIndex[key] = i
		r.sol.agents = append(r.sol.agents, Agent{SchemaName: schemaName})
	}
	return &r.sol.agents[i]
}

func (a *Agent) use(name string, at source.Location) {
	ref := connref.LogicalName(name)
	for _, u := range a.Uses {
		if u.Reference.Equal(ref) {
			return
		}
	}
	a.Uses = append(a.Uses, AgentUse{ref, at})
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
		r.agent(name).use(ref, e.AttrAt(reference))
	}, "botcomponent_connectionreferenceset/botcomponent_connectionreference")
	if err != nil {
		return err
	}
	err = r.eachXML("Assets/botcomponent_workflowset.xml", func(e source.Element) {
		const workflow = "workflowid.workflowid"
		if name, id := attr(e, component), attr(e, workflow); name != "" && id != "" {
			a := r.agent(name)
			if id := r.guid(id, e.AttrAt(workflow), "workflow"); !id.IsZero() {
				a.Flows = append(a.Flows, id)
			}
		}
	}, "botcomponent_workflowset/botcomponent_workflow")
	if err != nil {
		return err
	}
	for _, name := range r.inFolder("botcomponents", "") {
		dir, base := path.Split(name)
		if !strings.EqualFold(base, "data") {
			continue
		}
		file, err := r.read(name)
		if file == nil {
			if err != nil {
				return err
			}
			continue
		}
		if file.Err() != nil {
			r.undecodable(file)
			continue
		}
		schemaName := path.Base(dir)
		scanData(file.Text(), func(start, end int) {
			r.agent(schemaName).use(file.Text()[start:end], file.At(source.Span{Start: start, End: end}))
		})
	}
	sortBy(r.sol.agents, func(a Agent) string { return a.SchemaName })
	return nil
}

// scanData calls found with the place of each name in a line "connectionReference: name" of a bot component's data. The
// file is almost YAML: names may begin with an unquoted @, which no YAML reader takes, so lines are what it is read by.
// Text in block scalars, such as instructions and prompts, is data.
func scanData(text string, found func(start, end int)) {
	if !strings.Contains(text, "connectionReference:") {
		return
	}
	block := -1 // the indentation of the key whose block scalar we are in
	for start := 0; start < len(text); {
		end := start + strings.IndexByte(text[start:], '\n') + 1
		if end == start {
			end = len(text)
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
		value = strings.TrimSpace(value)
		switch {
		case isPair && isBlockScalar(value):
			block = indent
		case dash >= 0 && isBlockScalar(body): // an item that is text, "- |"
			block = dash
		}
		if key != "connectionReference" || value == "" {
			continue
		}
		at := from + len(line) - len(strings.TrimLeft(body[len(key)+1:], " \t"))
		if size, skip := scalar(value); size > 0 {
			found(at+skip, at+skip+size)
		}
	}
}

// isBlockScalar tells whether a value announces text on the lines below: |, >, with digits and signs.
func isBlockScalar(value string) bool {
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimRight(value[:i], " \t")
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
