// Package search finds documents by the words in their titles, tags and
// contents.
//
// The index is a derivative: it can be thrown away and made anew from the
// store. It is kept by bleve in a folder of its own and follows the store from
// behind: a write leaves a note of the document's id, and one goroutine reads
// what was noted, a batch at a time with pauses between, so that no edit waits
// for it and it takes a part of one processor at most. A document is read once
// nobody writes to it, or after some seconds in which somebody always did. Each
// document stands in the index with the version that was read; at the start
// what the index has is compared with what the store has, so a crash loses
// nothing but time.
//
// There is one idea of what a word is (words.go), for indexing, for queries
// and for marking what was found.
package search
