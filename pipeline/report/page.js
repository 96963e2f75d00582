// The reading page. Stories lie in the page as JSON; one is parsed when it is opened. Text from a story only ever
// becomes text (textContent), never mark-up, and no event is bound to a single story's elements.
"use strict";
(() => {
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

  // A story

  function pieces(runs) {
    return (runs || []).map((run) => {
      if (typeof run === "string") return run;
      const names = [];
      if (run.f) names.push("fact");
      if (run.d) names.push("mark", heaviest(run.d));
      return make(run.d ? "mark" : "span", { class: names.join(" "), "data-f": run.f && run.f.join(" "), "data-d": run.d && run.d.join(" ") }, run.t);
    });
  }

  let open = null; // the story on show, and its place

  function heaviest(numbers) {
    const weights = numbers.map((number) => open.data.findings[number].weight);
    return weights.includes("wrong") ? "wrong" : weights.includes("doubt") ? "doubt" : "note";
  }

  function top(data, one) {
    const line = [data.id, one.words ? count(one.words, "word") : "", one.score === null ? "" : `translator ${Math.round(one.score * 100)} % sure`];
    const meta = data.meta.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { dir: "auto" }, value)));
    return make("header", { class: "top" },
      make("p", { class: "back" }, make("a", { href: "#" }, "All stories")),
      make("p", { class: "kicker" }, line.filter(Boolean).join(" · ")),
      make("h1", { id: "story-title", tabindex: "-1", dir: "auto" }, data.title),
      data.original ? make("p", { class: "original", lang: data.lang, dir: "auto" }, data.original) : null,
      meta.length ? make("dl", { class: "meta" }, ...meta) : null,
      data.status !== "translated" ? make("p", { class: `why ${data.status}` }, make("strong", {}, WHY[data.status]), " ", data.why) : null);
  }

  const WHY = { failed: "This story failed.", skipped: "This story was skipped.", empty: "There is no translation." };

  function summary(data) {
    if (!data.summary || !data.summary.sentences.length) return null;
    const sentences = data.summary.sentences.map((one, number) => {
      const note = [one.support.length ? `Rests on ${count(one.support.length, "sentence")}.` : "Names no sentence.", one.note];
      return make("li", {},
        make("span", { class: "claim", role: "button", tabindex: "0", lang: "en", "aria-pressed": "false", "data-claim": number }, ...pieces(one.runs)),
        make("span", { class: "aside" }, note.filter(Boolean).join(" ")),
        ...data.findings.map((found, place) => (found.sentences.includes(number) ? margin(found, place) : null)));
    });
    return make("section", { class: "summary", "aria-labelledby": "summary-title" },
      make("h2", { id: "summary-title" }, "Summary"), make("ol", {}, ...sentences));
  }

  function findings(data) {
    if (!data.findings.length || (data.status !== "translated" && !data.rows.some((one) => one.en))) return null;
    const heavy = data.findings.filter((one) => one.weight !== "note").length;
    const notes = data.findings.length - heavy;
    const words = [heavy ? count(heavy, "finding") : "", notes ? count(notes, "remark") : ""].filter(Boolean).join(", ");
    const items = data.findings.map((one, number) => {
      const children = [make("span", { class: `dot ${one.weight}` }), make("span", { class: "kind" }, one.name),
        make("span", { class: "message", dir: "auto" }, one.message), make("span", { class: "hop" }, one.hop)];
      const leads = one.rows.length || one.sentences.length;
      return make("li", {}, leads ? make("button", { type: "button", class: "finding", "data-finding": number }, ...children)
        : make("span", { class: "finding" }, ...children));
    });
    return make("details", { class: "findings", open: data.findings.length <= 12 }, make("summary", {}, words), make("ol", {}, ...items));
  }

  function scores(data) {
    if (!data.scores.length) return null;
    const body = data.scores.map(([says, value]) => make("tr", {}, make("th", { scope: "row" }, says), make("td", {}, value)));
    return make("details", { class: "figures" }, make("summary", {}, "Scores of this story"), make("table", {}, make("tbody", {}, ...body)));
  }

  function margin(one, number) {
    return make("p", { class: `margin ${one.weight}`, "data-note": number }, make("strong", {}, one.name), " ", make("span", { dir: "auto" }, one.message));
  }

  function notes(data) {
    const byRow = data.rows.map(() => []);
    data.findings.forEach((one, number) => {
      if (one.rows.length === 1 && !one.sentences.length) byRow[one.rows[0]].push(margin(one, number));
    });
    data.rows.forEach((one, number) => {
      if (one.note) byRow[number].push(make("p", { class: "aside" }, one.note));
    });
    return byRow;
  }

  function line(one, number, beside, data) {
    const names = ["row", one.role];
    if (one.opens) names.push("opens");
    const french = make("p", { class: "fr", lang: one.lang || data.lang, dir: "auto" }, ...pieces(one.fr));
    const english = one.noise ? make("p", { class: "en left-out" }, `Left out: ${one.noise}`)
      : one.en ? make("p", { class: one.own ? "en own" : "en", lang: one.own ? one.lang || data.lang : "en", dir: "auto" }, ...pieces(one.en))
      : data.status === "translated" ? make("p", { class: "en left-out" }, "No translation") : null;
    return make("div", { class: names.join(" "), "data-row": number }, french, english, make("div", { class: "beside" }, ...beside));
  }

  const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

  function language(code) {
    try { return LANGUAGES.of(code); } catch { return code; }
  }

  const LONG = 400; // rows from which on only those on the screen are laid out

  function columns(data) {
    if (!data.rows.length) return null;
    const beside = notes(data);
    const lines = data.rows.map((one, number) => line(one, number, beside[number], data));
    const names = ["columns", lines.length > LONG ? "long" : "", beside.some((one) => one.length) ? "noted" : "",
      data.rows.some((one) => one.en) ? "" : "alone"];
    return make("section", { class: names.filter(Boolean).join(" "), "aria-label": "The story, sentence by sentence" },
      make("div", { class: "sides", "aria-hidden": "true" }, make("span", {}, language(data.lang)), make("span", {}, "English"), make("span", {})), ...lines);
  }

  function ends(place) {
    const order = sequence.filter((one) => !rows[one].hidden || one === place);
    const at = order.indexOf(place);
    const link = (one, words, name) => (one === undefined ? make("span", {}) : make("a", { href: address(stories[one]), class: name }, make("span", {}, words), stories[one].title));
    return make("nav", { class: "ends", "aria-label": "Other stories" }, link(order[at - 1], "Before", "before"), link(order[at + 1], "Next", "next"));
  }

  function render(place) {
    const data = story(place);
    open = { data, place };
    held = null;
    article.replaceChildren(...[top(data, stories[place]), summary(data), findings(data), columns(data), scores(data), ends(place)].filter(Boolean));
  }

  // Light: what a summary sentence rests on, where a fact stands, what a finding is about

  let held = null; // the summary sentence that was tapped
  let lit = [];

  function dim() {
    for (const [element, name] of lit) element.classList.remove(name);
    lit = [];
  }

  function light(elements, name) {
    for (const element of elements) {
      element.classList.add(name);
      lit.push([element, name]);
    }
  }

  const rowOf = (number) => article.querySelector(`[data-row="${number}"]`);
  const claimOf = (number) => article.querySelector(`[data-claim="${number}"]`);

  function lightClaim(number) {
    light([claimOf(number)].filter(Boolean), "lit");
    light(open.data.summary.sentences[number].support.map(rowOf).filter(Boolean), "lit");
  }

  function lightFinding(number) {
    const one = open.data.findings[number];
    light(article.querySelectorAll(`mark[data-d~="${number}"], [data-note="${number}"], [data-finding="${number}"]`), "called");
    if (!one.precise) light([...one.rows.map(rowOf), ...one.sentences.map(claimOf)].filter(Boolean), "called");
  }

  function lightRow(number) {
    (open.data.summary ? open.data.summary.sentences : []).forEach((one, claim) => {
      if (one.support.includes(number)) light([claimOf(claim)].filter(Boolean), "lit");
    });
  }

  function look(target) {
    dim();
    if (!open) return;
    const at = target && target.closest ? (name) => target.closest(`[data-${name}]`) : () => null;
    const claim = at("claim"), row = at("row"), fact = at("f"), finding = at("finding"), note = at("note"), mark = at("d");
    if (claim) lightClaim(Number(claim.dataset.claim));
    else if (row) lightRow(Number(row.dataset.row));
    if (!claim && held !== null) lightClaim(held);
    if (fact) for (const number of fact.dataset.f.split(" ")) light(article.querySelectorAll(`[data-f~="${number}"]`), "same");
    if (finding) lightFinding(Number(finding.dataset.finding));
    else if (note) lightFinding(Number(note.dataset.note));
    else if (mark) mark.dataset.d.split(" ").forEach((number) => lightFinding(Number(number)));
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function lead(element, flash) {
    if (!element) return;
    element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "center" });
    if (flash) {
      element.classList.remove("flash");
      void element.offsetWidth; // so that the same flash can begin again
      element.classList.add("flash");
    }
  }

  function hold(number) {
    held = held === number ? null : number;
    for (const element of article.querySelectorAll("[data-claim]")) {
      element.setAttribute("aria-pressed", String(Number(element.dataset.claim) === held));
    }
    look(held === null ? null : claimOf(number));
    if (held !== null) lead(rowOf(open.data.summary.sentences[number].support[0]));
  }

  function leadToFinding(number) {
    const one = open.data.findings[number];
    const target = article.querySelector(`.columns mark[data-d~="${number}"]`) || article.querySelector(`mark[data-d~="${number}"]`);
    lead(target || rowOf(one.rows[0]) || claimOf(one.sentences[0]), true);
  }

  // Where we are

  let listScroll = 0, here = null;
  let moved = false; // by a key of ours: then the focus follows

  function visit(hash) {
    moved = true;
    window.location.hash = hash;
    go(); // at once: two quick keys are two stories
  }

  function go() {
    const hash = window.location.hash;
    if (hash === here) return;
    here = hash;
    const before = document.body.dataset.view;
    if (before === "list") listScroll = window.scrollY;
    let place;
    try { place = hash.startsWith("#story=") ? places.get(decodeURIComponent(hash.slice(7))) : undefined; } catch { place = undefined; }
    const view = place !== undefined ? "story" : hash === "#run" ? "run" : "list";
    for (const current of list.querySelectorAll("[aria-current]")) current.removeAttribute("aria-current");
    document.body.dataset.view = view;
    dim();
    if (view === "story") {
      render(place);
      const link = rows[place].firstChild;
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest" });
      document.title = `${stories[place].title} · ${title}`;
    } else {
      open = null;
      article.replaceChildren();
      document.title = title;
    }
    window.scrollTo(0, view === "list" ? listScroll : 0);
    if (moved) (view === "story" ? $("story-title") : view === "run" ? $("run-title") : main).focus({ preventScroll: true });
    moved = false;
  }

  function step(by) {
    const order = sequence.filter((place) => !rows[place].hidden || (open && place === open.place));
    const at = open ? order.indexOf(open.place) : by > 0 ? -1 : order.length;
    const next = order[at + by];
    if (next === undefined) return;
    visit(address(stories[next]));
  }

  function stepInList(link, by) {
    const order = sequence.filter((place) => !rows[place].hidden);
    const at = order.indexOf(Number(link.parentElement.dataset.place)) + by;
    if (at < 0) search.focus();
    else if (order[at] !== undefined) rows[order[at]].firstChild.focus();
  }

  function escape() {
    if (document.activeElement === search) {
      if (search.value) search.value = "", show();
      else search.blur();
    } else if (held !== null) hold(held);
    else if (open) visit("");
  }

  // Events, one listener of a kind for the whole page

  let timer;
  search.addEventListener("input", () => {
    startReading();
    clearTimeout(timer);
    timer = setTimeout(show, 60);
  });
  search.addEventListener("focus", startReading);
  $("sort").addEventListener("change", (event) => sort(event.target.value));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-filter], [data-claim], [data-finding], mark[data-d]");
    if (!button) return;
    if (button.dataset.filter) toggle(button);
    else if (button.dataset.finding) leadToFinding(Number(button.dataset.finding));
    else if (event.target.closest("[data-claim]")) hold(Number(event.target.closest("[data-claim]").dataset.claim));
    else look(event.target);
  });
  article.addEventListener("mouseover", (event) => look(event.target));
  article.addEventListener("mouseleave", () => look(null));
  article.addEventListener("focusin", (event) => look(event.target));
  article.addEventListener("focusout", () => look(null));
  window.addEventListener("hashchange", go);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target, typing = target === search || target.tagName === "SELECT";
    const link = target.closest ? target.closest("#list a") : null;
    if (event.key === "Escape") escape();
    else if (target === search && event.key === "ArrowDown") stepInList({ parentElement: { dataset: { place: -1 } } }, 1);
    else if (target === search && event.key === "Enter") first();
    else if (typing) return;
    else if (event.key === "/") search.focus(), search.select();
    else if (event.key === "j" || event.key === "ArrowRight") step(1);
    else if (event.key === "k" || event.key === "ArrowLeft") step(-1);
    else if (link && event.key === "ArrowDown") stepInList(link, 1);
    else if (link && event.key === "ArrowUp") stepInList(link, -1);
    else if (target.dataset && target.dataset.claim && (event.key === "Enter" || event.key === " ")) hold(Number(target.dataset.claim));
    else return;
    event.preventDefault();
  });

  function first() {
    const next = sequence.find((place) => !rows[place].hidden);
    if (next === undefined) return;
    visit(address(stories[next]));
  }

  show();
  go();
  document.body.dataset.ready = "yes";
})();
