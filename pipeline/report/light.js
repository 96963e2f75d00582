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
