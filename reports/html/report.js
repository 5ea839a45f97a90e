// The moving part of the HTML report: inflates the data, shows one section at a time by the URL's hash, draws tables page by page.
// Data reaches the page through text nodes and known attributes only; the content security policy forbids everything else.
"use strict";
(() => {
	const PAGE_SIZE = 50;
	const PRINT_LIMIT = 5000;
	const BRIEF = 10;
	const PASS = 0, FAIL = 1, WAIVED = 2, UNKNOWN = 3;
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
	const plural = (number, one, many) => `${count.format(number)} ${number === 1 ? one : many}`;
	const code = (text) => el("code", {}, text);
	const small = (...children) => el("div", { class: "small muted" }, ...children);
	const badge = (state) => el("span", { class: "state " + state }, icon(data.icons[state] || state), word(state));
	const severity = (level) => el("span", { class: "severity " + level }, level);
	const link = (target, text) => el("a", { href: target }, text);
	const controlLink = (index) => link("#control/" + encodeURIComponent(data.controls[index].id), data.controls[index].title);
	const requirementTarget = (row) => `#requirement/${encodeURIComponent(row.framework.id)}/${encodeURIComponent(row.id)}`;
	const requirementLink = (row) => link(requirementTarget(row), row.id);
	const controlCell = (index) => [el("span", { class: "title" }, controlLink(index)), small(code(data.controls[index].id))];

	// --- Rows: indexes into the columns of the data ----------------------------------------------------------------------

	const once = (make) => {
		let made = null;
		return () => (made === null ? (made = make()) : made);
	};
	const range = (length) => Array.from({ length }, (_, index) => index);
	const text = (index) => (index < 0 ? "" : data.strings[index]);

	const requirements = once(() => data.frameworks.flatMap((framework) => framework.requirements.map((row) => ({ ...row, framework }))));
	const byControl = once(() => {
		const rows = data.controls.map(() => []);
		data.verdicts.control.forEach((control, verdict) => rows[control].push(verdict));
		return rows;
	});
	const notes = once(() => new Map(data.notes.verdict.map((verdict, note) => [verdict, note])));
	const unknowns = once(() => data.notes.verdict.filter((verdict) => data.verdicts.outcome[verdict] === UNKNOWN));
	const requirementsOf = once(() => {
		const rows = data.controls.map(() => []);
		for (const row of requirements()) for (const control of row.controls) rows[control].push(row);
		return rows;
	});

	const controlOf = (verdict) => data.verdicts.control[verdict];
	const resourceOf = (verdict) => data.verdicts.resource[verdict];
	const outcomeOf = (verdict) => data.outcomes[data.verdicts.outcome[verdict]];
	const verdictOf = (finding) => data.findings.verdict[finding];
	const severityRank = (control) => data.severities.indexOf(data.controls[control].severity);
	const resourceText = (row) => `${data.resources.id[row]} ${data.resources.name[row]} ${text(data.resources.kind[row])} ${text(data.resources.scope[row])} ${text(data.resources.region[row])} ${text(data.resources.file[row])}`;

	function causeOf(verdict) {
		const cause = data.notes.cause[notes().get(verdict)];
		return cause >= 0 ? data.causes[cause] : null;
	}

	function resourceCell(row) {
		const { kind, scope, region, count: times } = data.resources;
		const place = [text(kind[row]), text(scope[row]), text(region[row])].filter(Boolean).join(" · ");
		return [code(data.resources.id[row]), small(place, times[row] > 1 ? ` · stands for ${count.format(times[row])} equal ones` : "")];
	}

	function place(file, line) {
		return file ? code(line > 0 ? `${file}:${line}` : file) : null;
	}

	function placeOf(verdict) {
		const note = notes().get(verdict);
		return place(text(data.resources.file[resourceOf(verdict)]), note === undefined ? 0 : data.notes.line[note]);
	}

	function causeCell(cause) {
		return cause && [el("span", { class: "title" }, data.causeWords[cause[0]] || cause[0]), small(cause[1])];
	}

	function values(pairs) {
		const present = pairs.filter(([, value]) => value !== "");
		return present.length ? el("dl", { class: "values" }, ...present.map(([name, value]) => [el("dt", {}, name), el("dd", {}, code(value))])) : null;
	}

	function findingCell(finding) {
		const { message, path, expected, actual } = data.findings;
		const facts = [["at", text(path[finding])], ["expected", text(expected[finding])], ["found", text(actual[finding])]];
		const waiver = data.notes.waiver[notes().get(verdictOf(finding))];
		return [el("div", {}, text(message[finding])), values(facts), waiver >= 0 ? small("Waiver: ", text(waiver)) : null];
	}

	function controlList(indexes, limit = 4) {
		const line = (index) => el("li", { class: data.controls[index].state }, icon(data.icons[data.controls[index].state]), el("span", {}, controlLink(index), el("span", { class: "hidden-text" }, ": " + word(data.controls[index].state))));
		const list = (some) => el("ul", { class: "lines small" }, ...some.map(line));
		if (indexes.length <= limit) return indexes.length ? list(indexes) : null;
		return [list(indexes.slice(0, limit - 1)), el("details", {}, el("summary", {}, `${indexes.length - limit + 1} more`), list(indexes.slice(limit - 1)))];
	}

	// --- Tables: what each shows. A filter's `of` gives the value of a row, a column's `by` what it is sorted by -----------

	const severityFilter = (control) => ({ name: "severity", label: "Severity", of: (row) => data.controls[control(row)].severity, order: () => data.severities });
	const scopeFilter = { name: "scope", label: "Scope", of: (verdict) => text(data.resources.scope[resourceOf(verdict)]) };
	const onFinding = (filter) => ({ ...filter, of: (finding) => filter.of(verdictOf(finding)) });
	const controlFilter = { name: "control", label: "Control", of: (verdict) => data.controls[controlOf(verdict)].id };
	const resourceColumn = { title: "Resource", name: "resource", cell: (verdict) => resourceCell(resourceOf(verdict)), by: (verdict) => data.resources.id[resourceOf(verdict)] };
	const placeColumn = { title: "File and line", cell: placeOf };

	const TABLES = {
		requirements: {
			title: "Requirements", rows: requirements, empty: "No framework was chosen for this scan.",
			text: (row) => [row.id, row.title, row.reason, row.framework.name, ...row.objectives, ...row.controls.map((index) => data.controls[index].id)].join(" "),
			filters: [
				{ name: "framework", label: "Framework", of: (row) => row.framework.id, label_of: (id) => data.frameworks.find((one) => one.id === id).name, order: () => data.frameworks.map((one) => one.id) },
				{ name: "result", label: "Result", of: (row) => row.state, label_of: word, order: () => data.states },
				{ name: "kind", label: "Can a scan show it", of: (row) => row.kind, label_of: (kind) => data.kindWords[kind] || kind },
			],
			columns: [
				{ title: "Requirement", name: "id", head: true, by: (row) => `${row.framework.id} ${row.id}`, cell: (row) => [el("span", { class: "title" }, requirementLink(row)), el("div", {}, row.title), small(row.framework.name)] },
				{ title: "Can a scan show it", name: "kind", by: (row) => row.kind, cell: (row) => [data.kindWords[row.kind] || row.kind, small(row.reason)] },
				{ title: "Objectives", cell: (row) => el("ul", { class: "lines small" }, ...row.objectives.map((id) => el("li", {}, id))) },
				{ title: "Controls", name: "controls", by: (row) => row.controls.length, cell: (row) => controlList(row.controls) },
				{ title: "Result", name: "result", by: (row) => data.states.indexOf(row.state), cell: (row) => [badge(row.state), small(row.statement)] },
			],
		},
		controls: {
			title: "Controls", rows: () => range(data.controls.length), empty: "No control ran.",
			text: (index) => ["id", "title", "description", "objectives", "kinds"].map((key) => data.controls[index][key]).join(" "),
			filters: [
				{ name: "result", label: "Result", of: (index) => data.controls[index].state, label_of: word, order: () => data.states },
				severityFilter((index) => index),
				{ name: "provider", label: "Provider", of: (index) => data.controls[index].id.split(".")[0] },
			],
			columns: [
				{ title: "Severity", name: "severity", by: severityRank, cell: (index) => severity(data.controls[index].severity) },
				{ title: "Control", name: "id", head: true, by: (index) => data.controls[index].id, cell: controlCell },
				{ title: "Result", name: "result", by: (index) => data.states.indexOf(data.controls[index].state), cell: (index) => [badge(data.controls[index].state), small(data.controls[index].statement)] },
				...[["Exceptions", FAIL], ["Waived", WAIVED], ["Unknown", UNKNOWN]].map(([title, outcome]) => ({ title, name: title.toLowerCase(), number: true, by: (index) => data.controls[index].tally[outcome], cell: (index) => count.format(data.controls[index].tally[outcome]) })),
				{ title: "Requirements", name: "requirements", number: true, by: (index) => requirementsOf()[index].length, cell: (index) => count.format(requirementsOf()[index].length) },
			],
		},
		deviations: {
			title: "Deviations", rows: () => range(data.findings.verdict.length), empty: "No control has a finding.",
			text: (finding) => `${data.controls[controlOf(verdictOf(finding))].id} ${data.controls[controlOf(verdictOf(finding))].title} ${resourceText(resourceOf(verdictOf(finding)))} ${text(data.findings.message[finding])} ${text(data.findings.path[finding])}`,
			filters: [
				{ name: "result", label: "Result", of: (finding) => outcomeOf(verdictOf(finding)), label_of: word, order: () => data.outcomes },
				severityFilter((finding) => controlOf(verdictOf(finding))), onFinding(scopeFilter), onFinding(controlFilter),
			],
			columns: [
				{ title: "Severity", name: "severity", by: (finding) => severityRank(controlOf(verdictOf(finding))), cell: (finding) => [severity(data.controls[controlOf(verdictOf(finding))].severity), data.verdicts.outcome[verdictOf(finding)] === WAIVED ? badge("waived") : null] },
				{ title: "Control", name: "control", head: true, by: (finding) => data.controls[controlOf(verdictOf(finding))].id, cell: (finding) => controlCell(controlOf(verdictOf(finding))) },
				{ ...resourceColumn, by: (finding) => resourceColumn.by(verdictOf(finding)), cell: (finding) => resourceColumn.cell(verdictOf(finding)) },
				{ title: "Finding", cell: findingCell },
				{ title: "File and line", cell: (finding) => placeOf(verdictOf(finding)) },
				{ title: "Remedy", cell: (finding) => data.controls[controlOf(verdictOf(finding))].remediation },
			],
		},
		unknowns: {
			title: "Unknowns", rows: unknowns, empty: "Every control could judge every resource it was asked about.",
			text: (verdict) => `${data.controls[controlOf(verdict)].id} ${data.controls[controlOf(verdict)].title} ${resourceText(resourceOf(verdict))} ${(causeOf(verdict) || []).join(" ")}`,
			filters: [
				{ name: "cause", label: "Cause", of: (verdict) => (causeOf(verdict) || [""])[0], label_of: (kind) => data.causeWords[kind] || kind },
				severityFilter(controlOf), scopeFilter, controlFilter,
			],
			columns: [
				{ title: "Control", name: "control", head: true, by: (verdict) => data.controls[controlOf(verdict)].id, cell: (verdict) => controlCell(controlOf(verdict)) },
				resourceColumn,
				{ title: "Why it is unknown", name: "cause", by: (verdict) => (causeOf(verdict) || [""])[0], cell: (verdict) => causeCell(causeOf(verdict)) },
				{ title: "What would close it", cell: (verdict) => { const cause = causeOf(verdict); return cause && (cause[2] ? code(cause[2]) : data.remedies[cause[0]] || null); } },
				placeColumn,
			],
		},
		gaps: {
			title: "Each gap", rows: () => range(data.gaps.kind.length), empty: "There are no gaps.",
			text: (gap) => [text(data.gaps.kind[gap]), text(data.gaps.scope[gap]), text(data.gaps.file[gap]), ...data.causes[data.gaps.cause[gap]]].join(" "),
			filters: [{ name: "cause", label: "Cause", of: (gap) => data.causes[data.gaps.cause[gap]][0], label_of: (kind) => data.causeWords[kind] || kind }],
			columns: [
				{ title: "What", name: "kind", head: true, by: (gap) => text(data.gaps.kind[gap]), cell: (gap) => code(data.kindNames[text(data.gaps.kind[gap])] || text(data.gaps.kind[gap])) },
				{ title: "Where", name: "scope", by: (gap) => text(data.gaps.scope[gap]), cell: (gap) => [text(data.gaps.scope[gap]), small(text(data.gaps.region[gap]))] },
				{ title: "Why", name: "cause", by: (gap) => data.causes[data.gaps.cause[gap]][0], cell: (gap) => causeCell(data.causes[data.gaps.cause[gap]]) },
				{ title: "File and line", cell: (gap) => place(text(data.gaps.file[gap]), data.gaps.line[gap]) },
			],
		},
		skipped: {
			title: "Each thing passed over", rows: () => range(data.skipped.file.length), empty: "Nothing was passed over.",
			text: (row) => `${text(data.skipped.file[row])} ${text(data.skipped.reason[row])}`,
			filters: [{ name: "reason", label: "Reason", of: (row) => text(data.skipped.reason[row]) }],
			columns: [
				{ title: "File and line", name: "file", head: true, by: (row) => text(data.skipped.file[row]), cell: (row) => place(text(data.skipped.file[row]), data.skipped.line[row]) },
				{ title: "Reason", name: "reason", by: (row) => text(data.skipped.reason[row]), cell: (row) => text(data.skipped.reason[row]) },
			],
		},
	};

	const population = (index) => ({
		title: "Population", rows: () => byControl()[index], empty: "The control met no resource in scope.",
		text: (verdict) => resourceText(resourceOf(verdict)),
		filters: [{ name: "result", label: "Result", of: outcomeOf, label_of: word, order: () => data.outcomes }, scopeFilter],
		columns: [
			{ title: "Result", name: "result", by: (verdict) => data.verdicts.outcome[verdict], cell: (verdict) => badge(outcomeOf(verdict)) },
			{ ...resourceColumn, head: true },
			{ title: "Why", cell: (verdict) => (data.verdicts.outcome[verdict] === PASS ? null : causeCell(causeOf(verdict))) },
			placeColumn,
			{ title: "Digest of the resource", cell: (verdict) => el("span", { class: "digest" }, data.resources.digest[resourceOf(verdict)]) },
		],
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
		const present = new Set(table.rows().map(filter.of));
		const known = filter.order ? filter.order().filter((value) => present.has(value)) : [...present].sort(collator.compare);
		return [el("option", { value: "" }, "All"), ...known.map((value) => el("option", { value }, filter.label_of ? filter.label_of(value) : value))];
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
				["Can a scan show it", [data.kindWords[row.kind] || row.kind, row.reason ? small(row.reason) : null]],
				["Objectives", objectiveList(row.objectives)],
				...Object.entries(row.details || {}).map(([name, value]) => [name, String(value)]),
			]),
			el("h3", {}, "Controls that evidence it"),
			row.controls.length ? drawTable({ ...TABLES.controls, title: "Controls that evidence it" }, row.controls) : el("p", {}, "No control that ran bears on it."),
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
				["Population", plural(byControl()[index].length, "resource", "resources") + ", all of them tested"],
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
	const deviationsOf = (index) => TABLES.deviations.rows().filter((finding) => controlOf(verdictOf(finding)) === index);
	const unknownsOf = (index) => unknowns().filter((verdict) => controlOf(verdict) === index);
	const without = (table, ...titles) => ({ ...table, columns: table.columns.filter((column) => !titles.includes(column.title)) });

	function controlPage(host, [id]) {
		const index = data.controls.findIndex((control) => control.id === id);
		if (index < 0) return fill(host, [el("p", {}, "This report has no such control.")]);
		const target = "?control=" + encodeURIComponent(id);
		const tables = [[without(TABLES.deviations, "Control", "Severity", "Remedy"), deviationsOf(index), "#deviations" + target], [without(TABLES.unknowns, "Control"), unknownsOf(index), "#unknowns" + target]];
		const parts = el("div", {}, ...tables.filter(([, rows]) => rows.length).map((one) => el("div", {}, ...brief(...one))));
		const everyone = el("div", { "data-paged": "" });
		byId("control-title").textContent = data.controls[index].title;
		fill(host, [workpaper(index), parts, el("h3", {}, "Population"), everyone, sign()]);
		host.view = new View(everyone, population(index));
		host.printed = tables.filter(([, rows]) => rows.length);
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
