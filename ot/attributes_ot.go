package ot

// composeAttributes is quill-delta 5.1's AttributeMap.compose: b over a, name
// by name. Nulls of b are kept only with keepNull, but hide a's value either
// way; nulls of a are always kept.
func composeAttributes(a, b *Attributes, keepNull bool) *Attributes {
	if b == nil {
		return a
	}
	if a == nil && (keepNull || !b.hasNull()) {
		return b
	}
	pairs := make([]attribute, 0, len(a.all())+len(b.pairs))
	rest := a.all()
	for _, p := range b.pairs {
		for len(rest) > 0 && rest[0].name < p.name {
			pairs = append(pairs, rest[0])
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0].name == p.name {
			rest = rest[1:]
		}
		if keepNull || p.value != null {
			pairs = append(pairs, p)
		}
	}
	return intern(append(pairs, rest...))
}

// transformAttributes is quill-delta 5.1's AttributeMap.transform: what is
// left of b after a. With priority, the names that a sets drop out of b, even
// where both set the same value.
func transformAttributes(a, b *Attributes, priority bool) *Attributes {
	if a == nil || b == nil || !priority {
		return b
	}
	pairs := make([]attribute, 0, len(b.pairs))
	for _, p := range b.pairs {
		if _, set := a.Get(p.name); !set {
			pairs = append(pairs, p)
		}
	}
	if len(pairs) == len(b.pairs) {
		return b
	}
	return intern(pairs)
}

// invertAttributes is quill-delta 5.1's AttributeMap.invert: what takes a
// back, where a was put upon base.
func invertAttributes(a, base *Attributes) *Attributes {
	pairs := make([]attribute, 0, len(a.all()))
	for _, p := range a.all() {
		if old, had := base.Get(p.name); !had {
			pairs = append(pairs, attribute{p.name, null})
		} else if old != p.value {
			pairs = append(pairs, attribute{p.name, old})
		}
	}
	return intern(pairs)
}
