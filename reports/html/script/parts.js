// Building blocks. Data reaches the page through text nodes and known attributes only; nothing is parsed as HTML.
const SVG = "http://www.w3.org/2000/svg";
const collator = new Intl.Collator("en", { numeric: true });
const numbers = new Intl.NumberFormat("en");
const number = (value) => numbers.format(value);
const plural = (value, one) => `${number(value)} ${one}${value === 1 ? "" : "s"}`;
const byId = (id) => document.getElementById(id);

function fill(node, ...children) {
	node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
	return node;
}

function el(name, attributes, ...children) {
	const node = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (value !== null && value !== undefined) node.setAttribute(key, value);
	}
	return fill(node, children);
}

function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	const use = document.createElementNS(SVG, "use");
	svg.setAttribute("class", "icon");
	svg.setAttribute("aria-hidden", "true");
	use.setAttribute("href", "#i-" + name);
	svg.append(use);
	return svg;
}

const code = (text) => el("code", {}, text);
const small = (...children) => el("div", { class: "small muted" }, children);
const link = (href, text) => el("a", { href }, text);
const list = (items, kind) => (items.length ? el("ul", { class: kind }, items.map((item) => el("li", {}, item))) : null);

// Our own texts mark code with backticks.
const prose = (text) => text.split("`").map((part, index) => (index % 2 ? code(part) : part));
