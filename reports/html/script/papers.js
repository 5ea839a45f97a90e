// Pages of one requirement, and of one control: its workpaper.
const EXCERPT = 10;

const paper = (pairs) => el("dl", { class: "paper panel" }, pairs.filter(([, value]) => value !== null).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
const objectiveList = (ids) => list(ids.map((id) => [data.objectives[id] || id, " ", el("span", { class: "muted small" }, id)])) || "None";
const sign = () => el("div", { class: "sign" }, ["Prepared by", "Reviewed by", "Conclusion"].map((role) => [role, "", "Date", ""].map((label) => el("span", {}, label))));
const digest = (value) => el("div", { class: "digest" }, value);

function requirementPage(host, [frameworkId, id]) {
	const row = requirements().find((one) => one.framework.id === frameworkId && one.id === id);
	if (!row) return fill(host, el("p", {}, "This report has no such requirement."));
	byId("requirement-title").textContent = `${row.id} ${row.title}`;
	const controls = order(TABLES.controls, row.controls, readSort("result"));
	const evidence = drawTable({ ...TABLES.controls, empty: "No control that ran bears on it." }, controls);
	return fill(host,
		el("div", { class: "paper-head" }, badge(row.state), row.statement),
		paper([
			["Framework", [row.framework.name, small(row.framework.version)]],
			["Can a scan show it", [data.kindWords[row.kind], small(row.reason)]],
			["Objectives", objectiveList(row.objectives)],
			...Object.entries(row.details),
		]),
		el("h2", {}, "Controls that evidence it"), evidence,
	);
}

function requirementsByFramework(index) {
	const rows = requirementsOf()[index];
	if (!rows.length) return "None";
	return list([...new Set(rows.map((row) => row.framework))].map((framework) => el("span", {}, framework.name, ": ", rows.filter((row) => row.framework === framework).flatMap((row, place) => [place ? ", " : "", requirementLink(row)]))), "lines");
}

function tallyLine(control) {
	const present = range(data.outcomes.length).filter((outcome) => control.tally[outcome]);
	return present.map((outcome) => `${word(data.outcomes[outcome])}: ${number(control.tally[outcome])}`).join(" · ") || "None";
}

function workpaper(index) {
	const control = data.controls[index];
	const verdicts = verdictsOf()[index];
	const listed = verdicts.filter(isListed).length;
	const safe = control.references.filter((one) => one.startsWith("https://"));
	return [
		el("div", { class: "paper-head" }, badge(control.state), severity(control.severity), control.statement),
		paper([
			["Control", code(control.id)],
			["Procedure", prose(control.description)],
			["Applies to", control.scope_note],
			["Source", [control.kinds.map((kind, place) => [place ? ", " : "", code(kind)]), small([...new Set(verdicts.map(scopeOf))].join(", "))]],
			["Population", `${plural(listed, "resource")}, every one that was listed, no sample` + (control.gaps ? `; ${plural(control.gaps, "gap")} may hide more` : "")],
			["Results", tallyLine(control)],
			["Objectives", objectiveList(control.objectives)],
			["Requirements", requirementsByFramework(index)],
			["Remedy", prose(control.remediation)],
			["References", list(safe.map((href) => el("a", { href, rel: "noopener noreferrer" }, href)), "lines")],
			["Rule", [code(control.path), digest(control.digest)]],
			["Policy as run", digest(data.policy)],
			["Bundle", digest(data.manifest)],
			["Verify", el("code", { class: "command" }, data.command)],
		]),
	];
}

const without = (table, ...titles) => ({ ...table, columns: table.columns.filter((column) => !titles.includes(column.title)) });

function excerpt(table, rows, href) {
	const all = rows.length > EXCERPT ? el("p", { class: "small" }, link(href, `All ${number(rows.length)}`)) : null;
	return el("div", {}, el("h2", {}, table.title), el("div", { class: "screen-only" }, drawTable(table, rows.slice(0, EXCERPT)), all), el("div", { "data-print": "" }));
}

function controlPage(host, [id]) {
	const index = data.controls.findIndex((control) => control.id === id);
	if (index < 0) return fill(host, el("p", {}, "This report has no such control."));
	byId("control-title").textContent = data.controls[index].title;
	const query = "?control=" + encodeURIComponent(id);
	host.excerpts = [
		[without(TABLES.deviations, "Control", "Severity", "Remedy"), deviations().filter((finding) => controlOfFinding(finding) === index), "#deviations" + query],
		[without(TABLES.unknowns, "Control"), unknowns().filter((verdict) => controlOf(verdict) === index), "#unknowns" + query],
	].filter(([, rows]) => rows.length);
	const everyone = el("div", { "data-paged": "" });
	fill(host, workpaper(index), host.excerpts.map((one) => excerpt(...one)), el("h2", {}, "Population"), everyone, sign());
	host.view = new View(everyone, population(index));
	return host;
}

const PAGES = { requirement: requirementPage, control: controlPage };
