// Shows one section at a time by the URL's hash, `#section/part?filter=value`, and opens the data.
const PARENTS = { requirement: "requirements", control: "controls", gaps: "completeness", skipped: "completeness" };
const reportTitle = document.title;
let shown = null;

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
	const before = shown;
	shown = readHash();
	const [name] = shown.path;
	const moved = !before || encodePath(before.path) !== encodePath(shown.path);
	if (moved) {
		document.querySelectorAll("main > section").forEach((section) => { section.hidden = section.id !== name; });
		document.querySelectorAll(".bar nav a").forEach((anchor) => mark(anchor, (PARENTS[name] || name) === anchor.hash.slice(1)));
	}
	if (data) draw(name, moved);
	if (moved && before) {
		window.scrollTo(0, 0);
		byId(name + "-title").focus({ preventScroll: true });
	}
}

function mark(anchor, current) {
	current ? anchor.setAttribute("aria-current", "page") : anchor.removeAttribute("aria-current");
}

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
	document.title = name === "summary" ? reportTitle : `${byId(name + "-title").textContent} · ${reportTitle}`;
}

async function inflate() {
	const block = byId("data");
	const bytes = Uint8Array.from(atob(block.textContent), (character) => character.charCodeAt(0));
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
	block.remove();
	return new Response(stream).json();
}

function cannotOpen(reason) {
	const sentence = `The tables cannot be opened: ${reason.message}. This page needs a browser from 2023 or later; the same data is in the evidence bundle.`;
	document.querySelectorAll("[data-table], [data-page]").forEach((host) => fill(host, el("p", { class: "answer incomplete" }, sentence)));
}

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
}, cannotOpen);
