// One table on the page, with its search, filters, order and pages; all of that lives in the URL's hash.
const PAGE_SIZE = 50;
const TYPING = 120;

function headCell(column, sort) {
	const attributes = { role: "columnheader", scope: "col", class: column.number ? "number" : null };
	if (!column.by || !sort) return el("th", attributes, column.title);
	const direction = sort.name !== column.name ? "none" : sort.down ? "descending" : "ascending";
	return el("th", { ...attributes, "aria-sort": direction }, el("button", { type: "button", "data-sort": column.name }, column.title));
}

function bodyRow(columns, row) {
	return el("tr", { role: "row" }, columns.map((column) => {
		if (column.head) return el("th", { role: "rowheader", scope: "row" }, column.cell(row));
		return el("td", { role: "cell", "data-label": column.title, class: column.number ? "number" : null }, column.cell(row));
	}));
}

function drawTable(table, rows, sort) {
	if (!rows.length) return el("p", { class: "frame empty" }, table.empty);
	const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, table.columns.map((column) => headCell(column, sort))));
	const body = el("tbody", { role: "rowgroup" }, rows.map((row) => bodyRow(table.columns, row)));
	const caption = el("caption", { class: "hidden-text" }, table.title);
	return el("div", { class: "frame stacked" }, el("table", { role: "table", class: table.title.toLowerCase() }, caption, head, body));
}

const readSort = (value = "") => ({ name: value.replace(/^-/, ""), down: value.startsWith("-") });
const sortOf = (table, parameters) => readSort(parameters.get("sort") || table.sort);

function select(table, parameters) {
	const chosen = table.filters.filter((filter) => parameters.get(filter.name));
	const terms = (parameters.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
	table.texts = table.texts || new Map();
	const lower = (row) => {
		if (!table.texts.has(row)) table.texts.set(row, table.text(row).toLowerCase());
		return table.texts.get(row);
	};
	const rows = table.rows().filter((row) => chosen.every((filter) => filter.of(row) === parameters.get(filter.name)) && terms.every((term) => lower(row).includes(term)));
	return order(table, rows, sortOf(table, parameters));
}

function order(table, rows, sort) {
	const column = table.columns.find((one) => one.by && one.name === sort.name);
	if (!column || !rows.length) return rows;
	const keyed = rows.map((row) => [column.by(row), row]);
	const compare = typeof keyed[0][0] === "number" ? (a, b) => a[0] - b[0] : (a, b) => collator.compare(a[0], b[0]);
	keyed.sort(sort.down ? (a, b) => compare(b, a) : compare);
	return keyed.map(([, row]) => row);
}

function options(filter, table) {
	const present = new Set(table.rows().map(filter.of));
	const known = filter.order ? filter.order().filter((value) => present.has(value)) : [...present].sort(collator.compare);
	const label = filter.label_of || String;
	return [el("option", { value: "" }, "All"), known.map((value) => el("option", { value }, label(value)))];
}

class View {
	constructor(host, table) {
		this.host = host;
		this.table = table;
		this.search = el("input", { type: "search", name: "q", autocomplete: "off", spellcheck: "false" });
		this.selects = table.filters.map((filter) => el("select", { name: filter.name }, options(filter, table)));
		this.status = el("span", { role: "status" });
		this.body = el("div", {});
		const labels = this.selects.map((one, index) => el("label", {}, table.filters[index].label, one));
		this.form = el("form", { class: "tools", role: "search", "aria-label": table.title }, el("label", { class: "search" }, "Search", this.search), labels, el("button", { type: "reset" }, "Clear"));
		this.pagers = [this.pager("above", this.status), this.pager("below")];
		fill(host, this.form, this.pagers[0], this.body, this.pagers[1]);
		this.listen();
	}

	pager(where, ...children) {
		const step = (by, label) => el("button", { type: "button", "data-step": by }, label);
		return el("nav", { class: "pager", "aria-label": `Pages of ${this.table.title}, ${where}` }, children, step(-1, "Previous"), el("span", { class: "page" }), step(1, "Next"));
	}

	listen() {
		let timer = 0;
		this.search.addEventListener("input", () => {
			clearTimeout(timer);
			timer = setTimeout(() => this.change({ q: this.search.value, page: "" }, true), TYPING);
		});
		this.selects.forEach((one) => one.addEventListener("change", () => this.change({ [one.name]: one.value, page: "" })));
		this.form.addEventListener("submit", (event) => event.preventDefault());
		this.form.addEventListener("reset", (event) => {
			event.preventDefault();
			this.search.value = "";
			go(shown.path, new URLSearchParams());
			this.search.focus();
		});
		this.host.addEventListener("click", (event) => {
			const { dataset } = event.target.closest("button:not([aria-disabled=true])") || {};
			if (dataset && dataset.sort) this.sortBy(dataset.sort);
			if (dataset && dataset.step) this.turn(Number(dataset.step), event.target);
		});
	}

	sortBy(name) {
		const sort = sortOf(this.table, shown.parameters);
		this.refocus = name;
		this.change({ sort: sort.name !== name ? name : sort.down ? "" : "-" + name, page: "" });
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
		this.selects.forEach((one) => {
			one.value = parameters.get(one.name) || "";
			one.parentNode.hidden = one.options.length < 3 && !one.value;
		});
		const all = this.table.rows().length;
		const rows = select(this.table, parameters);
		const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE));
		this.page = Math.min(pages, Math.max(1, Math.trunc(parameters.get("page")) || 1));
		const start = (this.page - 1) * PAGE_SIZE;
		const slice = rows.slice(start, start + PAGE_SIZE);
		const some = `${number(start + 1)}–${number(start + slice.length)} of ${number(rows.length)}` + (rows.length < all ? ` (${number(all)} in all)` : "");
		this.form.hidden = all === 0;
		this.status.textContent = rows.length ? some : all ? `None of ${number(all)}` : "";
		const empty = all ? "Nothing matches. Clear the search and the filters to see everything." : this.table.empty;
		fill(this.body, drawTable({ ...this.table, empty }, slice, sortOf(this.table, parameters)));
		this.pagers.forEach((pager) => this.showPager(pager, pages));
		if (this.refocus) (this.body.querySelector(`[data-sort="${this.refocus}"]`) || this.search).focus();
		this.refocus = null;
	}

	showPager(pager, pages) {
		const [previous, next] = pager.querySelectorAll("button");
		const label = pager.querySelector(".page");
		previous.setAttribute("aria-disabled", this.page <= 1);
		next.setAttribute("aria-disabled", this.page >= pages);
		label.textContent = `Page ${number(this.page)} of ${number(pages)}`;
		for (const part of [previous, next, label]) part.hidden = pages === 1;
		pager.hidden = pages === 1 && !pager.contains(this.status);
	}
}
