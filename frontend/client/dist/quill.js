import { a as difference, i as cutsPair, o as hasLoneSurrogate, r as cross, u as plainText } from "./delta-oTZx3jFC.js";
import { t as mayEdit } from "./state-knjChtEw.js";
import Delta, { AttributeMap } from "quill-delta";
// client/quill-carets.ts
/** How long a name stays after its person went somewhere. */
var nameShownFor = 2e3;
var Carets = class {
	#module;
	#flags = /* @__PURE__ */ new Map();
	#carets = /* @__PURE__ */ new Map();
	#frame;
	constructor(module) {
		this.#module = module;
	}
	show(people) {
		const before = this.#carets;
		this.#carets = /* @__PURE__ */ new Map();
		for (const { session, name, color, cursor } of people) {
			if (!cursor) continue;
			const start = Math.min(cursor.anchor, cursor.head);
			const end = Math.max(cursor.anchor, cursor.head);
			const known = before.get(session);
			if (known && (known.name !== name || known.color !== color)) this.#remove(session);
			this.#carets.set(session, {
				name,
				color,
				start,
				end
			});
			this.#module.createCursor(session, name, color);
			if (known?.start !== start || known.end !== end) this.#showName(session);
		}
		for (const session of before.keys()) if (!this.#carets.has(session)) this.#remove(session);
		this.#draw();
	}
	/** Moves all with the text: what is inserted at a caret goes behind it. */
	move(change) {
		if (this.#carets.size === 0) return;
		for (const [session, caret] of this.#carets) {
			const start = change.transformPosition(caret.start, true);
			const end = change.transformPosition(caret.end, true);
			this.#carets.set(session, {
				...caret,
				start,
				end
			});
		}
		this.#draw();
	}
	destroy() {
		if (this.#frame !== void 0) cancelAnimationFrame(this.#frame);
		for (const session of this.#carets.keys()) this.#remove(session);
		this.#carets.clear();
	}
	/** Once a frame at most: to place a caret the browser has to lay the text out. */
	#draw() {
		this.#frame ??= requestAnimationFrame(() => {
			this.#frame = void 0;
			for (const [session, { start, end }] of this.#carets) this.#module.moveCursor(session, {
				index: start,
				length: end - start
			});
		});
	}
	#showName(session) {
		clearTimeout(this.#flags.get(session));
		this.#module.toggleFlag(session, true);
		const hide = setTimeout(() => this.#module.toggleFlag(session, false), nameShownFor);
		this.#flags.set(session, hide);
	}
	#remove(session) {
		clearTimeout(this.#flags.get(session));
		this.#flags.delete(session);
		this.#module.removeCursor(session);
	}
};
// client/quill-changes.ts
/** Quill's changes and our deltas: what Quill cannot show, and what the server does not take. */
/** How Quill is given an embed that it has no inline blot for: one unit, its value kept. */
var unknownEmbed = "tutti-unknown";
/**
* A line is one of these. Two people may make it two at once; then it is the
* first of them, in the server's order, or each editor would show another.
*/
var lineKinds = [
	"code-block",
	"list",
	"header",
	"blockquote"
];
/** A delta of the document as Quill can apply it. */
function toQuill(delta, canShow) {
	return new Delta(delta.map((op) => {
		const name = embedName(op);
		return name === null || canShow(name) ? op : {
			...op,
			insert: { [unknownEmbed]: op.insert }
		};
	}));
}
/** A content of the document with one kind to each line. */
function oneKindEach(content) {
	return new Delta(content.map((op) => {
		const { attributes = {} } = op;
		const [kind, ...others] = lineKinds.filter((name) => attributes[name]);
		if (kind === void 0 || others.length === 0) return op;
		const kept = Object.entries(attributes).filter(([name]) => !others.includes(name));
		return {
			...op,
			attributes: Object.fromEntries(kept)
		};
	}));
}
/** What Quill changed as a delta of the document, in words that the server takes. */
function fromQuill(change, before) {
	const whole = wholeCharacters(new Delta(change.map(clean)), before);
	return new Delta(keepFinalNewline(whole, before).map(known));
}
function embedName({ insert }) {
	return typeof insert === "object" ? Object.keys(insert)[0] ?? null : null;
}
function known(op) {
	const value = embedName(op) === "tutti-unknown" && op.insert["tutti-unknown"];
	return value ? {
		...op,
		insert: value
	} : op;
}
/** Without carriage returns, and without attributes that nothing can have. */
function clean(op) {
	const entries = Object.entries(op.attributes ?? {}).filter(([, value]) => typeof value !== "object" || value === null && op.insert === void 0);
	const bare = { ...op };
	delete bare.attributes;
	if (typeof bare.insert === "string") bare.insert = bare.insert.replace(/\r\n?/g, "\n");
	return entries.length > 0 ? {
		...bare,
		attributes: Object.fromEntries(entries)
	} : bare;
}
/** Quill finds some changes by comparing texts, and parts surrogate pairs in that now and then. */
function wholeCharacters(change, before) {
	const mayCut = change.ops.some((op) => op.delete !== void 0 || op.attributes);
	if (!hasLoneSurrogate(change) && !(mayCut && cutsPair(change, plainText(before)))) return change;
	const after = before.compose(change).map((op) => {
		if (typeof op.insert !== "string") return op;
		return {
			...op,
			insert: op.insert.replace(/\p{Surrogate}/gu, "")
		};
	});
	return difference(before, new Delta(after.filter((op) => op.insert !== "")));
}
/**
* The last newline of a document stays where it is: what comes behind it, or in
* its place, is inserted before it, and it takes on the formats of the new end.
*/
function keepFinalNewline(change, before) {
	const last = before.length() - 1;
	if (!touches(change, last)) return change;
	const after = before.compose(change);
	const newLast = after.length() - 1;
	const result = new Delta();
	let at = 0;
	let newAt = 0;
	for (const op of [...change.ops, { retain: Infinity }]) if (op.insert !== void 0) {
		const kept = new Delta([op]).slice(0, Math.max(0, newLast - newAt)).ops[0];
		if (kept) result.push(kept);
		newAt += Delta.Op.length(op);
	} else if (op.delete !== void 0) {
		result.delete(Math.min(op.delete, last - at));
		at += op.delete;
	} else {
		const length = Math.min(Delta.Op.length(op), last + 1 - at);
		const [end, newEnd] = [at + length - 1, newAt + length - 1];
		const kept = length - (end === last || newEnd === newLast ? 1 : 0);
		if (kept > 0) result.push({
			...op,
			retain: kept
		});
		const moved = end === last && newEnd < newLast && after.slice(newEnd, newEnd + 1).ops[0];
		if (moved) result.push(moved);
		if (newEnd === newLast && end < last) result.delete(1);
		at += length;
		newAt += length;
	}
	const formats = AttributeMap.diff(before.slice(last).ops[0]?.attributes, after.slice(newLast).ops[0]?.attributes);
	return result.retain(1, formats ?? null).chop();
}
/** Whether a delta deletes the last unit, or inserts behind it. */
function touches(delta, last) {
	let at = 0;
	return delta.ops.some((op) => {
		if (op.insert !== void 0) return at > last;
		at += Delta.Op.length(op);
		return op.delete !== void 0 && at > last;
	});
}
// client/quill-unknown.ts
/** Blots that are embeds to Parchment, but parts of the editor's own workings. */
var inner = /* @__PURE__ */ new Set(["cursor", "break"]);
/** Whether Quill shows an embed within a line, as one unit. */
function showsEmbed(quill, name) {
	const { EmbedBlot, Scope } = parchmentOf(quill);
	const blot = quill.scroll.query(name, Scope.INLINE_BLOT);
	return blot !== null && "prototype" in blot && blot.prototype instanceof EmbedBlot ? !inner.has(name) : false;
}
/** Gives Quill a placeholder for embeds that it knows nothing of, which keeps what they are. */
function registerUnknownEmbed(quill) {
	if (quill.scroll.query("tutti-unknown")) return;
	const Embed = quill.constructor.import("blots/embed");
	class Unknown extends Embed {
		static blotName = unknownEmbed;
		static tagName = "span";
		static className = "ql-tutti-unknown";
		static create(value) {
			const node = super.create(value);
			node.dataset["embed"] = JSON.stringify(value);
			node.textContent = Object.keys(value).join();
			return node;
		}
		/** From a pasted page this may be anything. */
		static value(node) {
			try {
				const value = JSON.parse(node.dataset["embed"] ?? "");
				return typeof value === "object" && value && Object.keys(value).length === 1 ? value : null;
			} catch {
				return null;
			}
		}
	}
	quill.scroll.registry.register(Unknown);
}
/**
* Lets lines of code hold embeds. Quill takes them out there, but one person may
* put a picture into a line while another makes it code.
*/
function allowEmbedsInCode(quill) {
	const { EmbedBlot } = parchmentOf(quill);
	const block = quill.scroll.query("code-block");
	if (block && !block.allowedChildren.includes(EmbedBlot)) block.allowedChildren = [...block.allowedChildren, EmbedBlot];
}
function parchmentOf(quill) {
	return quill.constructor.import("parchment");
}
// client/quill.ts
/**
* Binds a Quill 2 editor to a rich document: local edits go out, remote ones
* come in, and undo takes back one's own edits only. The others' carets are
* shown where the editor has the module `cursors` of quill-cursors. The editor
* takes its content from the document, and is disabled until that is there and
* while the person may not edit. Returns how to unbind it.
*
* Embeds are inline: those that Quill knows as blocks of their own, or not at
* all, are shown as a placeholder and kept as they are.
*/
function tuttiQuill(quill, doc, options = {}) {
	const binding = new Binding(quill, doc, options);
	return () => binding.destroy();
}
/** Quiet enough for comparing everything. */
var idleAfter = 1e3;
var Binding = class {
	#quill;
	#doc;
	#options;
	#carets;
	#undo;
	#isAttached = false;
	/** Whether the change that Quill tells of is one that this binding makes. */
	#isApplying = false;
	/** A remote change that waits for Quill to tell what was typed before it came. */
	#incoming = null;
	#endHold = null;
	#idle;
	constructor(quill, doc, options) {
		this.#quill = quill;
		this.#doc = doc;
		this.#options = options;
		registerUnknownEmbed(quill);
		allowEmbedsInCode(quill);
		Object.assign(quill.options.modules["history"] ?? {}, { userOnly: true });
		const cursors = quill.getModule("cursors");
		this.#carets = cursors ? new Carets(cursors) : null;
		const { events } = quill.constructor;
		const edited = (change, before) => this.#edited(change, before);
		const selected = (range) => this.#selected(range);
		const [hold, release] = [() => this.#hold(), () => this.#release()];
		quill.on(events.TEXT_CHANGE, edited);
		quill.on(events.SELECTION_CHANGE, selected);
		quill.on(events.COMPOSITION_START, hold);
		quill.on(events.COMPOSITION_END, release);
		this.#undo = [
			() => quill.off(events.TEXT_CHANGE, edited),
			() => quill.off(events.SELECTION_CHANGE, selected),
			() => quill.off(events.COMPOSITION_START, hold),
			() => quill.off(events.COMPOSITION_END, release),
			doc.on("remote", (delta) => this.#apply(delta)),
			doc.on("reset", (delta) => this.#apply(delta)),
			doc.on("people", (people) => this.#carets?.show(people)),
			doc.on("state", () => this.#setEnabled())
		];
		quill.disable();
		this.#attach();
	}
	destroy() {
		for (const undo of this.#undo) undo();
		clearTimeout(this.#idle);
		this.#endHold?.();
		this.#carets?.destroy();
		this.#doc.setCursor(null);
		this.#quill.disable();
	}
	/** Whoever made it, a person or a program: what Quill shows, the document has. */
	#edited(change, before) {
		this.#carets?.move(change);
		this.#compareWhenIdle();
		if (this.#isApplying || !this.#isAttached) return;
		let edit = fromQuill(change, before);
		if (this.#incoming) {
			const { ours, theirs } = cross(edit, this.#incoming);
			edit = ours;
			this.#incoming = theirs;
		}
		try {
			this.#doc.submit(edit);
		} catch (error) {
			console.error("tutti: an edit could not be taken", error);
		}
		if (!this.#hasRightLength() && !this.#incoming) queueMicrotask(() => this.#compare());
	}
	#selected(range) {
		if (range) this.#doc.setCursor({
			anchor: range.index,
			head: range.index + range.length
		});
	}
	/** An input method's composition breaks when the text under it changes. */
	#hold() {
		this.#endHold ??= this.#doc.hold();
	}
	#release() {
		const release = this.#endHold;
		this.#endHold = null;
		if (release) setTimeout(release);
	}
	#apply(delta) {
		if (!this.#isAttached) {
			this.#attach();
			return;
		}
		this.#incoming = delta;
		this.#quill.update();
		const change = this.#incoming;
		this.#incoming = null;
		this.#change(change);
		if (!this.#hasRightLength()) this.#compare();
	}
	#attach() {
		if (!this.#doc.state.loaded) return;
		this.#isAttached = true;
		this.#applying(() => this.#quill.setContents(this.#wanted(), "api"));
		this.#quill.history.clear();
		this.#compare();
		this.#carets?.show(this.#doc.people);
		this.#setEnabled();
	}
	#setEnabled() {
		const isEnabled = this.#isAttached && mayEdit(this.#doc.state);
		if (isEnabled !== this.#quill.isEnabled()) this.#quill.enable(isEnabled);
	}
	#hasRightLength() {
		return this.#quill.getLength() === this.#doc.length;
	}
	#compareWhenIdle() {
		clearTimeout(this.#idle);
		this.#idle = setTimeout(() => this.#compare(), idleAfter);
	}
	/**
	* Brings Quill to show what the document holds, where it does not: Quill has
	* rules of its own for what a content may be. Formats that it does not know
	* stay in the document, since edits say only what they change.
	*/
	#compare() {
		if (!this.#isAttached) return;
		if (this.#endHold) {
			this.#compareWhenIdle();
			return;
		}
		this.#quill.update();
		const difference = differenceOf(this.#quill.getContents(), this.#wanted());
		if (difference.ops.length > 0) this.#change(difference);
		if (!this.#hasRightLength()) {
			this.#quill.disable();
			this.#isAttached = false;
			this.#options.onError?.(/* @__PURE__ */ new Error("tutti: Quill cannot show this content"));
		}
	}
	#change(delta) {
		if (delta.ops.length === 0) return;
		const { selection } = this.#quill;
		const isElsewhere = !this.#quill.hasFocus();
		const change = this.#applying(() => this.#quill.updateContents(toQuill(delta, this.#canShow), "api"));
		if (isElsewhere) moveRange(selection.savedRange, change);
	}
	#applying(change) {
		this.#isApplying = true;
		try {
			return change();
		} finally {
			this.#isApplying = false;
		}
	}
	#wanted() {
		return toQuill(oneKindEach(this.#doc.content), this.#canShow);
	}
	#canShow = (embed) => showsEmbed(this.#quill, embed);
};
function differenceOf(shown, wanted) {
	return keepFinalNewline(difference(shown, wanted), shown);
}
/** Where Quill will put the caret when the person comes back to it. */
function moveRange(range, change) {
	const end = change.transformPosition(range.index + range.length, true);
	range.index = change.transformPosition(range.index, true);
	range.length = end - range.index;
}
export { tuttiQuill };

//# sourceMappingURL=quill.js.map