// Where the reader is, and all events: one listener of a kind for the whole page, none of a single story's elements.

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

// Events

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
