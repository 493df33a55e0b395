package run

import "encoding/binary"

// maxUnits is beyond every length in UTF-16 code units that a record may give.
const maxUnits = 1<<31 - 1

// Decode reads what Encode has made of records from a revision on. What it
// returns shares no memory with data. ErrDamaged.
func Decode(first int64, data []byte) (*Run, error) {
	n, size, pieces, err := cut(data)
	if err != nil {
		return nil, err
	}
	d := decoder{
		run:    &Run{first: first, records: make([]record, 0, n+1), text: string(pieces[columnText])},
		low:    pieces[columnLow],
		most:   size,
		shapes: column(pieces, columnShapes), clients: column(pieces, columnClients), users: column(pieces, columnUsers), seqs: column(pieces, columnSeqs),
		starts: column(pieces, columnStarts), counts: column(pieces, columnCounts), refs: column(pieces, columnRefs), times: column(pieces, columnTimes),
	}
	if d.run.words, err = words(pieces[columnWords]); err != nil {
		return nil, err
	}
	d.last = make([]int64, len(d.run.words))
	for range n {
		if !d.record() {
			return nil, ErrDamaged
		}
	}
	d.run.records = append(d.run.records, record{ops: int32(len(d.run.ops))})
	for _, r := range []*reader{&d.shapes, &d.clients, &d.users, &d.seqs, &d.starts, &d.counts, &d.refs, &d.times} {
		if !r.done() {
			return nil, ErrDamaged
		}
	}
	if len(d.low) > 0 || d.at != len(d.run.text) {
		return nil, ErrDamaged
	}
	return d.run, nil
}

// cut takes a run apart into its columns.
func cut(data []byte) (n, size int, pieces [columns][]byte, err error) {
	n, size, rest, err := head(data)
	if err != nil {
		return 0, 0, pieces, err
	}
	var lengths [columns]int
	total := 0
	for i := range lengths {
		length, a := binary.Uvarint(rest)
		if a <= 0 || length > 2*MaxBytes {
			return 0, 0, pieces, ErrDamaged
		}
		lengths[i], rest = int(length), rest[a:]
		total += int(length)
	}
	all, err := Inflate(rest, total)
	if err != nil {
		return 0, 0, pieces, err
	}
	for i, length := range lengths {
		pieces[i], all = all[:length:length], all[length:]
	}
	return n, size, pieces, nil
}

func column(pieces [columns][]byte, at int) reader {
	return reader{values: pieces[at], times: pieces[at+1]}
}

func words(data []byte) (all []string, err error) {
	for len(data) > 0 {
		n, a := binary.Uvarint(data)
		if a <= 0 || n > uint64(len(data)-a) {
			return nil, ErrDamaged
		}
		all = append(all, string(data[a:a+int(n)]))
		data = data[a+int(n):]
	}
	return all, nil
}

// decoder reads the columns.
type decoder struct {
	run                                                       *Run
	low                                                       []byte
	shapes, clients, users, seqs, starts, counts, refs, times reader
	last                                                      []int64 // the last seq of each client, by its place among the words
	time                                                      int64   // of the last record
	cursor                                                    int     // where it ended
	at                                                        int     // in the text
	most                                                      int     // bytes of JSON that the records can have yet
}

// word reads the place of a word.
func (d *decoder) word(from *reader) (uint32, bool) {
	at := from.next()
	return uint32(at), at < uint64(len(d.run.words))
}

// count reads a number of units or bytes, at least 1.
func (d *decoder) count() (int32, bool) {
	n := d.counts.next()
	return int32(n), n > 0 && n < maxUnits
}

func (d *decoder) record() bool {
	shape, ok := d.word(&d.shapes)
	if !ok {
		return false
	}
	r := record{ops: int32(len(d.run.ops)), text: int32(d.at)}
	if d.run.words[shape] == asItStands {
		if r.raw, ok = d.count(); !ok {
			return false
		}
		d.run.records = append(d.run.records, r)
		return d.take(r.raw)
	}
	client, ok1 := d.word(&d.clients)
	user, ok2 := d.word(&d.users)
	if !ok1 || !ok2 || len(d.low) == 0 {
		return false
	}
	d.most -= len(d.run.words[client]) + len(d.run.words[user])
	d.last[client] += unzigzag(d.seqs.next()) + 1
	d.time += unzigzag(d.times.next())<<8 + int64(d.low[0])
	d.low = d.low[1:]
	r.client, r.user, r.seq, r.at = client, user, d.last[client], d.time
	apart := unzigzag(d.starts.next())
	for i := range len(d.run.words[shape]) {
		if !d.op(d.run.words[shape][i]) {
			return false
		}
	}
	if apart < -maxUnits || apart > maxUnits {
		return false
	}
	ops := d.run.ops[r.ops:]
	start := d.cursor + int(apart)
	if len(ops) > 0 && ops[0].kind == deleted {
		start -= int(ops[0].n)
	}
	if start < 0 || start > maxUnits {
		return false
	}
	r.start = int32(start)
	if d.cursor = start; !d.move(ops, r.text) {
		return false
	}
	d.run.records = append(d.run.records, r)
	return d.most >= 0
}

// op reads an op of a kind.
func (d *decoder) op(kind byte) (ok bool) {
	o := op{kind: kind}
	switch kind | upper {
	case retained, deleted:
		o.n, ok = d.count()
	case texted:
		if o.n, ok = d.count(); !ok || !d.take(o.n) {
			return false
		}
	case embedded:
		var at uint32
		at, ok = d.word(&d.refs)
		if o.n = int32(at); ok {
			d.most -= len(d.run.words[at])
		}
	}
	if ok && kind&upper == 0 {
		if o.attr, ok = d.word(&d.refs); ok {
			d.most -= len(d.run.words[o.attr])
		}
	}
	d.run.ops = append(d.run.ops, o)
	d.most -= len(`{"retain":1}`)
	return ok && d.most >= 0 // before there are too many
}

// take goes on in the text.
func (d *decoder) take(n int32) bool {
	d.at += int(n)
	return d.at <= len(d.run.text)
}

// move brings the cursor to where the ops of a record end, whose text begins
// there.
func (d *decoder) move(ops []op, text int32) bool {
	for _, o := range ops {
		switch o.kind | upper {
		case retained:
			d.cursor += int(o.n)
		case texted:
			d.cursor += units(d.run.text[text : text+o.n])
			text += o.n
		case embedded:
			d.cursor++
		}
	}
	return d.cursor <= maxUnits
}
