// What each table shows. A filter's `of` gives the value of a row, a column's `by` what it is sorted by.
const badge = (state) => el("span", { class: "state " + state }, icon(data.icons[state]), word(state));
const severity = (level) => el("span", { class: "severity " + level }, level);
const title = (...children) => el("span", { class: "title" }, children);
const controlLink = (index) => link("#control/" + encodeURIComponent(data.controls[index].id), data.controls[index].title);
const requirementLink = (row) => link(`#requirement/${encodeURIComponent(row.framework.id)}/${encodeURIComponent(row.id)}`, row.id);
const controlCell = (index) => [title(controlLink(index)), small(code(data.controls[index].id))];
const place = (file, line) => (file ? code(line > 0 ? `${file}:${line}` : file) : null);
const causeCell = ([kind, detail]) => kind && [title(data.causeWords[kind] || kind), small(detail)];
const remedyCell = ([kind, , permission]) => (permission ? code(permission) : data.remedies[kind]);

function resourceCell(verdict) {
	const { id, kind, scope, region, count, file } = data.resources;
	const row = resourceOf(verdict);
	const where = [text(kind[row]), text(scope[row]), text(region[row])].filter(Boolean).join(" · ");
	const copies = count[row] > 1 ? ` · stands for ${number(count[row])} equal ones` : "";
	return [code(isListed(verdict) ? id[row] : "could not be listed"), small(where, copies), small(place(text(file[row]), noteOf(verdict, "line", 0)))];
}

function findingCell(finding) {
	const { message, path, expected, actual } = data.findings;
	const facts = [["at", path], ["expected", expected], ["found", actual]].filter(([, column]) => column[finding] >= 0);
	const waiver = noteOf(verdictOf(finding), "waiver", -1);
	return [
		el("div", {}, text(message[finding])),
		facts.length ? el("dl", { class: "values" }, facts.map(([name, column]) => [el("dt", {}, name), el("dd", {}, code(text(column[finding])))])) : null,
		waiver < 0 ? null : small("Waiver: ", text(waiver)),
	];
}

function controlList(indexes) {
	const shown = indexes.length > 4 ? 3 : 4;
	const lines = (some) => el("ul", { class: "lines small" }, some.map((index) => {
		const { state } = data.controls[index];
		return el("li", { class: state }, icon(data.icons[state]), el("span", {}, controlLink(index), el("span", { class: "hidden-text" }, ": " + word(state))));
	}));
	if (!indexes.length) return null;
	const rest = indexes.slice(shown);
	return [lines(indexes.slice(0, shown)), rest.length ? el("details", {}, el("summary", {}, `${rest.length} more`), lines(rest)) : null];
}

const severityRank = (control) => data.severities.indexOf(severityOf(control));
const stateRank = (state) => data.states.indexOf(state);
const RESULT = { name: "result", label: "Result", of: outcomeOf, label_of: word, order: () => data.outcomes };
const SEVERITY = { name: "severity", label: "Severity", of: (verdict) => severityOf(controlOf(verdict)), order: () => data.severities };
const SCOPE = { name: "scope", label: "Scope", of: scopeOf };
const CONTROL = { name: "control", label: "Control", of: (verdict) => data.controls[controlOf(verdict)].id };
const CAUSE = { name: "cause", label: "Cause", label_of: (kind) => data.causeWords[kind] || kind };
const CONTROL_COLUMN = { title: "Control", name: "control", head: true, by: CONTROL.of, cell: (verdict) => controlCell(controlOf(verdict)) };
const RESOURCE_COLUMN = { title: "Resource and place", name: "resource", by: (verdict) => data.resources.id[resourceOf(verdict)], cell: resourceCell };
const CAUSE_COLUMN = { title: "Why", name: "cause", by: (verdict) => causeOf(verdict)[0], cell: (verdict) => causeCell(causeOf(verdict)) };

// A filter or column of verdicts, for rows that are findings.
const ofFinding = (part) => {
	const through = (name) => part[name] && ((finding) => part[name](verdictOf(finding)));
	return { ...part, of: through("of"), by: through("by"), cell: through("cell") };
};

const tallyColumn = (name, outcome) => ({ title: name, name: name.toLowerCase(), number: true, by: (index) => data.controls[index].tally[outcome], cell: (index) => number(data.controls[index].tally[outcome]) });

const textOf = (table, column) => (row) => text(data[table][column][row]);
const [gapKind, gapScope, gapRegion, gapFile] = ["kind", "scope", "region", "file"].map((column) => textOf("gaps", column));
const [skippedFile, skippedReason] = ["file", "reason"].map((column) => textOf("skipped", column));
const gapCause = (gap) => data.causes[data.gaps.cause[gap]];
const controlOfFinding = (finding) => controlOf(verdictOf(finding));

