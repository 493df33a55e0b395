package accounts

// Carry has what was granted on a document hold in its next epoch too. It is
// called before that begins, so that nobody is ever without their rights, also
// after a crash; where it does not begin after all, nothing has the name that
// it would have had.
//
// What was granted stays under the epoch that it was first granted in: whoever
// has read the old one and grants or revokes something meanwhile finds the
// same place.
func (b *Book) Carry(id, epoch, next string) error {
	return b.update(func(c *change) error { return b.epochs.put(c, place(id, next), b.epoch(id, epoch)) })
}

// epoch is the one under which the rights in a document are kept. A lock is
// held.
func (b *Book) epoch(id, epoch string) string {
	if first, ok := b.epochs.rows[place(id, epoch)]; ok {
		return first
	}
	return epoch
}
