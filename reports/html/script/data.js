// The data as `scanner/reporters/_html_data.py` packs it: columns, and indexes into them. A row of a table is an index.
const FAIL = 1, WAIVED = 2, UNKNOWN = 3;
let data = null;

const once = (make) => {
	let made;
	return () => (made === undefined ? (made = make()) : made);
};
const range = (length) => Array.from({ length }, (_, index) => index);
const text = (index) => (index < 0 ? "" : data.strings[index]);
const word = (state) => data.words[state] || state;

const requirements = once(() => data.frameworks.flatMap((framework) => framework.requirements.map((row) => ({ ...row, framework }))));
const requirementsOf = once(() => {
	const rows = data.controls.map(() => []);
	for (const row of requirements()) for (const control of row.controls) rows[control].push(row);
	return rows;
});
const verdictsOf = once(() => {
	const rows = data.controls.map(() => []);
	data.verdicts.control.forEach((control, verdict) => rows[control].push(verdict));
	return rows;
});
const notes = once(() => new Map(data.notes.verdict.map((verdict, note) => [verdict, note])));
const unknowns = once(() => data.notes.verdict.filter((verdict) => data.verdicts.outcome[verdict] === UNKNOWN));
const deviations = once(() => range(data.findings.verdict.length));

const controlOf = (verdict) => data.verdicts.control[verdict];
const resourceOf = (verdict) => data.verdicts.resource[verdict];
const outcomeOf = (verdict) => data.outcomes[data.verdicts.outcome[verdict]];
const verdictOf = (finding) => data.findings.verdict[finding];
const scopeOf = (verdict) => text(data.resources.scope[resourceOf(verdict)]);
const severityOf = (control) => data.controls[control].severity;
// A gap that a control met has a verdict, and no digest, as nothing was read.
const isListed = (verdict) => data.resources.digest[resourceOf(verdict)] !== "";

function noteOf(verdict, column, otherwise) {
	const note = notes().get(verdict);
	return note === undefined ? otherwise : data.notes[column][note];
}

const NO_CAUSE = ["", "", ""];

function causeOf(verdict) {
	const cause = noteOf(verdict, "cause", -1);
	return cause < 0 ? NO_CAUSE : data.causes[cause];
}

function verdictText(verdict) {
	const { id, name, kind, scope, region, file } = data.resources;
	const row = resourceOf(verdict);
	const control = data.controls[controlOf(verdict)];
	return [control.id, control.title, id[row], name[row], ...[kind, scope, region, file].map((column) => text(column[row])), ...causeOf(verdict)].join(" ");
}
