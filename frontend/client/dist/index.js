import { a as difference, d as split, l as moveCursor, n as composeAll, o as hasLoneSurrogate, r as cross, s as insertedText, t as baseLength, u as plainText } from "./delta-oTZx3jFC.js";
import Delta from "quill-delta";
// client/events.ts
/** Typed events whose handlers cannot break the one who emits. */
var Events = class {
	#handlers = {};
	on(name, handler) {
		const handlers = this.#handlers[name] ??= /* @__PURE__ */ new Set();
		const own = (value) => handler(value);
		handlers.add(own);
		return () => handlers.delete(own);
	}
	emit(name, value) {
		for (const handler of [...this.#handlers[name] ?? []]) try {
			handler(value);
		} catch (error) {
			console.error(`tutti: a handler of '${String(name)}' failed`, error);
		}
	}
};
// client/rest/call.ts
/** What the server answered instead, or `status` 0 and code `unreachable` where nobody did. */
var ApiError = class extends Error {
	status;
	/** Stable, for programs; `message` is for people. */
	code;
	constructor(status, code, message, options) {
		super(message, options);
		this.name = "ApiError";
		this.status = status;
		this.code = code;
	}
};
/** The address of a path under `/api/v1`, on the server at `base`. */
function apiUrl(base, path) {
	return `${(base ?? location.origin).replace(/\/+$/, "")}/api/v1${path}`;
}
/** The path of a document. */
function pathOf(id) {
	return `/documents/${encodeURIComponent(id)}`;
}
/** Makes a call and reads its JSON. Throws an ApiError for every answer that is no success. */
async function call(method, path, body, options) {
	const response = await request(method, path, body, "application/json", options);
	return response.status === 204 ? void 0 : await response.json();
}
/** Gets a text in the media type that is asked for. Throws as `call` does. */
async function callText(path, mediaType, options) {
	return (await request("GET", path, void 0, mediaType, options)).text();
}
async function request(method, path, body, accept, { url, token, signal } = {}) {
	const request = {
		method,
		headers: {
			Accept: accept,
			...body && { "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json" },
			...token && { Authorization: `Bearer ${token}` }
		},
		...body && { body: JSON.stringify(body) },
		...signal && { signal }
	};
	let response;
	try {
		response = await fetch(apiUrl(url, path), request);
	} catch (cause) {
		if (signal?.aborted) throw cause;
		throw new ApiError(0, "unreachable", "The server could not be reached.", { cause });
	}
	if (!response.ok) throw await problemOf(response);
	return response;
}
/** Reads problem+json; what is none (a proxy's page) becomes code `unknown`. */
async function problemOf(response) {
	return problemFrom(response.status, response.statusText, await response.text().catch(() => ""));
}
function problemFrom(status, statusText, body) {
	const fallback = statusText || `The server answered ${status}.`;
	try {
		const problem = JSON.parse(body);
		const message = problem.detail ?? problem.title ?? fallback;
		return new ApiError(status, problem.code ?? "unknown", message);
	} catch {
		return new ApiError(status, "unknown", fallback);
	}
}
// client/rest/chat.ts
/** Messages, the newest first. */
function listChat(id, query = {}, options) {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
	return call("GET", `${pathOf(id)}/chat?${parameters}`, void 0, options);
}
/** Says something as a program does, without a socket. */
function postChat(id, text, options) {
	return call("POST", `${pathOf(id)}/chat`, { text }, options);
}
/** Takes a message away: one's own, or anyone's for an owner. */
function deleteChat(id, message, options) {
	return call("DELETE", `${pathOf(id)}/chat/${message}`, void 0, options);
}
// client/chat.ts
var pageSize = 50;
/**
* The conversation beside a document: what has been loaded of it, and one's own
* lines on their way. The server keeps no key of a line, so one is sent again
* after a broken connection only if it is not among what was said meanwhile.
*/
var Chat = class {
	#doc;
	#options;
	#events = new Events();
	#off;
	#messages = [];
	#outbox = [];
	#last = 0;
	#older;
	#loaded = false;
	#isSent = false;
	#isOnline = false;
	constructor(doc, options) {
		this.#doc = doc;
		this.#options = options;
		const offs = [doc.on("chat", (frame) => this.#take(frame)), doc.on("state", ({ status }) => {
			if (status !== "online") this.#isOnline = this.#isSent = false;
		})];
		this.#off = () => offs.forEach((off) => off());
		const { status, lastMessage = 0 } = doc.state;
		if (status === "online") this.#catchUp(lastMessage);
	}
	/** As far as they are loaded, the oldest first. */
	get messages() {
		return this.#messages;
	}
	/** The id of the newest message, 0 for none, whether it is loaded or not. */
	get last() {
		return this.#last;
	}
	/** Whether the server has messages older than those that are loaded. */
	get hasOlder() {
		return !this.#loaded || this.#older !== void 0;
	}
	/** One's own lines that the server has not confirmed. */
	get outbox() {
		return this.#outbox;
	}
	on(name, handler) {
		return this.#events.on(name, handler);
	}
	close() {
		this.#off();
	}
	/** Says a line; while offline it waits. */
	say(text) {
		this.#outbox = [...this.#outbox, text];
		this.#flush();
		this.#changed();
	}
	/** Loads the newest page, or the one before those that are loaded. */
	async load() {
		const before = this.#loaded ? this.#older : void 0;
		if (this.#loaded && before === void 0) return;
		const page = await listChat(this.#doc.id, {
			limit: pageSize,
			...before !== void 0 && { before }
		}, this.#options);
		this.#loaded = true;
		this.#older = page.next;
		this.#merge(page.items);
		this.#changed();
	}
	#take(frame) {
		switch (frame.t) {
			case "welcome":
				this.#catchUp(frame.chat?.last ?? 0);
				break;
			case "chat":
				this.#merge(frame.messages);
				for (const message of frame.messages) this.#heard(message);
				break;
			case "chat_refused": this.#refused(frame.message);
		}
		this.#changed();
	}
	#heard(message) {
		if ("deleted" in message) return;
		if (message.user.id !== this.#doc.state.user?.id) this.#events.emit("message", message);
		else if (message.text === this.#outbox[0]?.trim()) this.#confirmed();
	}
	#refused(why) {
		const text = this.#outbox[0];
		if (text === void 0) return;
		this.#confirmed();
		this.#events.emit("refused", {
			text,
			message: why
		});
	}
	#confirmed() {
		this.#outbox = this.#outbox.slice(1);
		this.#isSent = false;
		this.#flush();
	}
	/** Loads what was said while this was not connected, before any line of ours is sent again. */
	async #catchUp(last) {
		const known = this.#last;
		this.#last = Math.max(known, last);
		if (last > known && (this.#loaded || this.#outbox.length > 0)) try {
			await this.#loadAfter(known);
		} catch {
			return;
		}
		this.#isOnline = true;
		this.#flush();
		this.#changed();
	}
	async #loadAfter(known) {
		let before;
		const missed = [];
		do {
			const query = {
				limit: 200,
				...before !== void 0 && { before }
			};
			const page = await listChat(this.#doc.id, query, this.#options);
			missed.unshift(...[...page.items].reverse().filter(({ id }) => id > known));
			before = (page.items.at(-1)?.id ?? 0) > known ? page.next : void 0;
		} while (before !== void 0);
		this.#merge(missed);
		for (const message of missed) this.#heard(message);
	}
	#flush() {
		const text = this.#outbox[0];
		if (text === void 0 || this.#isSent || !this.#isOnline) return;
		this.#isSent = true;
		this.#doc.say(text);
	}
	#merge(news) {
		const byId = new Map(this.#messages.map((message) => [message.id, message]));
		for (const message of news) {
			this.#last = Math.max(this.#last, message.id);
			if ("deleted" in message) byId.delete(message.id);
			else byId.set(message.id, message);
		}
		this.#messages = [...byId.values()].sort((a, b) => a.id - b.id);
	}
	#changed() {
		this.#events.emit("change", void 0);
	}
};
// client/check.ts
var quietFor = 5e3;
/** A check that fails again after the content was fetched says more about the check. */
var mostDivergences = 3;
/** Now and then compares what we have with what the server has, by a hash. */
var Check = class {
	#environment;
	#text;
	#send;
	#timer;
	#checkedRev = -1;
	#divergences = 0;
	/** `text` answers null while there is nothing to compare, such as when edits are pending. */
	constructor(text, send, environment) {
		this.#text = text;
		this.#send = send;
		this.#environment = environment;
	}
	/** To be called on every change: the check follows when it has been quiet for a while. */
	changed() {
		this.stop();
		this.#timer = this.#environment.setTimeout(() => void this.#run(), quietFor);
	}
	diverged() {
		this.#divergences++;
	}
	stop() {
		this.#environment.clearTimeout(this.#timer);
	}
	async #run() {
		const subtle = globalThis.crypto.subtle;
		const before = this.#text();
		if (!subtle || !before || before.rev === this.#checkedRev) return;
		if (this.#divergences >= mostDivergences) return;
		const digest = await subtle.digest("SHA-256", new TextEncoder().encode(before.text));
		if (this.#text()?.rev !== before.rev) return;
		this.#checkedRev = before.rev;
		this.#send(before.rev, hex(digest));
	}
};
function hex(buffer) {
	return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
// client/environment.ts
var browser = {
	connect(url, subprotocol, events) {
		const socket = new WebSocket(url, subprotocol);
		socket.onopen = () => events.opened();
		socket.onmessage = ({ data }) => events.received(String(data));
		socket.onclose = ({ code, reason }) => events.closed(code, reason);
		return socket;
	},
	now: () => Date.now(),
	random: () => Math.random(),
	setTimeout: (callback, ms) => setTimeout(callback, ms),
	clearTimeout: (timer) => clearTimeout(timer),
	onWake(callback) {
		if (typeof document === "undefined") return () => void 0;
		const onVisible = () => {
			if (document.visibilityState === "visible") callback();
		};
		addEventListener("online", callback);
		addEventListener("offline", callback);
		document.addEventListener("visibilitychange", onVisible);
		return () => {
			removeEventListener("online", callback);
			removeEventListener("offline", callback);
			document.removeEventListener("visibilitychange", onVisible);
		};
	}
};
// client/gate.ts
/** Lets things through in their order, and keeps them back while somebody holds it. */
var Gate = class {
	#pass;
	#waiting = [];
	#holds = 0;
	constructor(pass) {
		this.#pass = pass;
	}
	enter(item) {
		if (this.#holds > 0) this.#waiting.push(item);
		else this.#pass(item);
	}
	/** Holds it until the function that this returns is called. */
	hold() {
		let isHeld = true;
		this.#holds++;
		return () => {
			if (!isHeld) return;
			isHeld = false;
			this.#holds--;
			this.#open();
		};
	}
	/** Forgets what waits. */
	clear() {
		this.#waiting = [];
	}
	#open() {
		while (this.#holds === 0) {
			const item = this.#waiting.shift();
			if (item === void 0) return;
			this.#pass(item);
		}
	}
};
// client/key.ts
/** A new secret of 128 random bits, which makes this editor instance a client of its own. */
function newKey() {
	const bytes = crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16));
	return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
// client/content.ts
/** Few enough for the next read to be quick. */
var mostUnread = 500;
/**
* A content as a value, composed only when it is read: composing takes time in
* proportion to the length, which is too much for every keystroke in a large
* document.
*/
var Content = class Content {
	/** In UTF-16 units. */
	length;
	#source;
	constructor(source, length) {
		this.#source = source;
		this.length = length;
	}
	static of(delta) {
		return new Content(delta, delta.length());
	}
	get delta() {
		const changes = [];
		let source = this.#source;
		while (!(source instanceof Delta)) {
			changes.push(source.change);
			source = source.before.#source;
		}
		if (changes.length > 0) this.#source = source.compose(composeAll(changes.reverse()));
		return this.#source;
	}
	/** The content after a change. */
	compose(change) {
		let depth = this.#source instanceof Delta ? 1 : this.#source.depth + 1;
		if (depth > mostUnread) {
			this.#source = this.delta;
			depth = 1;
		}
		return new Content({
			before: this,
			change,
			depth
		}, this.length + change.changeLength());
	}
};
// client/machine.ts
/**
* The client's half of the collaboration protocol, as a pure state machine: no
* sockets, no timers, no DOM. It holds the content the server has committed, one
* delta in flight, and a buffer of what was edited since:
*
*     content (what the person sees) = committed ∘ in flight ∘ buffer
*
* The delta in flight is frozen until its record comes back: it is transformed
* over what others committed before it, as the server does, but never composed
* with later edits, so that it can be sent again with the same sequence number.
*/
var nothing = {
	inflight: null,
	buffer: null,
	barrier: null
};
/** The stream of records cannot be continued: only the whole content helps. */
var OutOfStep = class extends Error {};
var Machine = class {
	#client = "";
	#epoch = null;
	#rev = 0;
	#lastSeq = 0;
	#committed = Content.of(new Delta());
	#content = this.#committed;
	#pending = nothing;
	/** The history that `rev` counts in; null before the first content. */
	get epoch() {
		return this.#epoch;
	}
	get rev() {
		return this.#rev;
	}
	/** What the person sees. */
	get content() {
		return this.#content.delta;
	}
	/** The length of `content`, which takes no reading of it. */
	get length() {
		return this.#content.length;
	}
	/** The number of local edits that are not acknowledged yet. */
	get pending() {
		const { inflight, buffer } = this.#pending;
		return (inflight?.edits ?? 0) + (buffer?.edits ?? 0);
	}
	/** Whether the server has all that the person sees. */
	get isSynchronized() {
		const { inflight, buffer, barrier } = this.#pending;
		return !inflight && !buffer && barrier === null;
	}
	/** All that is not acknowledged, as one delta on the committed content. */
	get unacknowledged() {
		const { inflight, buffer } = this.#pending;
		return composeAll([inflight, buffer].flatMap((part) => part?.delta ?? []));
	}
	/** A position at the server's revision, as the person sees it. */
	toVisible(position) {
		const { inflight, buffer } = this.#pending;
		for (const part of [inflight, buffer]) if (part) position = part.delta.transformPosition(position, true);
		return position;
	}
	/**
	* Takes an edit that the person's editor has already applied.
	* Throws, and changes nothing, where the delta does not fit the content.
	*/
	submit(delta) {
		if (this.#epoch === null) throw new Error("tutti: the document is not loaded yet");
		if (baseLength(delta) > this.length) throw new RangeError("tutti: the delta reaches beyond the end of the document");
		if (hasLoneSurrogate(delta)) throw new RangeError("tutti: the delta holds half a character");
		if (delta.ops.length === 0) return;
		const { buffer } = this.#pending;
		this.#content = this.#content.compose(delta);
		this.#pending = {
			...this.#pending,
			buffer: {
				delta: buffer ? buffer.delta.compose(delta) : delta,
				edits: (buffer?.edits ?? 0) + 1
			}
		};
	}
	/**
	* Puts the buffer in flight, or as much of it as fits in `budget` bytes of
	* JSON. Returns whether there is something new to send.
	*/
	flush(budget = Infinity) {
		const { inflight, buffer, barrier } = this.#pending;
		if (inflight || barrier !== null || !buffer) return false;
		const [delta, rest] = split(buffer.delta, budget);
		this.#pending = {
			...nothing,
			inflight: {
				delta,
				edits: rest ? 0 : buffer.edits,
				client: this.#client,
				seq: ++this.#lastSeq
			},
			buffer: rest && {
				delta: rest,
				edits: buffer.edits
			}
		};
		return true;
	}
	/**
	* The frame to send now, or again after a reconnect.
	*
	* What is in flight under a former client id (its key was taken over) has been
	* decided, but its record may still be ahead of us. An empty delta goes first:
	* when that one comes back, all records before it have been seen.
	*/
	outgoing() {
		const { inflight, barrier } = this.#pending;
		if (barrier === null && inflight?.client === this.#client) return {
			t: "op",
			seq: inflight.seq,
			rev: this.#rev,
			op: inflight.delta.ops
		};
		if (barrier === null && !inflight) return null;
		const seq = barrier ?? ++this.#lastSeq;
		this.#pending = {
			...this.#pending,
			barrier: seq
		};
		return {
			t: "op",
			seq,
			rev: this.#rev,
			op: []
		};
	}
	/** Goes on from the own revision, in a new session. */
	resume({ client, seq, epoch }) {
		if (epoch !== this.#epoch) throw new OutOfStep("another epoch");
		if (client !== this.#client) this.#pending = {
			...this.#pending,
			barrier: null
		};
		this.#client = client;
		this.#lastSeq = Math.max(this.#lastSeq, seq);
	}
	/**
	* Takes the whole content from the server, at the start or where the stream
	* could not be continued. Returns what that changes in what the person sees.
	*/
	adopt(content, { client, seq, epoch, rev }) {
		const { inflight } = this.#pending;
		let before = {
			...this.#pending,
			barrier: null
		};
		let known = this.#committed.delta;
		if (inflight && inflight.client !== client) before = recalled(before);
		else if (inflight && inflight.seq <= seq) {
			before = {
				...before,
				inflight: null
			};
			known = known.compose(inflight.delta);
		}
		const { pending, visible } = carry(before, difference(known, content));
		this.#lastSeq = Math.max(this.#lastSeq, seq);
		this.#client = client;
		this.#epoch = epoch;
		this.#rev = rev;
		this.#pending = pending;
		this.#committed = Content.of(content);
		this.#content = this.#committed.compose(this.unacknowledged);
		return visible;
	}
	/** Takes the next records of the stream, all of them or, where it throws, none. */
	receive(records) {
		let rev = this.#rev;
		let pending = this.#pending;
		let lastSeq = this.#lastSeq;
		let acknowledged = 0;
		const steps = [];
		const visible = [];
		for (const record of records) {
			const { client, seq } = record;
			const { inflight, barrier } = pending;
			const isAcknowledgement = client === inflight?.client && seq === inflight.seq;
			if (record.rev <= rev) {
				if (isAcknowledgement) throw new OutOfStep("an acknowledgement out of its turn");
				continue;
			}
			if (record.rev !== rev + 1) throw new OutOfStep(`revision ${record.rev} after ${rev}`);
			rev = record.rev;
			if (client === this.#client) lastSeq = Math.max(lastSeq, seq);
			if (isAcknowledgement) {
				acknowledged++;
				steps.push({
					client,
					delta: inflight.delta
				});
				pending = {
					...pending,
					inflight: null
				};
			} else if (client === this.#client && seq === barrier) pending = recalled(pending);
			else {
				if (!record.op) throw new OutOfStep("a record without its delta");
				const delta = new Delta(record.op);
				steps.push({
					client,
					delta
				});
				const carried = carry(pending, delta);
				pending = carried.pending;
				visible.push(carried.visible);
			}
		}
		const change = composeAll(visible);
		this.#content = this.#content.compose(change);
		this.#committed = isEmpty(pending) ? this.#content : this.#committed.compose(composeAll(steps.map((step) => step.delta)));
		this.#rev = rev;
		this.#pending = pending;
		this.#lastSeq = lastSeq;
		return {
			steps,
			visible: change,
			acknowledged
		};
	}
	/**
	* Takes back the delta in flight, which the server refused. Returns it, and
	* what taking it back changes in what the person sees; null where the refusal
	* is of no delta that is in flight.
	*/
	refuse(seq) {
		const { inflight, buffer, barrier } = this.#pending;
		if (!inflight || seq !== inflight.seq && seq !== barrier) return null;
		const inverse = inflight.delta.invert(this.#committed.delta);
		const { pending, visible } = carry({
			...nothing,
			buffer
		}, inverse);
		this.#pending = pending;
		this.#content = this.#committed.compose(this.unacknowledged);
		return {
			refused: inflight.delta,
			visible
		};
	}
	/** Puts the delta in flight, known not to be committed, back in front of the buffer. */
	recall() {
		this.#pending = recalled(this.#pending);
	}
};
function isEmpty(pending) {
	return !pending.inflight && !pending.buffer;
}
function recalled({ inflight, buffer }) {
	if (!inflight) return {
		...nothing,
		buffer
	};
	const delta = buffer ? inflight.delta.compose(buffer.delta) : inflight.delta;
	return {
		...nothing,
		buffer: {
			delta,
			edits: inflight.edits + (buffer?.edits ?? 0)
		}
	};
}
/** Carries a change of the committed content over what is pending, and that over it. */
function carry(pending, change) {
	let visible = change;
	const over = (part) => {
		if (!part) return null;
		const { ours, theirs } = cross(part.delta, visible);
		visible = theirs;
		return {
			...part,
			delta: ours
		};
	};
	const inflight = over(pending.inflight);
	const buffer = over(pending.buffer);
	return {
		pending: {
			...pending,
			inflight,
			buffer
		},
		visible
	};
}
// client/presence.ts
/** The other sessions, their cursors kept at the server's revision as records come in. */
var People = class {
	#bySession = /* @__PURE__ */ new Map();
	/** As the person here sees them: cursors carried over what is pending. */
	visible(machine) {
		return [...this.#bySession.values()].map((person) => ({
			...person,
			cursor: person.cursor && {
				anchor: machine.toVisible(person.cursor.anchor),
				head: machine.toVisible(person.cursor.head)
			}
		}));
	}
	reset(people) {
		this.#bySession = new Map(people.map((person) => [person.session, person]));
	}
	update(changes) {
		for (const change of changes) if ("gone" in change) this.#bySession.delete(change.session);
		else this.#bySession.set(change.session, change);
	}
	/** Moves all cursors by committed deltas. Returns whether any moved. */
	move(steps) {
		let moved = false;
		for (const person of this.#bySession.values()) {
			const cursor = moveBy(person.cursor, person.client, steps);
			if (cursor === person.cursor) continue;
			this.#bySession.set(person.session, {
				...person,
				cursor
			});
			moved = true;
		}
		return moved;
	}
};
var sendEvery = 80;
/**
* The person's own cursor on its way to the others. It goes out only while
* nothing is unacknowledged, since only then do we know its place at a revision;
* and only where the server, which moves it by every record as we do here, does
* not have it in the right place already.
*/
var OwnCursor = class {
	#environment;
	#send;
	#wanted = null;
	#known = null;
	#timer = null;
	/** `send` answers whether the cursor could be sent now; else `flush` is called once it can. */
	constructor(send, environment) {
		this.#send = send;
		this.#environment = environment;
	}
	set(cursor) {
		this.#wanted = cursor;
		this.flush();
	}
	/** Moves it by a change of what the person sees, who made it or not. */
	moveWanted(change, isAuthor) {
		this.#wanted &&= moveCursor(this.#wanted, change, isAuthor);
	}
	/** Moves what the server knows of it by committed deltas. */
	moveKnown(client, steps) {
		this.#known = moveBy(this.#known, client, steps);
	}
	/** To be called for a new session, which the server knows no cursor of. */
	forget() {
		this.#known = null;
	}
	flush() {
		if (this.#timer !== null || isSame(this.#wanted, this.#known)) return;
		if (!this.#send(this.#wanted)) return;
		this.#known = this.#wanted;
		this.#timer = this.#environment.setTimeout(() => {
			this.#timer = null;
			this.flush();
		}, sendEvery);
	}
};
function moveBy(cursor, client, steps) {
	if (!cursor) return null;
	return steps.reduce((at, step) => moveCursor(at, step.delta, step.client === client), cursor);
}
function isSame(a, b) {
	return a?.anchor === b?.anchor && a?.head === b?.head;
}
// client/wire.ts
var subprotocol = "tutti.v1";
// client/socket.ts
var verdicts = /* @__PURE__ */ new Map([
	[1e3, "stop"],
	[1002, "stop"],
	[1007, "stop"],
	[1009, "stop"],
	[4400, "stop"],
	[4401, "stop"],
	[4403, "stop"],
	[4404, "stop"],
	[4409, "refetch"],
	[4410, "stop"],
	[4411, "rekey"]
]);
/** Codes that are not in the contract, such as 1006 for a cut line, are worth a retry. */
function verdictOn(code) {
	return verdicts.get(code) ?? "retry";
}
var firstBackoff = 500;
var longestBackoff = 15e3;
/** A connection that held this long was a good one: backoff starts anew after it. */
var steadyAfter = 1e4;
var openWithin = 15e3;
/** The first frame may hold a large document, on a slow line. */
var welcomeWithin = 6e4;
/** Well within the 60 s after which the server cuts who sends nothing. */
var pingAfter = 25e3;
var answerWithin = 15e3;
/** After a sign that the network has changed, one wants to know soon. */
var probeWithin = 5e3;
/** As browsers say it: the socket ended without a closing handshake. */
var abnormal = 1006;
var Connection = class {
	#url;
	#handlers;
	#environment;
	#socket = null;
	#state = { status: "closed" };
	#attempt = 0;
	/** The server asked not to be tried before. */
	#notBefore = 0;
	#welcomedAt = null;
	#heardAt = 0;
	#sentAt = 0;
	#pings = 0;
	/** Whether anything came after the last ping. */
	#answered = false;
	/** The one thing waited for: a retry, an opening, a welcome, the next ping, its answer. */
	#timer;
	#forgetWake = null;
	constructor(url, handlers, environment) {
		this.#url = url;
		this.#handlers = handlers;
		this.#environment = environment;
	}
	open() {
		if (this.#state.status === "connecting") return;
		this.#forgetWake ??= this.#environment.onWake(() => this.#wake());
		this.#connect();
	}
	close() {
		this.#drop();
		this.#rest({ status: "closed" });
	}
	/** Starts again on a new socket: at once, or with backoff after an error. */
	restart({ backoff }) {
		if (this.#state.status !== "connecting") return;
		if (backoff) this.#end(abnormal, "restarted");
		else {
			this.#drop();
			this.#connect();
		}
	}
	send(frame) {
		this.#sentAt = this.#environment.now();
		this.#socket?.send(JSON.stringify(frame));
	}
	#connect() {
		this.#wait(openWithin, () => this.#end(abnormal, "no answer"));
		const unlessDropped = (handle) => (...values) => {
			if (socket === this.#socket) handle(...values);
		};
		const socket = this.#environment.connect(this.#url, subprotocol, {
			opened: unlessDropped(() => {
				this.#wait(welcomeWithin, () => this.#end(abnormal, "no welcome"));
				this.send(this.#handlers.hello());
			}),
			received: unlessDropped((data) => this.#receive(data)),
			closed: unlessDropped((code, reason) => this.#end(code, reason))
		});
		this.#socket = socket;
		this.#welcomedAt = null;
		this.#become({ status: "connecting" });
	}
	#receive(data) {
		this.#heardAt = this.#environment.now();
		this.#answered = true;
		let frame;
		try {
			frame = JSON.parse(data);
		} catch {
			this.#end(abnormal, "a frame that is no JSON");
			return;
		}
		if (frame.t === "bye") {
			this.#end(frame.code, frame.reason, frame);
			return;
		}
		if (frame.t === "welcome") {
			this.#welcomedAt = this.#heardAt;
			this.#watch();
		}
		this.#handlers.receive(frame);
	}
	/** Pings a silent peer, and gives up one that does not answer: a half-open socket never closes. */
	#watch() {
		const silence = this.#environment.now() - Math.min(this.#heardAt, this.#sentAt);
		if (silence < pingAfter) this.#wait(pingAfter - silence, () => this.#watch());
		else this.#probe(answerWithin);
	}
	#probe(within) {
		this.#answered = false;
		this.send({
			t: "ping",
			n: ++this.#pings
		});
		this.#wait(within, () => {
			if (this.#answered) this.#watch();
			else this.#end(abnormal, "no answer to a ping");
		});
	}
	#wake() {
		if (this.#state.status === "waiting") {
			this.#attempt = 0;
			if (this.#environment.now() >= this.#notBefore) this.#connect();
		} else if (this.#welcomedAt !== null) this.#probe(probeWithin);
	}
	#end(code, reason, bye) {
		const now = this.#environment.now();
		if (this.#welcomedAt !== null && now - this.#welcomedAt >= steadyAfter) this.#attempt = 0;
		this.#drop();
		const verdict = verdictOn(code);
		this.#handlers.ended(verdict);
		if (verdict === "stop") {
			this.#rest({
				status: "stopped",
				code,
				reason
			});
			return;
		}
		const backoff = this.#environment.random() * Math.min(longestBackoff, firstBackoff * 2 ** this.#attempt++);
		const delay = (bye?.retryAfter ?? 0) * 1e3 + backoff;
		this.#notBefore = bye?.retryAfter ? now + delay : 0;
		this.#wait(delay, () => this.#connect());
		this.#become({
			status: "waiting",
			retryAt: now + delay
		});
	}
	/** Lets go of the socket: nothing that it still does is heard. */
	#drop() {
		this.#environment.clearTimeout(this.#timer);
		this.#welcomedAt = null;
		const socket = this.#socket;
		this.#socket = null;
		socket?.close(1e3);
	}
	#rest(state) {
		this.#forgetWake?.();
		this.#forgetWake = null;
		this.#attempt = 0;
		this.#become(state);
	}
	#wait(ms, callback) {
		this.#environment.clearTimeout(this.#timer);
		this.#timer = this.#environment.setTimeout(callback, ms);
	}
	#become(state) {
		this.#state = state;
		this.#handlers.changed(state);
	}
};
// client/document.ts
/** What a frame takes besides the delta in it. */
var envelopeBytes = 128;
/**
* A document that is edited together. Edits go in by `submit` and come out by
* the events `remote` and `reset`; they are kept while offline and sent when the
* server is back. All positions count UTF-16 code units, an embed counting one.
*/
var TuttiDocument = class {
	#options;
	#environment;
	#events = new Events();
	#connection;
	#machine = new Machine();
	#others = new People();
	#cursor;
	#check;
	#gate = new Gate((frame) => this.#process(frame));
	#key;
	#client = "";
	#refetch = false;
	#isOnline = false;
	#sendAfter = 0;
	#sendTimer;
	#people = null;
	#state = {
		status: "offline",
		loaded: false,
		saved: true,
		pending: 0,
		revision: 0,
		role: "viewer",
		kind: "text",
		title: "",
		language: "",
		refusals: []
	};
	constructor(options, environment = browser) {
		this.#options = { ...options };
		this.#environment = environment;
		this.#key = options.key ?? newKey();
		const path = `/documents/${encodeURIComponent(options.id)}/socket`;
		this.#connection = new Connection(apiUrl(options.url, path).replace(/^http/, "ws"), {
			hello: () => this.#hello(),
			receive: (frame) => this.#gate.enter(frame),
			ended: (verdict) => this.#ended(verdict),
			changed: (state) => this.#show(state)
		}, environment);
		this.#cursor = new OwnCursor((cursor) => {
			if (!this.#isSettled()) return false;
			this.#send({
				t: "presence",
				rev: this.#machine.rev,
				cursor
			});
			return true;
		}, environment);
		this.#check = new Check(() => this.#isSettled() ? {
			rev: this.#machine.rev,
			text: plainText(this.#machine.content)
		} : null, (rev, hash) => this.#send({
			t: "check",
			rev,
			hash
		}), environment);
	}
	get id() {
		return this.#options.id;
	}
	get state() {
		return this.#state;
	}
	/** What the person sees, edits that are not acknowledged included. */
	get content() {
		return this.#machine.content;
	}
	/** The length of `content`, which is cheaper to ask for than `content` itself. */
	get length() {
		return this.#machine.length;
	}
	/** The other sessions. Their cursors are positions in `content`. */
	get people() {
		return this.#people ??= this.#others.visible(this.#machine);
	}
	/** What the person wrote that the server has not acknowledged, for copying. */
	get unsavedText() {
		return insertedText(this.#machine.unacknowledged);
	}
	connect() {
		this.#connection.open();
	}
	/** Disconnects for good. What is pending stays here, for `connect` to send. */
	close() {
		this.#ended("stop");
		this.#connection.close();
	}
	/**
	* Takes an edit that the editor has already applied. Throws where the delta
	* does not fit the content, or the content has not been loaded yet.
	*/
	submit(delta) {
		this.#machine.submit(delta);
		this.#cursor.moveWanted(delta, true);
		this.#people = null;
		this.#flush();
		this.#check.changed();
		this.#update({});
	}
	/** Shows the others where the person is, in positions of `content`. */
	setCursor(cursor) {
		this.#cursor.set(cursor);
	}
	/** Says a line to the others; see `Chat`, which knows whether it arrived. */
	say(text) {
		this.#send({
			t: "chat",
			text
		});
	}
	/** Changes how others see the person; for that the session starts anew. */
	setIdentity(name, color) {
		this.#options.name = name;
		this.#options.color = color;
		this.#ended("retry");
		this.#connection.restart({ backoff: false });
	}
	/** Forgets what was taken back, once the person has seen it. */
	discardRefused() {
		this.#update({ refusals: [] });
	}
	on(name, handler) {
		return this.#events.on(name, handler);
	}
	/**
	* For bindings: until the function that it returns is called, nothing that
	* comes from the server has effect, while edits are taken as ever. An input
	* method's composition breaks when the text under it changes.
	*/
	hold() {
		return this.#gate.hold();
	}
	#hello() {
		const { token, name, color } = this.#options;
		const { epoch, rev } = this.#machine;
		return {
			t: "hello",
			key: this.#key,
			...epoch !== null && !this.#refetch && {
				epoch,
				rev
			},
			...token !== void 0 && { token },
			...name !== void 0 && { name },
			...color !== void 0 && { color }
		};
	}
	#process(frame) {
		try {
			this.#handle(frame);
		} catch (error) {
			console.error("tutti: out of step with the server, fetching the content", error);
			this.#startOver();
		}
	}
	/** Connects anew and asks for the whole content. */
	#startOver() {
		this.#refetch = true;
		this.#connection.restart({ backoff: true });
	}
	#handle(frame) {
		switch (frame.t) {
			case "welcome":
				this.#welcome(frame);
				break;
			case "records":
				this.#take(frame.records);
				this.#flush();
				break;
			case "presence":
				this.#others.update(frame.people);
				this.#showPeople();
				break;
			case "meta":
				this.#setMeta(frame);
				break;
			case "notice":
				this.#events.emit("notice", frame.text);
				break;
			case "refused":
				this.#refuse(frame);
				break;
			case "chat":
			case "chat_refused":
				this.#events.emit("chat", frame);
				break;
			case "diverged":
				this.#check.diverged();
				this.#startOver();
		}
	}
	#welcome(frame) {
		this.#client = frame.client;
		this.#cursor.forget();
		const change = frame.content && this.#machine.adopt(new Delta(frame.content), frame);
		if (!change) this.#machine.resume(frame);
		this.#refetch = false;
		this.#isOnline = true;
		this.#sendAfter = 0;
		const { kind, user, limits } = frame;
		const lastMessage = frame.chat?.last ?? 0;
		this.#update({
			status: "online",
			loaded: true,
			kind,
			user,
			limits,
			lastMessage
		});
		this.#setMeta(frame);
		this.#others.reset(change ? frame.people : []);
		if (change) this.#showChange("reset", change);
		else this.#take(frame.records ?? []);
		this.#others.reset(frame.people);
		this.#showPeople();
		this.#transmit();
		this.#flush();
		this.#events.emit("chat", frame);
	}
	#take(records) {
		const { visible, steps } = this.#machine.receive(records);
		const moved = this.#others.move(steps);
		this.#cursor.moveKnown(this.#client, steps);
		this.#check.changed();
		if (moved) this.#people = null;
		this.#showChange("remote", visible);
		if (moved) this.#showPeople();
		this.#update({});
	}
	#refuse({ seq, code, message }) {
		if (code === "seq_stale" || code === "rev_stale" || code === "rev_beyond_head") {
			this.#machine.recall();
			this.#startOver();
			return;
		}
		const taken = this.#machine.refuse(seq);
		if (!taken) return;
		this.#people = null;
		const refusal = {
			code,
			message,
			text: insertedText(taken.refused)
		};
		this.#showChange("remote", taken.visible);
		this.#update({ refusals: [...this.#state.refusals, refusal] });
		this.#events.emit("refused", refusal);
		this.#flush();
	}
	#showChange(event, change) {
		this.#people = null;
		this.#cursor.moveWanted(change, false);
		if (change.ops.length > 0 || event === "reset") this.#events.emit(event, change);
	}
	#setMeta(meta) {
		const title = meta.title ?? this.#state.title;
		const language = meta.language ?? this.#state.language;
		const role = meta.role ?? this.#state.role;
		const before = this.#state;
		if (title === before.title && language === before.language && role === before.role) return;
		this.#update({
			title,
			language,
			role
		});
		this.#events.emit("meta", {
			title,
			language,
			role
		});
	}
	#showPeople() {
		this.#people = null;
		this.#events.emit("people", this.people);
	}
	/** Sends what has gathered, in the pace that the server takes. */
	#flush() {
		if (!this.#isOnline) return;
		this.#environment.clearTimeout(this.#sendTimer);
		const wait = this.#sendAfter - this.#environment.now();
		if (wait > 0) {
			this.#sendTimer = this.#environment.setTimeout(() => this.#flush(), wait);
			return;
		}
		const { limits } = this.#state;
		if (limits && this.#outgrows(limits)) {
			this.#sendTimer = this.#environment.setTimeout(() => this.#refuseBuffer(limits), 0);
			return;
		}
		const budget = limits && Math.min(limits.delta, limits.frame - envelopeBytes);
		if (this.#machine.flush(budget)) this.#transmit();
		else this.#cursor.flush();
	}
	/** Whether the server would refuse what is pending, after taking some of it where it is split. */
	#outgrows({ document }) {
		const { length, unacknowledged } = this.#machine;
		return length > document && unacknowledged.changeLength() > 0;
	}
	#refuseBuffer({ document }) {
		if (!this.#isOnline || !this.#machine.flush()) return;
		const seq = this.#machine.outgoing()?.seq ?? 0;
		const message = `the document would have more than ${document} units`;
		this.#refuse({
			t: "refused",
			seq,
			code: "document_too_large",
			message
		});
	}
	#transmit() {
		const frame = this.#machine.outgoing();
		if (!frame) return;
		const rate = this.#state.limits?.rate;
		this.#sendAfter = this.#environment.now() + (rate ? 1e3 / rate : 0);
		this.#send(frame);
	}
	#send(frame) {
		this.#connection.send(frame);
	}
	/** Whether the server has just what the person sees, and can be told so. */
	#isSettled() {
		return this.#isOnline && this.#machine.isSynchronized;
	}
	#ended(verdict) {
		this.#isOnline = false;
		this.#gate.clear();
		this.#check.stop();
		this.#environment.clearTimeout(this.#sendTimer);
		if (verdict === "refetch") this.#refetch = true;
		if (verdict === "rekey") this.#key = newKey();
	}
	#show(connection) {
		switch (connection.status) {
			case "connecting":
				this.#update({ status: "connecting" });
				break;
			case "waiting":
				this.#update({
					status: "offline",
					retryAt: connection.retryAt
				});
				break;
			case "closed":
				this.#update({ status: "offline" });
				break;
			case "stopped": {
				const { code, reason } = connection;
				this.#update({
					status: "stopped",
					stopped: {
						code,
						reason
					}
				});
				break;
			}
		}
		if (connection.status !== "connecting") {
			this.#others.reset([]);
			this.#showPeople();
		}
	}
	#update(change) {
		const { stopped, retryAt, ...rest } = this.#state;
		const keepsStatus = change.status === void 0;
		this.#state = {
			...rest,
			...keepsStatus && stopped && { stopped },
			...keepsStatus && retryAt !== void 0 && { retryAt },
			...change,
			saved: this.#machine.isSynchronized,
			pending: this.#machine.pending,
			revision: this.#machine.rev
		};
		this.#events.emit("state", this.#state);
	}
};
// client/rest/documents.ts
function listDocuments(query = {}, options) {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) parameters.set(name, String(value));
	return call("GET", `/documents?${parameters}`, void 0, options);
}
function createDocument(document = {}, options) {
	return call("POST", "/documents", document, options);
}
function getDocument(id, options) {
	return call("GET", pathOf(id), void 0, options);
}
function patchDocument(id, patch, options) {
	return call("PATCH", pathOf(id), patch, options);
}
/** Moves a document to the trash, or deletes it for good. */
function deleteDocument(id, { permanent = false, ...options } = {}) {
	return call("DELETE", pathOf(id) + (permanent ? "?permanent=true" : ""), void 0, options);
}
/** Brings a document back from the trash. */
function restoreDocument(id, options) {
	return call("POST", `${pathOf(id)}/restore`, void 0, options);
}
/** Makes a document of its own with the content of another, as it is or as it was at `rev`. */
function duplicateDocument(id, copy = {}, options) {
	return call("POST", `${pathOf(id)}/duplicate`, copy, options);
}
/** The address of a document as a file; `archive` is the document with its whole history. */
function exportUrl(id, format, { url } = {}) {
	const path = format === "archive" ? "/archive" : `/export?format=${format}`;
	return apiUrl(url, pathOf(id) + path);
}
// client/rest/files.ts
/** Pictures of a document, kept beside it as files. */
/** What the server takes as a picture. */
var pictureTypes = [
	"image/png",
	"image/jpeg",
	"image/gif",
	"image/webp"
];
/** Bytes of one file. */
var largestFile = 10485760;
/** Uploads a picture; `onProgress` is told the share that is through, from 0 to 1. */
function uploadFile(id, file, { url, token, signal, onProgress } = {}) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open("POST", apiUrl(url, `${pathOf(id)}/files`));
		request.setRequestHeader("Accept", "application/json");
		request.setRequestHeader("Content-Type", file.type);
		if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
		request.upload.onprogress = ({ loaded, total }) => onProgress?.(total ? loaded / total : 0);
		request.onload = () => {
			if (request.status === 201) resolve(JSON.parse(request.responseText));
			else reject(problemFrom(request.status, request.statusText, request.responseText));
		};
		request.onerror = () => reject(new ApiError(0, "unreachable", "The server could not be reached."));
		request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
		signal?.addEventListener("abort", () => request.abort());
		if (signal?.aborted) request.onabort(new ProgressEvent("abort"));
		else request.send(file);
	});
}
// client/rest/history.ts
/** What became of a document: its revisions, who wrote what, and going back. */
/** A page of the history, newest first. */
function listRevisions(id, query = {}, options) {
	return call("GET", withQuery(`${pathOf(id)}/revisions`, query), void 0, options);
}
/** A page of the named revisions, newest first. */
function listVersions(id, query = {}, options) {
	return call("GET", withQuery(`${pathOf(id)}/versions`, query), void 0, options);
}
/** Names a revision, in place of the name that it may have; without `rev` the head. */
function createVersion(id, version, options) {
	return call("POST", `${pathOf(id)}/versions`, version, options);
}
/** Takes a revision's name away; the revision stays. */
function deleteVersion(id, rev, options) {
	return call("DELETE", `${pathOf(id)}/versions/${rev}`, void 0, options);
}
/**
* Brings back a revision, or undoes what one author did, as a new record. With
* `dryRun` nothing is committed, and the answer says what would be.
*/
function revert(id, what, options) {
	return call("POST", `${pathOf(id)}/revert`, what, options);
}
/** Who wrote each run of the content at a revision; without `rev` the head. */
function getBlame(id, query = {}, options) {
	return call("GET", withQuery(`${pathOf(id)}/blame`, query), void 0, options);
}
/** What changed in the text from one revision to another. */
async function getDiff(id, from, to, options) {
	return (await call("GET", withQuery(`${pathOf(id)}/diff`, {
		from,
		to
	}), void 0, options)).items;
}
/** The same as `getDiff`, as patch reads it. */
function unifiedDiff(id, from, to, options) {
	return callText(withQuery(`${pathOf(id)}/diff`, {
		from,
		to
	}), "text/x-diff", options);
}
/** The records after a revision, dense and in order: at most 1,000 at once. */
async function getRecords(id, query = {}, options) {
	return (await call("GET", withQuery(`${pathOf(id)}/records`, query), void 0, options)).items;
}
/** The content at a revision; without `rev` at the head. */
async function contentAt(id, rev, options) {
	const text = await contentAs(id, "application/vnd.quill.delta+json", rev, options);
	return new Delta(JSON.parse(text));
}
/** The content at a revision as one of the media types that the server has for it. */
function contentAs(id, mediaType, rev, options) {
	return callText(withQuery(`${pathOf(id)}/content`, { ...rev !== void 0 && { rev } }), mediaType, options);
}
function withQuery(path, query) {
	const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
	return parameters.size === 0 ? path : `${path}?${parameters}`;
}
export { ApiError, Chat, TuttiDocument, contentAs, contentAt, createDocument, createVersion, deleteChat, deleteDocument, deleteVersion, duplicateDocument, exportUrl, getBlame, getDiff, getDocument, getRecords, largestFile, listChat, listDocuments, listRevisions, listVersions, patchDocument, pictureTypes, postChat, restoreDocument, revert, unifiedDiff, uploadFile };

//# sourceMappingURL=index.js.map