const TABLES = {
	requirements: {
		title: "Requirements", rows: requirements, empty: "No framework was chosen for this scan.",
		text: (row) => [row.id, row.title, row.reason, row.framework.name, ...row.objectives, ...row.controls.map((index) => data.controls[index].id)].join(" "),
		filters: [
			{ name: "framework", label: "Framework", of: (row) => row.framework.id, label_of: (id) => data.frameworks.find((one) => one.id === id).name, order: () => data.frameworks.map((one) => one.id) },
			{ name: "result", label: "Result", of: (row) => row.state, label_of: word, order: () => data.states },
			{ name: "kind", label: "Can a scan show it", of: (row) => row.kind, label_of: (kind) => data.kindWords[kind] },
		],
		columns: [
			{ title: "Requirement", name: "id", head: true, by: (row) => `${row.framework.id} ${row.id}`, cell: (row) => [title(requirementLink(row)), el("div", {}, row.title), small(row.framework.name)] },
			{ title: "Can a scan show it", name: "kind", by: (row) => row.kind, cell: (row) => [data.kindWords[row.kind], small(row.reason)] },
			{ title: "Objectives", cell: (row) => list(row.objectives, "lines small") },
			{ title: "Controls", name: "controls", by: (row) => row.controls.length, cell: (row) => controlList(row.controls) },
			{ title: "Result", name: "result", by: (row) => stateRank(row.state), cell: (row) => [badge(row.state), small(row.statement)] },
		],
	},
	controls: {
		title: "Controls", rows: () => range(data.controls.length), empty: "No control ran.", sort: "result",
		text: (index) => ["id", "title", "description", "objectives", "kinds"].map((key) => data.controls[index][key]).join(" "),
		filters: [
			{ ...RESULT, of: (index) => data.controls[index].state, order: () => data.states },
			{ ...SEVERITY, of: severityOf },
			{ name: "provider", label: "Provider", of: (index) => data.controls[index].id.split(".")[0] },
		],
		columns: [
			{ title: "Severity", name: "severity", by: severityRank, cell: (index) => severity(severityOf(index)) },
			{ title: "Control", name: "id", head: true, by: (index) => data.controls[index].id, cell: controlCell },
			{ title: "Result", name: "result", by: (index) => stateRank(data.controls[index].state), cell: (index) => [badge(data.controls[index].state), small(data.controls[index].statement)] },
			tallyColumn("Exceptions", FAIL), tallyColumn("Waived", WAIVED), tallyColumn("Unknown", UNKNOWN),
			{ title: "Requirements", name: "requirements", number: true, by: (index) => requirementsOf()[index].length, cell: (index) => number(requirementsOf()[index].length) },
		],
	},
	deviations: {
		title: "Deviations", rows: deviations, empty: "No control has a finding.", sort: "severity",
		text: (finding) => `${verdictText(verdictOf(finding))} ${text(data.findings.message[finding])} ${text(data.findings.path[finding])}`,
		filters: [RESULT, SEVERITY, SCOPE, CONTROL].map(ofFinding),
		columns: [
			{ title: "Severity", name: "severity", by: (finding) => severityRank(controlOfFinding(finding)), cell: (finding) => [severity(severityOf(controlOfFinding(finding))), outcomeOf(verdictOf(finding)) === "waived" ? el("div", {}, badge("waived")) : null] },
			ofFinding(CONTROL_COLUMN),
			ofFinding(RESOURCE_COLUMN),
			{ title: "Finding", cell: findingCell },
			{ title: "Remedy", cell: (finding) => prose(data.controls[controlOfFinding(finding)].remediation) },
		],
	},
	unknowns: {
		title: "Unknowns", rows: unknowns, empty: "Every control could judge every resource it was asked about.",
		text: verdictText,
		filters: [{ ...CAUSE, of: (verdict) => causeOf(verdict)[0] }, SEVERITY, SCOPE, CONTROL],
		columns: [CONTROL_COLUMN, RESOURCE_COLUMN, CAUSE_COLUMN, { title: "What would close it", cell: (verdict) => remedyCell(causeOf(verdict)) }],
	},
	gaps: {
		title: "Gaps", rows: () => range(data.gaps.kind.length), empty: "There are no gaps.",
		text: (gap) => [gapKind(gap), gapScope(gap), gapRegion(gap), gapFile(gap), ...gapCause(gap)].join(" "),
		filters: [{ ...CAUSE, of: (gap) => gapCause(gap)[0] }, { ...SCOPE, of: gapScope }],
		columns: [
			{ title: "What", name: "kind", head: true, by: gapKind, cell: (gap) => code(gapKind(gap).replace(/^\*$/, "anything")) },
			{ title: "Where", name: "scope", by: gapScope, cell: (gap) => [gapScope(gap), small(gapRegion(gap)), small(place(gapFile(gap), data.gaps.line[gap]))] },
			{ title: "Why", name: "cause", by: (gap) => gapCause(gap)[0], cell: (gap) => causeCell(gapCause(gap)) },
			{ title: "What would close it", cell: (gap) => remedyCell(gapCause(gap)) },
		],
	},
	skipped: {
		title: "Passed over", rows: () => range(data.skipped.file.length), empty: "Nothing was passed over.",
		text: (row) => `${skippedFile(row)} ${skippedReason(row)}`,
		filters: [{ name: "reason", label: "Reason", of: skippedReason }],
		columns: [
			{ title: "File and line", name: "file", head: true, by: skippedFile, cell: (row) => place(skippedFile(row), data.skipped.line[row]) },
			{ title: "Reason", name: "reason", by: skippedReason, cell: skippedReason },
		],
	},
};

const population = (index) => ({
	title: "Population", rows: () => verdictsOf()[index], empty: "The control met no resource in scope.", text: verdictText,
	filters: [RESULT, SCOPE],
	columns: [
		{ title: "Result", name: "result", by: (verdict) => data.verdicts.outcome[verdict], cell: (verdict) => badge(outcomeOf(verdict)) },
		{ ...RESOURCE_COLUMN, head: true },
		CAUSE_COLUMN,
		{ title: "Digest of the resource", cell: (verdict) => el("span", { class: "digest" }, data.resources.digest[resourceOf(verdict)]) },
	],
});
