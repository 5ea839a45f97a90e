// Printing: every row, not the page that is on the screen. A control's page prints alone, as one workpaper.
const PRINT_LIMIT = 20000;

const onPaper = (...children) => el("div", { class: "print-only", "data-printed": "" }, children);

function printed(table, rows) {
	const rest = rows.length - PRINT_LIMIT;
	const cut = rest > 0 ? el("p", {}, `${number(rest)} more rows are not printed; they are in this file and in the bundle.`) : null;
	return onPaper(drawTable(table, rows.slice(0, PRINT_LIMIT)), cut);
}

function printReport() {
	for (const host of document.querySelectorAll("[data-table]")) {
		const table = TABLES[host.dataset.table];
		const filtered = shown.path[0] === host.dataset.table ? shown.parameters : new URLSearchParams();
		const rows = select(table, filtered);
		const all = table.rows().length;
		if (rows.length < all) host.before(onPaper(el("p", {}, `Filtered: ${number(rows.length)} of ${number(all)} rows.`)));
		host.after(printed(table, rows));
	}
	const papers = data.controls.map((control, index) => el("article", { class: "workpaper" }, el("h2", {}, control.title), workpaper(index), sign()));
	byId("controls").append(onPaper(papers));
}

function printControl(host) {
	host.querySelectorAll("[data-print]").forEach((place, index) => place.append(printed(...host.excerpts[index].slice(0, 2))));
	host.querySelector("[data-paged]").after(printed(host.view.table, host.view.table.rows()));
}

function beforePrint() {
	if (!data) return;
	afterPrint();
	const host = document.querySelector("[data-page=control]");
	const alone = shown.path[0] === "control" && Boolean(host.view);
	document.body.classList.toggle("one", alone);
	alone ? printControl(host) : printReport();
	document.querySelectorAll("details:not([open])").forEach((node) => {
		node.open = true;
		node.dataset.opened = "";
	});
}

function afterPrint() {
	document.querySelectorAll("[data-printed]").forEach((node) => node.remove());
	document.querySelectorAll("[data-opened]").forEach((node) => {
		node.open = false;
		delete node.dataset.opened;
	});
}
