import Delta from "quill-delta";
/** In a `u` expression a surrogate that is part of a pair is no character of its own. */
var loneSurrogate = /\p{Surrogate}/u;
var highSurrogate = /[\uD800-\uDBFF]/;
var lowSurrogate = /[\uDC00-\uDFFF]/;
/** The length of the shortest content that the delta can be applied to. */
function baseLength(delta) {
	let length = 0;
	for (const op of delta.ops) if (op.insert === void 0) length += Delta.Op.length(op);
	return length;
}
/** The text of a content, each embed as U+FFFC, so that positions stay what they are. */
function plainText(content) {
	return content.ops.map(({ insert }) => typeof insert === "string" ? insert : "￼").join("");
}
/** What a delta writes, without where it writes it. */
function insertedText(delta) {
	return plainText(new Delta(delta.filter((op) => op.insert !== void 0)));
}
function hasLoneSurrogate(delta) {
	return delta.ops.some(({ insert }) => typeof insert === "string" && loneSurrogate.test(insert));
}
/**
* One delta with the effect of all in turn. For showing and storing only:
* transform does not distribute over compose, so what is still to be transformed
* is never squashed. Composing in pairs keeps a long run from going quadratic.
*/
function composeAll(deltas) {
	if (deltas.length <= 1) return deltas[0] ?? new Delta();
	const middle = deltas.length >> 1;
	return composeAll(deltas.slice(0, middle)).compose(composeAll(deltas.slice(middle)));
}
/**
* Carries two deltas made on one content over each other. In ties ours goes
* first, as on the server, where it is the incoming one.
*/
function cross(ours, theirs) {
	return {
		ours: theirs.transform(ours, false),
		theirs: ours.transform(theirs, true)
	};
}
/** `first` for cursors of the delta's own author, which end up behind what it inserts. */
function moveCursor(cursor, delta, isAuthor) {
	const anchor = delta.transformPosition(cursor.anchor, !isAuthor);
	const head = delta.transformPosition(cursor.head, !isAuthor);
	return anchor === cursor.anchor && head === cursor.head ? cursor : {
		anchor,
		head
	};
}
/** Two texts of this length that have nothing in common take half a second to compare. */
var longestDiff = 5e3;
/** A delta that turns one content into another, and cuts no surrogate pair. */
function difference(from, to) {
	const [before, after] = [plainText(from), plainText(to)];
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before[start] === after[start]) start++;
	if (isWithinPair(before, start) || isWithinPair(after, start)) start--;
	let end = 0;
	while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
	if (isWithinPair(before, before.length - end) || isWithinPair(after, after.length - end)) end--;
	if (before !== "" && Math.max(before.length, after.length) - start - end <= longestDiff) {
		const delta = from.diff(to);
		if (!cutsPair(delta, before) && !hasLoneSurrogate(delta)) return delta;
	}
	if (![from, to].every(isUnformatted)) start = end = 0;
	const replacement = to.slice(start, after.length - end);
	return new Delta().retain(start).concat(replacement).delete(before.length - start - end);
}
/** Whether a border of an op falls within a surrogate pair of the text that it applies to. */
function cutsPair(delta, text) {
	let at = 0;
	return delta.ops.some((op) => {
		if (op.insert === void 0) at += Delta.Op.length(op);
		return isWithinPair(text, at);
	});
}
function isUnformatted(content) {
	return content.ops.every(({ insert, attributes }) => typeof insert === "string" && !attributes);
}
var utf8 = new TextEncoder();
function jsonBytes(value) {
	return utf8.encode(JSON.stringify(value)).length;
}
/** Bytes that a part keeps free: for its brackets, and the delete that may join it. */
var spare = 64;
/**
* Cuts a delta in two whose effect in turn is the same, so that the JSON of the
* first part keeps to `budget` bytes where it can be kept at all: text is cut,
* but never within a surrogate pair, an op's attributes are not.
*/
function split(delta, budget) {
	if (JSON.stringify(delta.ops).length * 3 <= budget) return [delta, null];
	if (jsonBytes(delta.ops) <= budget) return [delta, null];
	const first = [];
	let left = budget - spare;
	const rest = [...delta.ops];
	for (let op = rest.shift(); op; op = rest.shift()) {
		const size = jsonBytes([op]);
		if (size > left) {
			const around = size - jsonBytes(op.insert ?? "");
			const isFutile = first.every((passed) => typeof passed.retain === "number" && !passed.attributes);
			const [head, tail] = cut(op, left - around, isFutile);
			if (head) first.push(head);
			if (tail) rest.unshift(tail);
			break;
		}
		first.push(op);
		left -= size;
	}
	const replaced = rest.findIndex((op) => op.delete !== void 0);
	if (replaced > 0 && rest.slice(0, replaced).every((op) => op.insert !== void 0)) first.push(...rest.splice(replaced, 1));
	if (rest.length === 0) return [new Delta(first), null];
	const passed = first.reduce((sum, op) => sum + (op.delete ? 0 : Delta.Op.length(op)), 0);
	return [new Delta(first), new Delta().retain(passed).concat(new Delta(rest))];
}
/** Cuts the text of an insert after at most `budget` bytes; `force` takes something always. */
function cut(op, budget, force) {
	const text = op.insert;
	if (typeof text !== "string") return force ? [op, null] : [null, op];
	let at = 0;
	for (let beyond = text.length + 1; beyond - at > 1;) {
		const middle = at + beyond >> 1;
		if (jsonBytes(text.slice(0, middle)) <= budget) at = middle;
		else beyond = middle;
	}
	if (isWithinPair(text, at)) at--;
	if (at === 0 && force) at = isWithinPair(text, 1) ? 2 : 1;
	if (at === 0) return [null, op];
	if (at === text.length) return [op, null];
	return [{
		...op,
		insert: text.slice(0, at)
	}, {
		...op,
		insert: text.slice(at)
	}];
}
/** Whether a position would part the two halves of a surrogate pair. */
function isWithinPair(text, at) {
	return highSurrogate.test(text.charAt(at - 1)) && lowSurrogate.test(text.charAt(at));
}
export { difference as a, isWithinPair as c, split as d, cutsPair as i, moveCursor as l, composeAll as n, hasLoneSurrogate as o, cross as r, insertedText as s, baseLength as t, plainText as u };

//# sourceMappingURL=delta-oTZx3jFC.js.map