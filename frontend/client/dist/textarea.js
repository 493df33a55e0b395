import { c as isWithinPair, r as cross, u as plainText } from "./delta-oTZx3jFC.js";
import { t as mayEdit } from "./state-knjChtEw.js";
import Delta from "quill-delta";
// client/undo.ts
/** Edits of one person in quick succession are one to them. */
var togetherFor = 1e3;
var most = 200;
/** Takes back a person's own edits, whatever the others have written since. */
var Undo = class {
	#stacks = {
		undo: [],
		redo: []
	};
	#last = -Infinity;
	/** Takes note of what would take an edit back. */
	record(inverse, now = Date.now()) {
		const { undo, redo } = this.#stacks;
		redo.length = 0;
		const before = now - this.#last < togetherFor ? undo.pop() : void 0;
		undo.push(before ? inverse.compose(before) : inverse);
		if (undo.length > most) undo.shift();
		this.#last = now;
	}
	/** Carries what could be taken back over a change by somebody else. */
	carry(change) {
		for (const stack of [this.#stacks.undo, this.#stacks.redo]) {
			let over = change;
			for (let at = stack.length - 1; at >= 0; at--) {
				const item = stack[at];
				const carried = over.transform(item, true);
				over = item.transform(over, false);
				if (carried.ops.length > 0) stack[at] = carried;
				else stack.splice(at, 1);
			}
		}
	}
	/** What to apply to take back, or to do again; `content` is that which it applies to. */
	take(which, content) {
		const change = this.#stacks[which].pop();
		if (!change) return null;
		this.#stacks[which === "undo" ? "redo" : "undo"].push(change.invert(content));
		this.#last = -Infinity;
		return change;
	}
	clear() {
		this.#stacks.undo.length = this.#stacks.redo.length = 0;
	}
};
// client/textarea.ts
/**
* Binds a `<textarea>` to a document of plain text: local edits go out, remote
* ones come in, and undo takes back one's own edits only. The textarea takes its
* text from the document, and is read only until that is there and while the
* person may not edit. Returns how to unbind it.
*/
function tuttiTextarea(area, doc) {
	const binding = new Binding(area, doc);
	return () => binding.destroy();
}
var Binding = class {
	#area;
	#doc;
	#undo = new Undo();
	#listeners = new AbortController();
	#unsubscribe;
	/** The text as the document has it. */
	#text = "";
	#isAttached = false;
	#endHold = null;
	constructor(area, doc) {
		this.#area = area;
		this.#doc = doc;
		const { signal } = this.#listeners;
		area.addEventListener("input", () => this.#read(null), { signal });
		area.addEventListener("beforeinput", (event) => this.#beforeInput(event), { signal });
		area.addEventListener("keydown", (event) => this.#keyDown(event), { signal });
		area.addEventListener("compositionstart", () => this.#endHold ??= doc.hold(), { signal });
		area.addEventListener("compositionend", () => this.#release(), { signal });
		document.addEventListener("selectionchange", () => this.#selected(), { signal });
		this.#unsubscribe = [
			doc.on("remote", (delta) => this.#apply(delta)),
			doc.on("reset", (delta) => this.#apply(delta)),
			doc.on("state", () => this.#setReadOnly())
		];
		this.#attach();
		this.#setReadOnly();
	}
	destroy() {
		this.#listeners.abort();
		for (const unsubscribe of this.#unsubscribe) unsubscribe();
		this.#endHold?.();
		this.#doc.setCursor(null);
		this.#area.readOnly = true;
	}
	#attach() {
		if (!this.#doc.state.loaded) return;
		this.#isAttached = true;
		this.#text = plainText(this.#doc.content);
		this.#area.value = this.#text;
		this.#undo.clear();
		this.#setReadOnly();
	}
	#setReadOnly() {
		this.#area.readOnly = !this.#isAttached || !mayEdit(this.#doc.state);
	}
	/**
	* Finds out what was typed, and submits it. Where that happened before a
	* remote change which the document has already, answers what that change is now.
	*/
	#read(incoming) {
		if (!this.#isAttached || this.#area.value === this.#text) return incoming;
		const [before, typed] = [this.#text, this.#area.value];
		const after = typed.replace(/\p{Surrogate}/gu, "");
		const edit = changeOf(before, after, this.#area.selectionEnd);
		this.#text = after;
		if (typed !== after) this.#show(after, edit);
		const { ours, theirs } = incoming ? cross(edit, incoming) : {
			ours: edit,
			theirs: incoming
		};
		this.#undo.record(edit.invert(new Delta().insert(before)));
		this.#submit(ours);
		return theirs;
	}
	#submit(edit) {
		try {
			this.#doc.submit(edit);
		} catch (error) {
			console.error("tutti: an edit could not be taken", error);
			this.#attach();
		}
		this.#selected();
	}
	#apply(delta) {
		const change = this.#read(delta);
		if (change && this.#isAttached) {
			this.#text = plainText(new Delta().insert(this.#text).compose(change));
			this.#undo.carry(change);
			this.#show(this.#text, change);
		}
		if (this.#text.length !== this.#doc.length) this.#attach();
	}
	/** Shows a text, the selection and what is in sight staying with what they were on. */
	#show(text, change, isAuthor = false) {
		const { selectionStart, selectionEnd, selectionDirection, scrollTop, scrollLeft } = this.#area;
		const start = change.transformPosition(selectionStart, !isAuthor);
		const end = change.transformPosition(selectionEnd, !isAuthor);
		this.#area.value = text;
		this.#area.setSelectionRange(start, end, selectionDirection);
		this.#area.scrollTop = scrollTop;
		this.#area.scrollLeft = scrollLeft;
	}
	/** What the browser would undo are its own changes, the others' among them. */
	#beforeInput(event) {
		if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
		event.preventDefault();
		this.#travel(event.inputType === "historyUndo" ? "undo" : "redo");
	}
	/** The browser, finding nothing to undo, says nothing of these keys. */
	#keyDown(event) {
		if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
		const key = event.key.toLowerCase();
		if (key !== "z" && key !== "y") return;
		event.preventDefault();
		this.#travel(key === "y" || event.shiftKey ? "redo" : "undo");
	}
	#travel(which) {
		if (this.#area.readOnly || this.#endHold) return;
		this.#read(null);
		const content = new Delta().insert(this.#text);
		const change = this.#undo.take(which, content);
		if (!change) return;
		this.#text = plainText(content.compose(change));
		this.#show(this.#text, change, true);
		this.#submit(change);
	}
	#release() {
		const release = this.#endHold;
		this.#endHold = null;
		if (release) setTimeout(release);
	}
	#selected() {
		if (document.activeElement !== this.#area || !this.#isAttached) return;
		const { selectionStart, selectionEnd, selectionDirection } = this.#area;
		const isBackward = selectionDirection === "backward";
		this.#doc.setCursor(isBackward ? {
			anchor: selectionEnd,
			head: selectionStart
		} : {
			anchor: selectionStart,
			head: selectionEnd
		});
	}
};
/**
* The change from one text to another, in UTF-16 units. Among equal letters the
* caret tells where it was made: nothing behind it changed.
*/
function changeOf(before, after, caret) {
	const shorter = Math.min(before.length, after.length);
	let end = 0;
	const mostEnd = Math.min(shorter, Math.max(0, after.length - caret));
	while (end < mostEnd && before.at(-1 - end) === after.at(-1 - end)) end++;
	if (isWithinPair(before, before.length - end) || isWithinPair(after, after.length - end)) end--;
	let start = 0;
	while (start < shorter - end && before[start] === after[start]) start++;
	if (isWithinPair(before, start) || isWithinPair(after, start)) start--;
	return new Delta().retain(start).insert(after.slice(start, after.length - end)).delete(before.length - start - end);
}
export { changeOf, tuttiTextarea };

//# sourceMappingURL=textarea.js.map