import { c as isWithinPair, u as plainText } from "./delta-oTZx3jFC.js";
import { t as mayEdit } from "./state-knjChtEw.js";
import Delta from "quill-delta";
import { history, historyKeymap } from "@codemirror/commands";
import { Annotation, EditorState, StateEffect, StateField, Text, Transaction } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, keymap } from "@codemirror/view";
// client/changes.ts
/** CodeMirror's changes and our deltas: both count UTF-16 units, a line break being one. */
function deltaOf(changes) {
	const delta = new Delta();
	let at = 0;
	changes.iterChanges((from, to, _newFrom, _newTo, inserted) => {
		delta.retain(from - at).insert(inserted.toString()).delete(to - from);
		at = to;
	});
	return delta;
}
function changesOf(delta) {
	const changes = [];
	let at = 0;
	for (const op of delta.ops) {
		const length = Delta.Op.length(op);
		if (op.insert !== void 0) {
			const text = typeof op.insert === "string" ? op.insert : "￼";
			changes.push({
				from: at,
				insert: Text.of(text.split("\n"))
			});
			continue;
		}
		if (op.delete !== void 0) changes.push({
			from: at,
			to: at + length
		});
		at += length;
	}
	return changes;
}
var noCharacter = /[\r\p{Surrogate}]/u;
/**
* What must follow a transaction so that the document is made of whole
* characters and has no carriage return, which no delta may bring to the server.
* The part of a pair that a change leaves is replaced together with the change,
* so that the two are one change with its borders between characters.
*/
function repairsOf({ changes, startState, newDoc }) {
	const repairs = [];
	changes.iterChanges((from, to, newFrom, newTo, inserted) => {
		const [cutsBefore, cutsAfter] = [cutsPair(startState.doc, from), cutsPair(startState.doc, to)];
		if (!cutsBefore && !cutsAfter && !noCharacter.test(inserted.toString())) return;
		const whole = {
			from: cutsBefore ? newFrom - 1 : newFrom,
			to: cutsAfter ? newTo + 1 : newTo
		};
		const insert = newDoc.sliceString(whole.from, whole.to).replace(/\r\n?/g, "\n").replace(/\p{Surrogate}/gu, "");
		repairs.push({
			...whole,
			insert: Text.of(insert.split("\n"))
		});
	});
	return repairs;
}
function cutsPair(doc, at) {
	return isWithinPair(doc.sliceString(Math.max(0, at - 1), at + 1), 1);
}
// client/cursors.ts
/** The carets and selections of the others, drawn into a CodeMirror editor. */
/** Says who is there now, with cursors in the document as the transaction leaves it. */
var showPeople = StateEffect.define();
var carets = StateField.define({
	create: () => [],
	update(carets, { changes, effects, newDoc }) {
		const place = (position) => Math.min(position, newDoc.length);
		const firstLineEnd = newDoc.line(1).to;
		const mapped = changes.empty || carets.length === 0 ? carets : carets.map((caret) => {
			const [anchor, head] = [changes.mapPos(caret.anchor, -1), changes.mapPos(caret.head, -1)];
			return {
				...caret,
				anchor,
				head,
				isOnFirstLine: head <= firstLineEnd
			};
		});
		const people = effects.findLast((effect) => effect.is(showPeople))?.value;
		if (!people) return mapped;
		return people.flatMap(({ session, name, color, cursor }) => {
			if (!cursor) return [];
			const [anchor, head] = [place(cursor.anchor), place(cursor.head)];
			const before = mapped.find((caret) => caret.session === session);
			const hasMoved = before?.head !== head || before.anchor !== anchor;
			return {
				session,
				name,
				color,
				anchor,
				head,
				moves: (before?.moves ?? 0) + (hasMoved ? 1 : 0),
				isOnFirstLine: head <= firstLineEnd
			};
		});
	},
	provide: (field) => EditorView.decorations.from(field, decorate)
});
function decorate(carets) {
	const ranges = [];
	for (const caret of carets) {
		const { anchor, head, color } = caret;
		if (anchor !== head) {
			const selection = Decoration.mark({
				class: "cm-tutti-selection",
				attributes: { style: `--tutti-color: ${color}` }
			});
			ranges.push(selection.range(Math.min(anchor, head), Math.max(anchor, head)));
		}
		ranges.push(Decoration.widget({
			widget: new CaretWidget(caret),
			side: 1
		}).range(head));
	}
	return Decoration.set(ranges, true);
}
var CaretWidget = class extends WidgetType {
	#caret;
	constructor(caret) {
		super();
		this.#caret = caret;
	}
	eq(other) {
		const [a, b] = [this.#caret, other.#caret];
		return a.session === b.session && a.moves === b.moves && a.name === b.name && a.color === b.color && a.isOnFirstLine === b.isOnFirstLine;
	}
	/** Hidden from screen readers: names within the text would be read as part of it. */
	toDOM() {
		const { name, color, isOnFirstLine } = this.#caret;
		const caret = document.createElement("span");
		caret.className = "cm-tutti-caret";
		caret.ariaHidden = "true";
		caret.style.setProperty("--tutti-color", color);
		const flag = caret.appendChild(document.createElement("span"));
		flag.className = isOnFirstLine ? "cm-tutti-flag cm-tutti-flag-below" : "cm-tutti-flag";
		flag.style.color = isDark(color) ? "#fff" : "#000";
		flag.dir = "auto";
		flag.textContent = name;
		return caret;
	}
	ignoreEvent() {
		return true;
	}
};
/** Whether white is easier to read on a colour than black, by the weights of WCAG's luminance. */
function isDark(color) {
	const [red = 0, green = 0, blue = 0] = [
		1,
		3,
		5
	].map((at) => {
		const part = parseInt(color.slice(at, at + 2), 16) / 255;
		return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
	});
	return .2126 * red + .7152 * green + .0722 * blue < .179;
}
var cursors = [carets, EditorView.baseTheme({
	".cm-tutti-selection": { backgroundColor: "color-mix(in srgb, var(--tutti-color) 25%, transparent)" },
	".cm-tutti-caret": {
		position: "relative",
		marginInline: "-1px",
		borderInlineStart: "2px solid var(--tutti-color)",
		pointerEvents: "none"
	},
	".cm-tutti-flag": {
		position: "absolute",
		bottom: "100%",
		insetInlineStart: "-2px",
		zIndex: "5",
		padding: "0 0.3em",
		borderRadius: "3px 3px 3px 0",
		backgroundColor: "var(--tutti-color)",
		font: "600 0.75rem/1.4 system-ui, sans-serif",
		whiteSpace: "nowrap",
		userSelect: "none",
		animation: "cm-tutti-fade 3s forwards"
	},
	".cm-tutti-flag-below": {
		bottom: "auto",
		top: "100%",
		borderRadius: "0 3px 3px 3px"
	},
	"@keyframes cm-tutti-fade": {
		"0%, 70%": { opacity: "1" },
		"100%": { opacity: "0" }
	}
})];
// client/codemirror.ts
var fromServer = Annotation.define();
var setEditable = StateEffect.define();
/**
* Binds a CodeMirror 6 editor to a document of plain text: local edits go out,
* remote ones come in, the others' cursors are shown, and undo takes back one's
* own edits only. The editor takes its content from the document; it is read
* only until that is there, and while the person may not edit.
*/
function tuttiCodeMirror(doc) {
	const editable = StateField.define({
		create: () => false,
		update: (value, { effects }) => effects.reduce((is, effect) => effect.is(setEditable) ? effect.value : is, value),
		provide: (field) => EditorState.readOnly.computeN([field], (state) => state.field(field) ? [] : [true])
	});
	return [
		editable,
		EditorState.changeFilter.of((transaction) => transaction.startState.field(editable)),
		EditorState.transactionFilter.of((transaction) => {
			const repairs = transaction.docChanged ? repairsOf(transaction) : [];
			return repairs.length > 0 ? [transaction, {
				changes: repairs,
				sequential: true
			}] : transaction;
		}),
		ViewPlugin.define((view) => new Binding(view, doc, editable), { eventObservers: { compositionstart() {
			this.holdWhileComposing();
		} } }),
		cursors,
		history(),
		keymap.of(historyKeymap)
	];
}
var compositionPoll = 50;
var Binding = class {
	#view;
	#doc;
	#editable;
	#unsubscribe;
	/** Whether the editor shows the document's content; before that its changes are not ours. */
	#isAttached = false;
	#isDestroyed = false;
	#endHold = null;
	constructor(view, doc, editable) {
		this.#view = view;
		this.#doc = doc;
		this.#editable = editable;
		this.#unsubscribe = [
			doc.on("remote", (delta) => this.#apply(delta)),
			doc.on("reset", (delta) => this.#apply(delta)),
			doc.on("people", (people) => this.#dispatch([], showPeople.of(people))),
			doc.on("state", (state) => this.#setEditable(state))
		];
		queueMicrotask(() => this.#attach());
	}
	update(update) {
		if (!this.#isAttached) return;
		for (const transaction of update.transactions) if (transaction.docChanged && !transaction.annotation(fromServer)) this.#submit(deltaOf(transaction.changes));
		if (this.#view.compositionStarted) this.holdWhileComposing();
		if (this.#view.hasFocus && (update.docChanged || update.selectionSet || update.focusChanged)) {
			const { anchor, head } = update.state.selection.main;
			this.#doc.setCursor({
				anchor,
				head
			});
		}
	}
	destroy() {
		this.#isDestroyed = true;
		for (const unsubscribe of this.#unsubscribe) unsubscribe();
		this.#endHold?.();
		this.#doc.setCursor(null);
	}
	/**
	* Keeps the server's changes away from the text that an input method is
	* composing in. The end is polled for: a composition in an EditContext sends
	* the page no events, and after the last event its text is still to be read.
	*/
	holdWhileComposing() {
		if (this.#endHold) return;
		const release = this.#doc.hold();
		let quietPolls = 0;
		const timer = setInterval(() => {
			quietPolls = this.#view.compositionStarted ? 0 : quietPolls + 1;
			if (quietPolls === 2) this.#endHold?.();
		}, compositionPoll);
		this.#endHold = () => {
			this.#endHold = null;
			clearInterval(timer);
			release();
		};
	}
	#submit(delta) {
		try {
			this.#doc.submit(delta);
		} catch (error) {
			console.error("tutti: an edit could not be taken", error);
			queueMicrotask(() => this.#attach());
		}
	}
	#apply(delta) {
		const length = this.#view.state.doc.length + delta.changeLength();
		if (this.#isAttached && length === this.#doc.length) this.#dispatch(changesOf(delta), showPeople.of(this.#doc.people));
		else this.#attach();
	}
	/** Makes the editor show the document's content, whatever it shows now. */
	#attach() {
		if (this.#isDestroyed || !this.#doc.state.loaded) return;
		const { doc } = this.#view.state;
		const text = Text.of(plainText(this.#doc.content).split("\n"));
		const changes = doc.eq(text) ? [] : {
			from: 0,
			to: doc.length,
			insert: text
		};
		this.#dispatch(changes, showPeople.of(this.#doc.people));
		this.#isAttached = true;
		this.#setEditable(this.#doc.state);
	}
	#setEditable(state) {
		const isEditable = this.#isAttached && mayEdit(state);
		if (isEditable === this.#view.state.field(this.#editable)) return;
		this.#dispatch([], setEditable.of(isEditable));
	}
	#dispatch(changes, effects) {
		this.#view.dispatch({
			changes,
			effects,
			annotations: [
				fromServer.of(true),
				Transaction.remote.of(true),
				Transaction.addToHistory.of(false)
			],
			filter: false
		});
	}
};
export { tuttiCodeMirror };

//# sourceMappingURL=codemirror.js.map