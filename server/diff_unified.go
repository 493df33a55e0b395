package server

import (
	"fmt"
	"strings"

	"tutti/ot"
)

// contextLines is how many lines a unified diff shows around a change.
const contextLines = 3

// diffLine is a line of a unified diff, with its sign and without its end.
type diffLine struct {
	sign byte
	text string
	bare bool // it has no line end: it is the last one of its text
}

// unifiedDiff is what patch and people read: hunks of changed lines. It is
// empty where nothing changed.
func unifiedDiff(d stretch, runs []ot.Run) []byte {
	lines := diffLines(runs)
	var b []byte
	oldAt, newAt := 1, 1 // the numbers of the next lines
	for i := 0; i < len(lines); {
		if lines[i].sign == ' ' {
			i, oldAt, newAt = i+1, oldAt+1, newAt+1
			continue
		}
		if b == nil {
			b = fmt.Appendf(b, "--- %s\trevision %d\n+++ %s\trevision %d\n", d.id, d.from, d.id, d.to)
		}
		lead := min(contextLines, i) // the hunk before ended further up, see hunkEnd
		end := hunkEnd(lines, i)
		b, oldAt, newAt = appendHunk(b, lines[i-lead:end], oldAt-lead, newAt-lead)
		i = end
	}
	return b
}

// hunkEnd returns where the hunk ends that has its first change at i: behind
// the context of the last change that is so near to the one before that their
// contexts would touch.
func hunkEnd(lines []diffLine, i int) int {
	last := i
	for j := i; j < len(lines) && j <= last+2*contextLines+1; j++ {
		if lines[j].sign != ' ' {
			last = j
		}
	}
	return min(last+1+contextLines, len(lines))
}

// appendHunk appends a hunk that begins at two line numbers, and returns the
// numbers behind it.
func appendHunk(b []byte, lines []diffLine, oldAt, newAt int) ([]byte, int, int) {
	olds, news := 0, 0
	for _, line := range lines {
		if line.sign != '+' {
			olds++
		}
		if line.sign != '-' {
			news++
		}
	}
	b = fmt.Appendf(b, "@@ -%s +%s @@\n", hunkRange(oldAt, olds), hunkRange(newAt, news))
	for _, line := range lines {
		b = append(b, line.sign)
		b = append(b, line.text...)
		b = append(b, '\n')
		if line.bare {
			b = append(b, "\\ No newline at end of file\n"...)
		}
	}
	return b, oldAt + olds, newAt + news
}

// hunkRange is `begin,count`; of no lines it begins at the line before.
func hunkRange(at, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", at-1)
	case 1:
		return fmt.Sprint(at)
	}
	return fmt.Sprintf("%d,%d", at, count)
}

func diffLines(runs []ot.Run) []diffLine {
	signs := map[ot.Change]byte{ot.Inserted: '+', ot.Deleted: '-', ot.Kept: ' '}
	var lines []diffLine
	for _, r := range runs {
		for text := range strings.Lines(r.Text) {
			line, ended := strings.CutSuffix(text, "\n")
			lines = append(lines, diffLine{signs[r.Change], line, !ended})
		}
	}
	return lines
}
