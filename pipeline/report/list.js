// The list of stories: its rows, search, filters and order. One of the parts that make up the script of the page.
// Text from a story only ever becomes text (textContent), never mark-up; stories lie in the page as JSON, and one is
// parsed when it is opened.

const $ = (id) => document.getElementById(id);
const { stories, kinds } = JSON.parse($("index").textContent);
const list = $("list"), article = $("story"), search = $("search"), main = $("main"), found = $("found");
const places = new Map(stories.map((story, place) => [story.id, place]));
const title = document.title;

// Elements

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many || one + "s"}`;
const address = (story) => `#story=${encodeURIComponent(story.id)}`;

// The list

function row(story, place) {
  const marks = [];
  if (story.status !== "translated") marks.push(make("span", { class: `badge ${story.status}` }, story.status));
  if (story.wrong) marks.push(make("span", { class: "badge wrong", title: "findings that can mislead" }, String(story.wrong)));
  const doubts = story.findings - story.wrong;
  if (doubts) marks.push(make("span", { class: "badge doubt", title: "doubts" }, String(doubts)));
  const link = make("a", { href: address(story) },
    make("span", { class: "title", dir: "auto" }, story.title),
    make("span", { class: "line" }, make("span", { class: "id", dir: "auto" }, story.id), ...marks));
  return make("li", { "data-place": place }, link);
}

const rows = stories.map(row);
list.append(...rows);

// Search: titles and ids at once, the texts as they are read, a few at a time when nothing else is to do

const plain = (text) => text.normalize("NFD").replace(/\p{M}+/gu, "").replace(/[’‘]/g, "'").replace(/œ/gi, "oe")
  .replace(/æ/gi, "ae").toLowerCase().replace(/\s+/g, " ");
const heads = stories.map((story) => plain(`${story.title} ${story.id}`));
const texts = new Array(stories.length).fill(null);
let read = 0, reading = false;

const story = (place) => JSON.parse($(`story-${place}`).textContent);
const text = (runs) => (runs || []).map((run) => (typeof run === "string" ? run : run.t)).join("");

function readText(place) {
  const data = story(place);
  const parts = [data.original, data.why, ...data.meta.map((pair) => pair[1])];
  for (const one of data.rows) parts.push(text(one.fr), text(one.en));
  for (const one of data.summary ? data.summary.sentences : []) parts.push(text(one.runs));
  texts[place] = plain(parts.join(" \n "));
}

const later = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 8 }), 30));

function readOn(idle) {
  const fresh = [];
  do {
    if (read < stories.length && texts[read] === null) readText(read);
    fresh.push(read);
    read += 1;
  } while (read < stories.length && idle.timeRemaining() > 4);
  if (terms().length) fresh.forEach(showRow), tell();
  if (read < stories.length) later(readOn);
  else document.body.dataset.indexed = "yes", tell();
}

function startReading() {
  if (reading || !stories.length) return;
  reading = true;
  later(readOn);
}

// Filters

const chosen = new Set();
const terms = () => plain(search.value).split(" ").filter(Boolean);
const tests = {
  findings: (one) => one.findings > 0,
  failed: (one) => one.status === "failed",
  skipped: (one) => one.status === "skipped",
};

function chip(name, label, number, weight) {
  return make("button", { type: "button", class: weight ? `chip ${weight}` : "chip", "data-filter": name, "aria-pressed": "false" },
    label, make("span", { class: "number" }, number.toLocaleString("en")));
}

for (const [name, label] of [["findings", "With findings"], ["failed", "Failed"], ["skipped", "Skipped"]]) {
  const number = stories.filter(tests[name]).length;
  if (number) $("chips").append(chip(name, label, number));
}
const having = (kind) => stories.filter((one) => one.kinds.includes(kind)).length;
$("kinds").append(...Object.entries(kinds).map(([kind, [label, weight]]) => [having(kind), kind, label, weight])
  .sort((a, b) => b[0] - a[0]).map(([number, kind, label, weight]) => chip(`kind:${kind}`, label, number, weight)));
$("by-kind").hidden = !Object.keys(kinds).length;

function passes(place, words) {
  const one = stories[place];
  for (const name of chosen.size ? chosen : ["all"]) {
    if (name === "all" || (name.startsWith("kind:") ? one.kinds.includes(name.slice(5)) : tests[name](one))) {
      return words.every((word) => heads[place].includes(word) || (texts[place] !== null && texts[place].includes(word)));
    }
  }
  return false;
}

let shown = stories.length;

function showRow(place) {
  const hidden = !passes(place, terms());
  if (rows[place].hidden !== hidden) shown += hidden ? -1 : 1;
  rows[place].hidden = hidden;
}

function show() {
  const words = terms();
  shown = 0;
  rows.forEach((element, place) => {
    element.hidden = !passes(place, words);
    shown += element.hidden ? 0 : 1;
  });
  tell();
}

function tell() {
  const all = shown === stories.length ? count(shown, "story", "stories") : `${shown.toLocaleString("en")} of ${count(stories.length, "story", "stories")}`;
  found.textContent = terms().length && read < stories.length ? `${all}, still reading the texts` : shown ? all : `${all}: nothing matches`;
}

function toggle(button) {
  const name = button.dataset.filter;
  const on = !chosen.delete(name);
  if (on) chosen.add(name);
  button.setAttribute("aria-pressed", String(on));
  show();
}

const orders = {
  order: (a, b) => a - b,
  findings: (a, b) => stories[b].wrong * 1000 + stories[b].findings - stories[a].wrong * 1000 - stories[a].findings || a - b,
  score: (a, b) => (stories[a].score ?? 2) - (stories[b].score ?? 2) || a - b,
};
let sequence = stories.map((_, place) => place);

function sort(name) {
  sequence = stories.map((_, place) => place).sort(orders[name] || orders.order);
  list.append(...sequence.map((place) => rows[place]));
}
