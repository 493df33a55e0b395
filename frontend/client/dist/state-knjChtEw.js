// client/state.ts
/** Whether the person's edits would be taken: bindings let nobody type in vain. */
function mayEdit({ loaded, role, status }) {
	return loaded && status !== "stopped" && (role === "owner" || role === "editor");
}
export { mayEdit as t };

//# sourceMappingURL=state-knjChtEw.js.map