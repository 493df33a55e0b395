package store

// linesAtOnce are asked for at once: each may have megabytes.
const linesAtOnce = 32

// LinesWithin returns the lines that come after a revision, up to another: at
// most so many, and no more once they have so many bytes of JSON. The errors
// are those of Lines, with what was read before.
func LinesWithin(s Store, id string, after, upTo int64, most, bytes int) (lines []Line, err error) {
	for size := 0; after < upTo && len(lines) < most && size < bytes; {
		piece, err := s.Lines(id, after, int(min(linesAtOnce, upTo-after, int64(most-len(lines)))))
		if err != nil || len(piece) == 0 {
			return lines, err
		}
		for _, line := range piece {
			if size >= bytes {
				break
			}
			lines, size, after = append(lines, line), size+len(line.JSON), line.Rev
		}
	}
	return lines, nil
}
