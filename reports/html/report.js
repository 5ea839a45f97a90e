// The moving part of the HTML report: inflates the data, shows one section at a time by the URL's hash, draws tables page by page.
// Data reaches the page through text nodes and known attributes only; the content security policy forbids everything else.
"use strict";
(() => {
	const PAGE_SIZE = 50;
	const PRINT_LIMIT = 5000;
	const BRIEF = 10;
	const PARENTS = { requirement: "requirements", control: "controls" };
	const SVG = "http://www.w3.org/2000/svg";
	const collator = new Intl.Collator("en", { numeric: true });
	const count = new Intl.NumberFormat("en");

	let data = null;
	let shown = null;

	// --- Building blocks -------------------------------------------------------------------------------------------------

	const byId = (id) => document.getElementById(id);

	function fill(node, children) {
		node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
		return node;
	}

	function el(name, attributes, ...children) {
		const node = document.createElement(name);
		for (const [key, value] of Object.entries(attributes || {})) {
			if (value !== null && value !== undefined) node.setAttribute(key, value);
		}
		return fill(node, children);
	}

	function icon(name) {
		const svg = document.createElementNS(SVG, "svg");
		const use = document.createElementNS(SVG, "use");
		for (const [key, value] of [["class", "icon"], ["aria-hidden", "true"], ["focusable", "false"]]) svg.setAttribute(key, value);
		use.setAttribute("href", "#i-" + name);
		svg.append(use);
		return svg;
	}

	const word = (state) => data.words[state] || state;
	const code = (text) => el("code", {}, text);
	const small = (...children) => el("div", { class: "small muted" }, ...children);
	const badge = (state) => el("span", { class: "state " + state }, icon(data.icons[state] || state), word(state));
	const severity = (level) => el("span", { class: "severity " + level }, level);
	const link = (target, text) => el("a", { href: target }, text);
	const controlLink = (index) => link("#control/" + encodeURIComponent(data.controls[index].id), data.controls[index].title);
	const requirementTarget = (row) => `#requirement/${encodeURIComponent(row.framework.id)}/${encodeURIComponent(row.id)}`;
	const requirementLink = (row) => link(requirementTarget(row), row.id);
	const controlCell = (index) => [el("span", { class: "title" }, controlLink(index)), small(code(data.controls[index].id))];

	// --- Rows: objects made of the columns of the data when a table first needs them --------------------------------------

	const once = (make) => {
		let made = null;
		return () => (made === null ? (made = make()) : made);
	};
	const range = (length) => Array.from({ length }, (_, index) => index);
	const text = (index) => (index < 0 ? "" : data.strings[index]);
	const cause = (index) => (index < 0 ? ["", "", ""] : data.causes[index]);
	const rank = (names) => (name) => names.indexOf(name);

	const requirements = once(() => data.frameworks.flatMap((framework) => framework.requirements.map((row) => ({ ...row, framework }))));
	const requirementsOf = once(() => {
		const rows = data.controls.map(() => []);
		for (const row of requirements()) for (const control of row.controls) rows[control].push(row);
		return rows;
	});
	const notes = once(() => new Map(data.notes.verdict.map((verdict, note) => [verdict, note])));
	const byControl = once(() => {
		const rows = data.controls.map(() => []);
		data.verdicts.control.forEach((control, verdict) => rows[control].push(verdict));
		return rows;
	});

	function verdictRow(verdict, finding = -1) {
		const note = notes().get(verdict);
		const at = data.verdicts.resource[verdict];
		return {
			finding, at, index: data.verdicts.control[verdict], control: data.controls[data.verdicts.control[verdict]],
			outcome: data.outcomes[data.verdicts.outcome[verdict]],
			scope: text(data.resources.scope[at]), file: text(data.resources.file[at]),
			line: note === undefined ? 0 : data.notes.line[note],
			cause: cause(note === undefined ? -1 : data.notes.cause[note]),
			waiver: note === undefined ? "" : text(data.notes.waiver[note]),
		};
	}
	const deviations = once(() => data.findings.verdict.map(verdictRow).filter((row) => row.outcome !== "unknown"));
	const unknowns = once(() => data.notes.verdict.map((verdict) => verdictRow(verdict)).filter((row) => row.outcome === "unknown"));

	const resourceText = ({ at, scope, file }) => [data.resources.id[at], data.resources.name[at], text(data.resources.kind[at]), text(data.resources.region[at]), scope, file].join(" ");
	const rowText = (row) => [row.control.id, row.control.title, resourceText(row), ...row.cause, row.finding < 0 ? "" : text(data.findings.message[row.finding]) + " " + text(data.findings.path[row.finding])].join(" ");

	// --- Cells -----------------------------------------------------------------------------------------------------------

	function resourceCell({ at, scope }) {
		const { id, kind, region, count: times } = data.resources;
		const place = [text(kind[at]), scope, text(region[at])].filter(Boolean).join(" · ");
		return [code(id[at]), small(place, times[at] > 1 ? ` · stands for ${count.format(times[at])} equal ones` : "")];
	}

	const placeCell = ({ file, line }) => (file ? code(line > 0 ? `${file}:${line}` : file) : null);
	const causeWord = (kind) => data.causeWords[kind] || kind;
	const causeCell = (row) => (row.cause[0] ? [el("span", { class: "title" }, causeWord(row.cause[0])), small(row.cause[1])] : null);
	const closeCell = (row) => (row.cause[2] ? code(row.cause[2]) : data.remedies[row.cause[0]]);

	function findingCell({ finding, waiver }) {
		const { message, path, expected, actual } = data.findings;
		const facts = [["at", path], ["expected", expected], ["found", actual]].map(([name, column]) => [name, text(column[finding])]).filter(([, value]) => value);
		const values = facts.length ? el("dl", { class: "values" }, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, code(value))])) : null;
		return [el("div", {}, text(message[finding])), values, waiver ? small("Waiver: ", waiver) : null];
	}

	function controlList(indexes, limit = 4) {
		const line = (index) => {
			const state = data.controls[index].state;
			return el("li", { class: state }, icon(state), el("span", {}, controlLink(index), el("span", { class: "hidden-text" }, ": " + word(state))));
		};
		const list = (some) => el("ul", { class: "lines small" }, some.map(line));
		if (indexes.length <= limit) return indexes.length ? list(indexes) : null;
		return [list(indexes.slice(0, limit - 1)), el("details", {}, el("summary", {}, `${indexes.length - limit + 1} more`), list(indexes.slice(limit - 1)))];
	}

	// --- Tables: what each shows. A filter's `of` gives the value of a row, a column's `by` what it is sorted by -----------

	const COLUMNS = {
		severity: { title: "Severity", name: "severity", by: (row) => rank(data.severities)(row.control.severity), cell: (row) => [severity(row.control.severity), row.waiver ? badge("waived") : null] },
		control: { title: "Control", name: "control", head: true, by: (row) => row.control.id, cell: (row) => controlCell(row.index) },
		resource: { title: "Resource", name: "resource", by: (row) => data.resources.id[row.at], cell: resourceCell },
		finding: { title: "Finding", name: "finding", by: (row) => text(data.findings.message[row.finding]), cell: findingCell },
		place: { title: "File and line", cell: placeCell },
		remedy: { title: "Remedy", cell: (row) => row.control.remediation },
		cause: { title: "Why", name: "cause", by: (row) => row.cause[0], cell: causeCell },
		close: { title: "What would close it", cell: closeCell },
		outcome: { title: "Result", name: "result", by: (row) => rank(data.outcomes)(row.outcome), cell: (row) => badge(row.outcome) },
		digest: { title: "Digest of the resource", cell: (row) => el("span", { class: "digest" }, data.resources.digest[row.at]) },
	};
	const columns = (names) => names.split(" ").map((name) => COLUMNS[name]);

	const FILTERS = {
		outcome: { name: "result", label: "Result", of: (row) => row.outcome, words: word, order: () => data.outcomes },
		state: { name: "result", label: "Result", of: (row) => row.state, words: word, order: () => data.states },
		severity: { name: "severity", label: "Severity", of: (row) => row.control.severity, order: () => data.severities },
		scope: { name: "scope", label: "Scope", of: (row) => row.scope },
		control: { name: "control", label: "Control", of: (row) => row.control.id },
		cause: { name: "cause", label: "Cause", of: (row) => row.cause[0], words: causeWord },
	};
	const filters = (names) => names.split(" ").map((name) => FILTERS[name]);

	const kindWord = (kind) => data.kindWords[kind] || kind;
	const stateColumn = { title: "Result", name: "result", by: (row) => rank(data.states)(row.state), cell: (row) => [badge(row.state), small(row.statement)] };
	const tallyColumn = (title, outcome) => ({ title, name: title.toLowerCase(), number: true, by: (row) => row.control.tally[rank(data.outcomes)(outcome)], cell: (row) => count.format(row.control.tally[rank(data.outcomes)(outcome)]) });
	const controlRows = (indexes) => indexes.map((index) => ({ index, control: data.controls[index], state: data.controls[index].state, statement: data.controls[index].statement }));
	const placed = (column, row) => ({ file: text(column.file[row]), line: column.line[row] });

	const TABLES = {
		requirements: {
			title: "Requirements", rows: requirements, empty: "No framework was chosen for this scan.",
			text: (row) => [row.id, row.title, row.reason, row.framework.name, row.objectives, row.controls.map((index) => data.controls[index].id), Object.values(row.details)].join(" "),
			filters: [
				{ name: "framework", label: "Framework", of: (row) => row.framework.id, words: (id) => data.frameworks.find((one) => one.id === id).name },
				FILTERS.state,
				{ name: "kind", label: "Can a scan show it", of: (row) => row.kind, words: kindWord, order: () => Object.keys(data.kindWords) },
			],
			columns: [
				{ title: "Requirement", name: "id", head: true, by: (row) => `${row.framework.id} ${row.id}`, cell: (row) => [el("span", { class: "title" }, requirementLink(row)), el("div", {}, row.title), small(row.framework.name)] },
				{ title: "Can a scan show it", name: "kind", by: (row) => row.kind, cell: (row) => [kindWord(row.kind), small(row.reason)] },
				{ title: "Objectives", cell: (row) => (row.objectives.length ? el("ul", { class: "lines small" }, row.objectives.map((id) => el("li", {}, id))) : null) },
				{ title: "Controls", name: "controls", by: (row) => row.controls.length, cell: (row) => controlList(row.controls) },
				stateColumn,
			],
		},
		controls: {
			title: "Controls", rows: once(() => controlRows(range(data.controls.length))), empty: "No control ran.",
			text: ({ control }) => [control.id, control.title, control.description, control.objectives, control.kinds].join(" "),
			filters: [FILTERS.state, FILTERS.severity, { name: "provider", label: "Provider", of: (row) => row.control.id.split(".")[0] }],
			columns: [
				COLUMNS.severity, COLUMNS.control, stateColumn, tallyColumn("Exceptions", "fail"), tallyColumn("Waived", "waived"), tallyColumn("Unknown", "unknown"),
				{ title: "Requirements", name: "requirements", number: true, by: (row) => requirementsOf()[row.index].length, cell: (row) => count.format(requirementsOf()[row.index].length) },
			],
		},
		deviations: { title: "Deviations", rows: deviations, empty: "No control has a finding.", text: rowText, filters: filters("outcome severity scope control"), columns: columns("severity control resource finding place remedy") },
		unknowns: { title: "Unknowns", rows: unknowns, empty: "Every control could judge every resource it was asked about.", text: rowText, filters: filters("cause severity scope control"), columns: columns("control resource cause close place") },
		gaps: {
			title: "Each gap", empty: "There are no gaps.",
			rows: once(() => data.gaps.kind.map((kind, row) => ({ ...placed(data.gaps, row), kind: text(kind), scope: text(data.gaps.scope[row]), region: text(data.gaps.region[row]), cause: cause(data.gaps.cause[row]) }))),
			text: (row) => [row.kind, row.scope, row.region, row.file, ...row.cause].join(" "), filters: filters("cause scope"),
			columns: [
				{ title: "What", name: "kind", head: true, by: (row) => row.kind, cell: (row) => (row.kind === "*" ? "Anything" : code(row.kind)) },
				{ title: "Where", name: "scope", by: (row) => row.scope, cell: (row) => [row.scope, small(row.region)] },
				...columns("cause close place"),
			],
		},
		skipped: {
			title: "Each thing passed over", empty: "Nothing was passed over.",
			rows: once(() => data.skipped.file.map((_, row) => ({ ...placed(data.skipped, row), reason: text(data.skipped.reason[row]) }))),
			text: (row) => `${row.file} ${row.reason}`, filters: [{ name: "reason", label: "Reason", of: (row) => row.reason }],
			columns: [{ ...COLUMNS.place, name: "file", head: true, by: (row) => row.file }, { title: "Reason", name: "reason", by: (row) => row.reason, cell: (row) => row.reason }],
		},
	};

	const population = (index) => ({
		title: "Population", rows: once(() => byControl()[index].map((verdict) => verdictRow(verdict))), empty: "The control met no resource in scope.",
		text: resourceText, filters: filters("outcome scope"), columns: [COLUMNS.outcome, { ...COLUMNS.resource, head: true }, ...columns("cause place digest")],
	});

	// --- Drawing a table -------------------------------------------------------------------------------------------------

	function headCell(column, sort) {
		const attributes = { role: "columnheader", scope: "col", class: column.number ? "number" : null };
		if (!column.by || !sort) return el("th", attributes, column.title);
		const direction = sort.name !== column.name ? "none" : sort.down ? "descending" : "ascending";
		return el("th", { ...attributes, "aria-sort": direction }, el("button", { type: "button", "data-sort": column.name }, column.title));
	}

	function bodyRow(columns, row) {
		return el("tr", { role: "row" }, ...columns.map((column) => {
			const attributes = { "data-label": column.head ? null : column.title, class: column.number ? "number" : null };
			return column.head ? el("th", { ...attributes, role: "rowheader", scope: "row" }, column.cell(row)) : el("td", { ...attributes, role: "cell" }, column.cell(row));
		}));
	}

	function drawTable(table, rows, sort) {
		if (!rows.length) return el("p", { class: "frame empty" }, table.empty);
		const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...table.columns.map((column) => headCell(column, sort))));
		const body = el("tbody", { role: "rowgroup" }, ...rows.map((row) => bodyRow(table.columns, row)));
		return el("div", { class: "frame stacked" }, el("table", { role: "table" }, el("caption", { class: "hidden-text" }, table.title), head, body));
	}

	function readSort(value) {
		return { name: (value || "").replace(/^-/, ""), down: (value || "").startsWith("-") };
	}

	function select(table, parameters) {
		const chosen = table.filters.filter((filter) => parameters.get(filter.name));
		const terms = (parameters.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
		table.texts = table.texts || new Map();
		const textOf = (row) => {
			if (!table.texts.has(row)) table.texts.set(row, table.text(row).toLowerCase());
			return table.texts.get(row);
		};
		const rows = table.rows().filter((row) => chosen.every((filter) => filter.of(row) === parameters.get(filter.name)) && terms.every((term) => textOf(row).includes(term)));
		return order(table, rows, readSort(parameters.get("sort")));
	}

	function order(table, rows, sort) {
		const column = table.columns.find((one) => one.by && one.name === sort.name);
		if (!column) return rows;
		const keyed = rows.map((row) => [column.by(row), row]);
		const compare = typeof (keyed[0] || [0])[0] === "number" ? (a, b) => a[0] - b[0] : (a, b) => collator.compare(a[0], b[0]);
		keyed.sort(sort.down ? (a, b) => compare(b, a) : compare);
		return keyed.map(([, row]) => row);
	}

	function options(filter, table) {
		const present = new Set(table.rows().map(filter.of).filter(Boolean));
		const known = filter.order ? filter.order().filter((value) => present.has(value)) : [...present].sort(collator.compare);
		return [el("option", { value: "" }, "All"), ...known.map((value) => el("option", { value }, filter.words ? filter.words(value) : value))];
	}

	class View {
		constructor(host, table) {
			this.host = host;
			this.table = table;
			this.search = el("input", { type: "search", name: "q", autocomplete: "off", spellcheck: "false" });
			this.selects = table.filters.map((filter) => el("select", { name: filter.name }, ...options(filter, table)));
			this.status = el("span", { role: "status" });
			this.body = el("div");
			const labels = this.selects.map((one, index) => el("label", {}, table.filters[index].label, one));
			this.form = el("form", { class: "tools", role: "search", "aria-label": table.title }, el("label", { class: "search" }, "Search", this.search), ...labels, el("button", { type: "reset" }, "Clear"));
			this.pagers = [this.pager("above", this.status), this.pager("below")];
			fill(host, [this.form, this.pagers[0], this.body, this.pagers[1]]);
			this.listen();
		}

		pager(where, ...children) {
			const step = (by, label) => el("button", { type: "button", "data-step": by }, label);
			return el("nav", { class: "pager", "aria-label": `Pages of ${this.table.title}, ${where}` }, ...children, step(-1, "Previous"), el("span", { class: "page" }), step(1, "Next"));
		}

		listen() {
			let timer = 0;
			this.search.addEventListener("input", () => {
				clearTimeout(timer);
				timer = setTimeout(() => this.change({ q: this.search.value, page: "" }, true), 120);
			});
			this.selects.forEach((one) => one.addEventListener("change", () => this.change({ [one.name]: one.value, page: "" })));
			this.form.addEventListener("submit", (event) => event.preventDefault());
			this.form.addEventListener("reset", (event) => {
				event.preventDefault();
				go(shown.path, new URLSearchParams());
				this.search.focus();
			});
			this.host.addEventListener("click", (event) => {
				const button = event.target.closest("button");
				if (button && button.dataset.sort) this.sortBy(button.dataset.sort);
				if (button && button.dataset.step && button.getAttribute("aria-disabled") !== "true") this.turn(Number(button.dataset.step), button);
			});
		}

		sortBy(name) {
			const sort = readSort(shown.parameters.get("sort"));
			const next = sort.name !== name ? name : sort.down ? "" : "-" + name;
			this.refocus = name;
			this.change({ sort: next, page: "" });
		}

		turn(by, button) {
			this.change({ page: String(this.page + by) });
			if (this.pagers[1].contains(button)) this.host.scrollIntoView();
		}

		change(changes, replace = false) {
			const parameters = new URLSearchParams(shown.parameters);
			for (const [key, value] of Object.entries(changes)) value ? parameters.set(key, value) : parameters.delete(key);
			if (parameters.get("page") === "1") parameters.delete("page");
			go(shown.path, parameters, replace);
		}

		show(parameters) {
			if (document.activeElement !== this.search) this.search.value = parameters.get("q") || "";
			this.selects.forEach((one) => { one.value = parameters.get(one.name) || ""; });
			const rows = select(this.table, parameters);
			const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE));
			this.page = Math.min(pages, Math.max(1, Number(parameters.get("page")) || 1));
			const start = (this.page - 1) * PAGE_SIZE;
			const slice = rows.slice(start, start + PAGE_SIZE);
			const all = this.table.rows().length;
			this.form.hidden = all === 0;
			this.status.textContent = rows.length === 0 ? (all ? `None of ${count.format(all)}` : "") : `${count.format(start + 1)}–${count.format(start + slice.length)} of ${count.format(rows.length)}` + (rows.length < all ? ` (${count.format(all)} in all)` : "");
			const nothing = { ...this.table, empty: all ? "Nothing matches. Clear the search and the filters to see everything." : this.table.empty };
			fill(this.body, [drawTable(nothing, slice, readSort(parameters.get("sort")))]);
			this.pagers.forEach((pager) => this.showPager(pager, pages));
			if (this.refocus) (this.body.querySelector(`[data-sort="${this.refocus}"]`) || this.search).focus();
			this.refocus = null;
		}

		showPager(pager, pages) {
			const [previous, next] = pager.querySelectorAll("button");
			previous.setAttribute("aria-disabled", this.page <= 1);
			next.setAttribute("aria-disabled", this.page >= pages);
			pager.querySelector(".page").textContent = `Page ${count.format(this.page)} of ${count.format(pages)}`;
			for (const part of [previous, next, pager.querySelector(".page")]) part.hidden = pages === 1;
			pager.hidden = pages === 1 && !pager.contains(this.status);
		}
	}

	// --- Pages of one requirement and one control ------------------------------------------------------------------------

	function paper(pairs) {
		return el("dl", { class: "paper panel" }, ...pairs.filter(([, value]) => value !== null).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
	}

	function brief(table, rows, target) {
		const rest = rows.length > BRIEF ? el("p", { class: "screen-only small" }, link(target, `All ${count.format(rows.length)}`)) : null;
		return [el("h3", {}, table.title), el("div", { class: "screen-only" }, drawTable(table, rows.slice(0, BRIEF))), rest, el("div", { class: "print-only", "data-print": "" })];
	}

	const objectiveList = (ids) => (ids.length ? el("ul", {}, ...ids.map((id) => el("li", {}, data.objectives[id] || id, " ", el("span", { class: "muted small" }, id)))) : "None");

	function requirementPage(host, [frameworkId, id]) {
		const row = requirements().find((one) => one.framework.id === frameworkId && one.id === id);
		if (!row) return fill(host, [el("p", {}, "This report has no such requirement.")]);
		byId("requirement-title").textContent = `${row.id} ${row.title}`;
		return fill(host, [
			el("div", { class: "paper-head" }, badge(row.state), el("span", {}, row.statement)),
			paper([
				["Framework", row.framework.name + ", " + row.framework.version],
				["Can a scan show it", [kindWord(row.kind), row.reason ? small(row.reason) : null]],
				["Objectives", objectiveList(row.objectives)],
				...Object.entries(row.details).map(([name, value]) => [name, String(value)]),
			]),
			el("h3", {}, "Controls that evidence it"),
			row.controls.length ? drawTable({ ...TABLES.controls, title: "Controls that evidence it" }, controlRows(row.controls)) : el("p", {}, "No control that ran bears on it."),
		]);
	}

	function requirementsByFramework(index) {
		const rows = requirementsOf()[index];
		const groups = data.frameworks.map((framework) => [framework, rows.filter((row) => row.framework === framework)]).filter(([, some]) => some.length);
		return groups.length ? el("ul", { class: "lines" }, ...groups.map(([framework, some]) => el("li", {}, el("span", {}, framework.name + ": ", some.flatMap((row, place) => [place ? ", " : "", requirementLink(row)]))))) : "None";
	}

	function tallyLine(control) {
		return data.outcomes.map((outcome, index) => [outcome, control.tally[index]]).filter(([, number]) => number).map(([outcome, number]) => `${count.format(number)} ${word(outcome).toLowerCase()}`).join(" · ") || "None";
	}

	function references(control) {
		const safe = control.references.filter((one) => one.startsWith("https://"));
		return safe.length ? el("ul", { class: "lines" }, ...safe.map((one) => el("li", {}, el("a", { href: one, rel: "noopener noreferrer" }, one)))) : null;
	}

	function workpaper(index) {
		const control = data.controls[index];
		return [
			el("div", { class: "paper-head" }, badge(control.state), severity(control.severity), el("span", {}, control.statement)),
			paper([
				["Control", code(control.id)],
				["Procedure", control.description],
				["Applies to", control.scope_note],
				["Source", [control.kinds.map((kind, place) => [place ? ", " : "", code(kind)]), small(data.bundle.scopes.join(", "))]],
				["Population", `${count.format(byControl()[index].length)}, all of them tested`],
				["Results", tallyLine(control)],
				["Objectives", objectiveList(control.objectives)],
				["Requirements", requirementsByFramework(index)],
				["Remedy", control.remediation],
				["References", references(control)],
				["Rule", [code(control.path), el("div", { class: "digest" }, control.digest)]],
				["Policy digest", el("span", { class: "digest" }, data.bundle.policy)],
				["Do it again", data.bundle.commands.map((line) => el("code", { class: "command" }, line))],
			]),
		];
	}

	const sign = () => el("div", { class: "sign" }, ...["Prepared by", "Reviewed by", "Conclusion"].flatMap((role) => [el("span", {}, role), el("span"), el("span", {}, "Date"), el("span")]));
	const ofControl = (rows, index) => rows.filter((row) => row.index === index);

	function controlPage(host, [id]) {
		const index = data.controls.findIndex((control) => control.id === id);
		if (index < 0) return fill(host, [el("p", {}, "This report has no such control.")]);
		const target = "?control=" + encodeURIComponent(id);
		const tables = [
			[{ title: "Deviations", columns: columns("resource finding place") }, ofControl(deviations(), index), "#deviations" + target],
			[{ title: "Unknowns", columns: columns("resource cause close place") }, ofControl(unknowns(), index), "#unknowns" + target],
		].filter(([, rows]) => rows.length);
		const everyone = el("div", { "data-paged": "" });
		byId("control-title").textContent = data.controls[index].title;
		fill(host, [workpaper(index), tables.map((one) => brief(...one)), el("h3", {}, "Population"), everyone, sign()]);
		host.view = new View(everyone, population(index));
		host.printed = tables;
		return host;
	}

	// --- Printing: every row, not the page that is on the screen ---------------------------------------------------------

	function printed(table, rows) {
		const rest = rows.length - PRINT_LIMIT;
		return el("div", { class: "print-only", "data-printed": "" }, drawTable(table, rows.slice(0, PRINT_LIMIT)), rest > 0 ? el("p", {}, `${count.format(rest)} more rows are not printed. They are in this file and in the bundle.`) : null);
	}

	function printReport() {
		for (const host of document.querySelectorAll("[data-table]")) {
			const table = TABLES[host.dataset.table];
			const filtered = shown.path[0] === host.closest("section").id ? shown.parameters : new URLSearchParams();
			const rows = select(table, filtered);
			const some = rows.length < table.rows().length ? el("p", { class: "print-only", "data-printed": "" }, `Filtered: ${count.format(rows.length)} of ${count.format(table.rows().length)} rows.`) : "";
			host.after(some, printed(table, rows));
		}
		const papers = data.controls.map((control, index) => el("article", { class: "workpaper" }, el("h3", {}, control.title), ...workpaper(index), sign()));
		byId("controls").append(el("div", { class: "print-only", "data-printed": "" }, ...papers));
	}

	function printControl(host) {
		host.querySelectorAll("[data-print]").forEach((place, index) => place.append(printed(...host.printed[index].slice(0, 2))));
		host.querySelector("[data-paged]").after(printed(host.view.table, host.view.table.rows()));
	}

	function beforePrint() {
		if (!data) return;
		afterPrint();
		const one = document.querySelector("[data-page=control]");
		document.body.classList.toggle("one", shown.path[0] === "control" && Boolean(one.view));
		document.body.classList.contains("one") ? printControl(one) : printReport();
	}

	function afterPrint() {
		document.querySelectorAll("[data-printed]").forEach((node) => node.remove());
	}

	// --- Sections by the URL's hash --------------------------------------------------------------------------------------

	const encodePath = (path) => path.map(encodeURIComponent).join("/");

	function go(path, parameters, replace = false) {
		const query = parameters.toString();
		const target = "#" + encodePath(path) + (query ? "?" + query : "");
		replace ? location.replace(target) : (location.hash = target);
	}

	function decode(part) {
		try {
			return decodeURIComponent(part);
		} catch (error) {
			if (error instanceof URIError) return part;
			throw error;
		}
	}

	function readHash() {
		const [path, query] = location.hash.slice(1).split(/\?(.*)/s);
		const parts = path.split("/").map(decode);
		const known = parts[0] && document.querySelector("main > section#" + CSS.escape(parts[0]));
		return { path: known ? parts : ["summary"], parameters: new URLSearchParams(query || "") };
	}

	function route() {
		const next = readHash();
		const moved = !shown || encodePath(shown.path) !== encodePath(next.path);
		const first = !shown;
		shown = next;
		const [name] = next.path;
		if (moved) {
			document.querySelectorAll("main > section").forEach((section) => { section.hidden = section.id !== name; });
			document.querySelectorAll(".bar nav a").forEach((anchor) => mark(anchor, (PARENTS[name] || name) === anchor.hash.slice(1)));
		}
		if (data) draw(name, moved);
		document.title = `${byId(name + "-title").textContent} · ${title}`;
		if (moved && !first) {
			window.scrollTo(0, 0);
			byId(name + "-title").focus({ preventScroll: true });
		}
	}

	function mark(anchor, current) {
		current ? anchor.setAttribute("aria-current", "page") : anchor.removeAttribute("aria-current");
	}

	const PAGES = { requirement: requirementPage, control: controlPage };

	function draw(name, moved) {
		for (const host of byId(name).querySelectorAll("[data-table]")) {
			host.view = host.view || new View(host, TABLES[host.dataset.table]);
			host.view.show(shown.parameters);
		}
		for (const host of byId(name).querySelectorAll("[data-page]")) {
			if (moved) {
				host.view = null;
				PAGES[name](host, shown.path.slice(1));
			}
			if (host.view) host.view.show(shown.parameters);
		}
	}

	// --- Opening ---------------------------------------------------------------------------------------------------------

	function bytesOf(base64) {
		if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
		const binary = atob(base64);
		const bytes = new Uint8Array(binary.length);
		for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
		return bytes;
	}

	async function inflate() {
		const block = byId("data");
		const stream = new Blob([bytesOf(block.textContent)]).stream().pipeThrough(new DecompressionStream("gzip"));
		block.remove();
		return new Response(stream).json();
	}

	function cannotOpen(reason) {
		const sentence = `The tables cannot be opened: ${reason}. This page needs a browser from 2023 or later; the same data is in the evidence bundle.`;
		document.querySelectorAll("[data-table], [data-page]").forEach((host) => fill(host, [el("p", { class: "answer incomplete" }, sentence)]));
	}

	const title = document.title;
	document.body.classList.add("live");
	document.querySelector(".skip").addEventListener("click", (event) => {
		event.preventDefault();
		byId("content").focus();
	});
	window.addEventListener("hashchange", route);
	window.addEventListener("beforeprint", beforePrint);
	window.addEventListener("afterprint", afterPrint);
	route();
	inflate().then((inflated) => {
		data = inflated;
		draw(shown.path[0], true);
		document.body.dataset.ready = "true";
	}, (reason) => cannotOpen(reason.message));
})();
