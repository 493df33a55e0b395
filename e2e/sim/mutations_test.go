package sim

// A mutation is a way to break the code that some invariant must notice.
type mutation struct {
	name   string
	breaks Invariant // at least this one
	edits  []edit
}

// An edit replaces what stands once in a file of the module.
type edit struct{ file, old, new string }

// mutations are tried by TestMutations; each must be caught within a hundred
// seeds.
var mutations = []mutation{
	{"acknowledge before the append", Durable, []edit{
		{"session/decide.go", "	began := time.Now()\n", "	q.doc.adopt(newVersion(last.Rev, st.doc), st.entries)\n	began := time.Now()\n"},
		{"session/decide.go", "	q.doc.adopt(v, st.entries)\n", ""},
	}},
	{"publish before adopting", Durable, []edit{
		{"session/decide.go", "	began := time.Now()\n", "	q.doc.head.Store(newVersion(last.Rev, st.doc))\n	began := time.Now()\n"},
	}},
	{"take a failed append for stored", Durable, []edit{
		{"session/decide.go", "	if err != nil {\n		return err\n	}\n	q.hub.opts.Metrics.Commits", "	if err != nil && !errors.Is(err, store.ErrUnavailable) {\n		return err\n	}\n	q.hub.opts.Metrics.Commits"},
	}},
	{"drop the look for a resend", Once, []edit{
		{"session/decide.go", "	if sub.seq > mark.Seq {\n", "	if sub.seq > 0 {\n"},
	}},
	{"drop the look into the log for a resend", Once, []edit{
		{"session/decide.go", "	case base > 0 && !sub.searched:\n", "	case false:\n"},
	}},
	{"keep no marks with a snapshot", Once, []edit{
		{"session/snapshot.go", "		if m.Rev > s.rev {\n", "		if m.Rev > v.Rev {\n"},
	}},
	{"forget the marks of the records that were loaded", Once, []edit{
		{"session/sequencer.go", "	for i := range l.entries {\n		q.mark(&l.entries[i].Record)\n	}\n", ""},
	}},
	{"answer a resend before the stream does", Contract, []edit{
		{"session/session.go", "	if passed {\n", "	if passed || r.Rev > 0 {\n"},
	}},
	{"forget in the welcome how far the client was", Contract, []edit{
		{"session/frames_out.go", "	b = strconv.AppendInt(b, mark.Seq, 10)\n", "	b = strconv.AppendInt(b, 0*mark.Seq, 10)\n"},
	}},
	{"skip one transform", Contract, []edit{
		{"session/decide.go", "		for i := range entries {\n			op = entries[i]", "		for i := range max(0, len(entries)-1) {\n			op = entries[i]"},
	}},
	{"skip the transform over the batch", Contract, []edit{
		{"session/decide.go", "	for i := range st.entries {\n		op = st.entries[i]", "	for i := range st.entries[:0] {\n		op = st.entries[i]"},
	}},
	{"skip the transforms that are done beside the sequencer", Contract, []edit{
		{"session/load.go", "	sub.op, sub.rev = r.Op.Transform(sub.op, false), r.Rev\n", "	sub.rev = r.Rev\n"},
	}},
	{"turn the ties around", Contract, []edit{
		{"session/decide.go", "			op = entries[i].Op.Transform(op, false)\n", "			op = entries[i].Op.Transform(op, true)\n"},
	}},
	{"ignore the epoch", Contract, []edit{
		{"session/hub.go", "	if since.Epoch != q.doc.epoch {\n", "	if since.Epoch == \"\" {\n"},
	}},
	{"load a content without the last record", Replay, []edit{
		{"session/load.go", "			if doc, err = doc.Apply(r.Op); err != nil {\n", "			if r.Rev < rev {\n				doc, err = doc.Apply(r.Op)\n			}\n			if err != nil {\n"},
	}},
	{"store all but the last record of a batch (bbolt)", Kept, []edit{
		{"store/entry.go", "	for _, line := range e.lines {\n		w.key", "	for _, line := range e.lines[:len(e.lines)-1] {\n		w.key"},
	}},
	{"answer before the commit (bbolt)", Kept, []edit{
		{"store/commit.go", "	maybe := false\n", "	for _, j := range batch {\n		j.done <- j.refusal\n	}\n	time.Sleep(time.Millisecond)\n	maybe := false\n"},
		{"store/commit.go", "	\"runtime/debug\"\n", "	\"runtime/debug\"\n	\"time\"\n"},
		{"store/committer.go", "	for _, j := range batch {\n		if err != nil {", "	for _, j := range batch {\n		if len(j.done) == cap(j.done) {\n			continue\n		}\n		if err != nil {"},
	}},
	{"write no frame (bbolt)", Kept, []edit{
		{"store/wal.go", "	if _, err := w.file.WriteAt(b, w.at); err != nil {", "	if _, err := w.file.WriteAt(nil, w.at); err != nil {"},
	}},
	{"begin the log anew before the file has it (bbolt)", Kept, []edit{
		{"store/wal.go", "	w.at, w.next = w.at+int64(len(b)), w.next+1\n", "	w.at, w.next = 0, w.next+1\n"},
	}},
	{"leave the last frame in the log (bbolt)", Kept, []edit{
		{"store/wal.go", "		for len(payload) > 0 {\n", "		for len(payload) > 0 && number < 3 {\n"},
	}},
	{"pack all but the last record of a run (bbolt)", Kept, []edit{
		{"store/pack.go", "	body := runOf(lines)\n", "	body := runOf(lines[:max(1, len(lines)-1)])\n"},
	}},
	{"number a snapshot one too low", Replay, []edit{
		{"session/snapshot.go", "store.Snapshot{Rev: v.Rev, Content", "store.Snapshot{Rev: v.Rev - 1, Content"},
	}},
	{"share a frame between places", Ordered, []edit{
		{"session/take.go", "	if d.joined.from == from && d", "	if d"},
	}},
	{"resume one record too late", Ordered, []edit{
		{"session/sequencer.go", "	entries, _ := q.doc.tail.after(*j.since)\n", "	entries, _ := q.doc.tail.after(*j.since + 1)\n"},
	}},
	{"follow the clock back", Clock, []edit{
		{"session/decide.go", "max(time.Now().UnixMilli(), q.at)", "time.Now().UnixMilli()"},
	}},
	{"let a viewer write", Refused, []edit{
		{"session/decide.go", "	case !role.MayEdit():\n", "	case !role.MayEdit() && sub.seq < 0:\n"},
	}},
	{"deliver to who was put out", Unseen, []edit{
		{"session/session.go", "	s.barred = s.barred || !why.drains()\n", ""},
	}},
	{"go on after a failed append", Rest, []edit{
		{"session/decide.go", "		q.depose(err) // first, so that who tries again at once finds another\n", ""},
		{"session/decide.go", "		return false\n	}\n	for i, sub", "		return true\n	}\n	for i, sub"},
	}},
	{"go on after a failed append, over a store that does not compare", Dense, []edit{
		{"session/decide.go", "		q.depose(err) // first, so that who tries again at once finds another\n", ""},
		{"session/decide.go", "		return false\n	}\n	for i, sub", "		return true\n	}\n	for i, sub"},
		{"store/memory.go", "	if d.info.Head.Rev != at {\n", "	if d.info.Head.Rev < 0 {\n"},
	}},
	{"keep a sequencer that was deposed", Rest, []edit{
		{"session/sequencer.go", "	q.hub.remove(q)\n	q.doc.endAll(closeBusy)\n", "	q.doc.endAll(closeBusy)\n"},
	}},
	{"close a document that somebody is in", Rest, []edit{
		{"session/hub.go", "	if q.users > 0 {\n", "	if q.users < 0 {\n"},
	}},
	{"leave who waits asleep", Gone, []edit{
		{"session/session.go", "	close(s.ended)\n	s.doc.wake(s)\n", "	close(s.ended)\n"},
		{"session/document.go", "		s.endLocked(why())\n	}\n	if d.presence.timer != nil {\n		d.presence.timer.Stop()\n	}\n	d.signal()\n", "		s.endLocked(why())\n	}\n	if d.presence.timer != nil {\n		d.presence.timer.Stop()\n	}\n"},
	}},
	{"never give a lock back (bbolt)", Rest, []edit{
		{"store/committer.go", "	c.jobs <- j\n	c.gate.RUnlock()\n", "	c.jobs <- j\n"},
	}},
	{"resend nothing (the client)", Rest, []edit{
		{"e2e/client/machine.go", "	m.sent = false\n	return h\n", "	return h\n"},
	}},
	{"do not carry on what waits behind a delta (the client)", Replay, []edit{
		{"e2e/client/machine.go", "		op, m.buffer = m.buffer.Transform(op, true), op.Transform(m.buffer, false)\n", "		op = m.buffer.Transform(op, true)\n"},
	}},
}
