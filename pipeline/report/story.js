// One story, built from its data: headline, summary, findings, French and English side by side.

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
