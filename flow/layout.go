package flow

// block writes the actions of a block, under a member's name.
func (e *encoder) block(name string, b *Block) {
	e.name(name)
	e.object(func() {
		for _, s := range b.steps {
			e.name(s.name)
			e.object(func() { e.step(s) })
		}
	})
}

// step writes an action, with its members in the order that most exported flows have.
func (e *encoder) step(s *Step) {
	e.optional("foreach", s.foreach)
	if s.actions != nil {
		e.block("actions", s.actions)
	}
	e.runAfter(s.runsAfter())
	if s.otherwise != nil && len(s.otherwise.steps) > 0 {
		e.name("else")
		e.object(func() { e.block("actions", s.otherwise) })
	}
	if s.fallback != nil {
		e.branches(s)
	}
	e.optional("expression", s.expression)
	e.limit(s)
	e.metadata(s)
	e.member("type", s.typ)
	if s.kind != "" {
		e.member("kind", s.kind)
	}
	e.operationInputs(s)
	if s.Description != "" {
		e.member("description", s.Description)
	}
	e.runtimeConfiguration(s.runtime, s.SecureInputs, s.SecureOutputs)
}

func (e *encoder) optional(name string, raw []byte) {
	if raw != nil {
		e.name(name)
		e.raw(raw)
	}
}

func (e *encoder) runAfter(after RunAfter) {
	e.name("runAfter")
	e.object(func() {
		for _, name := range sortedKeys(after) {
			var statuses []string
			for _, s := range after[name] {
				statuses = append(statuses, string(s))
			}
			e.words(key(name), statuses)
		}
	})
}

func (e *encoder) branches(s *Step) {
	e.name("cases")
	e.object(func() {
		for _, c := range s.cases {
			e.name(c.name)
			e.object(func() {
				e.name("case")
				e.raw(c.value)
				e.block("actions", c.block)
			})
		}
	})
	e.name("default")
	e.object(func() { e.block("actions", s.fallback) })
}

func (e *encoder) limit(s *Step) {
	switch {
	case s.limit != nil:
		e.name("limit")
		e.object(func() {
			e.number("count", s.limit.count)
			e.member("timeout", iso8601(s.limit.timeout))
		})
	case s.Timeout > 0:
		e.name("limit")
		e.object(func() { e.member("timeout", iso8601(s.Timeout)) })
	}
}

func (e *encoder) metadata(s *Step) {
	e.name("metadata")
	e.object(func() { e.member("operationMetadataId", operationID(s.block.flow.name, s.name)) })
}

func (e *encoder) operationInputs(s *Step) {
	switch {
	case s.call != nil:
		e.callInputs(s.call, e.bound[s.call.Key], s.parameters, s.Retry)
	case s.whole != nil:
		e.name("inputs")
		e.raw(s.whole)
	case s.inputs != nil:
		e.name("inputs")
		e.object(func() {
			e.raw(s.inputs)
			e.retry(s.Retry)
		})
	}
}

// runtimeConfiguration writes what configures how an operation runs, with the members given first.
func (e *encoder) runtimeConfiguration(members []byte, secureInputs, secureOutputs bool) {
	var secure []string
	if secureInputs {
		secure = append(secure, "inputs")
	}
	if secureOutputs {
		secure = append(secure, "outputs")
	}
	if len(members)+len(secure) == 0 {
		return
	}
	e.name("runtimeConfiguration")
	e.object(func() {
		if len(members) > 0 {
			e.raw(members)
		}
		if len(secure) > 0 {
			e.name("secureData")
			e.object(func() { e.words("properties", secure) })
		}
	})
}

// start writes the trigger.
func (e *encoder) start(s *Start, b *Builder) {
	e.optional("recurrence", s.recurrence)
	e.optional("splitOn", s.splitOn)
	e.metadata(&s.step)
	e.member("type", s.step.typ)
	if s.step.kind != "" {
		e.member("kind", s.step.kind)
	}
	e.operationInputs(&s.step)
	if len(s.Conditions) > 0 {
		e.name("conditions")
		e.list(len(s.Conditions), func(i int) {
			e.object(func() { e.given("expression", s.Conditions[i]) })
		})
	}
	if s.Description != "" {
		e.member("description", s.Description)
	}
	var runs []byte
	if s.Concurrency != 0 {
		var inner encoder
		inner.name("concurrency")
		inner.object(func() { inner.number("runs", s.Concurrency) })
		runs = inner.buf
	}
	e.runtimeConfiguration(runs, s.SecureInputs, s.SecureOutputs)
}
