"use strict";

const SIDES = ["first", "second"];
// From the strongest for the first to the strongest for the second, as the keys 1 to 8 lie.
const GRADES = ["significantly better", "better", "slightly better", "marginally better"];
const POLL_MS = 700;
const state = { pair: null, before: null, better: null, grade: "", editing: false, busy: false, over: false };

// -- what is shown ----------------------------------------------------------------------------------------------------

let polling = 0, looks = 0;

async function look(path) {
  clearTimeout(polling);
  if (state.over) return;
  const mine = ++looks;
  let found;
  try { found = await (await ask(path)).json(); } catch (error) { if (mine === looks) complain(error.message); return; }
  if (mine !== looks || state.over) return; // while it was on its way something else was asked for, or the end
  progress(found);
  if (found.pair) {
    show(found.pair);
  } else {
    state.pair = null;
    at("pair").hidden = at("judging").hidden = true;
    at("empty").hidden = false;
    at("empty").textContent = found.drawing
      ? "Answers are being written. A checkpoint hosted here is loaded first, which takes a while."
      : found.judged ? "All are judged. Finish ends the page, Back opens the last one again." : "There is nothing to compare.";
  }
  if (!found.pair && found.drawing) polling = setTimeout(() => look("/api/next"), POLL_MS);
}

function progress(found) {
  state.before = found.before;
  at("back").disabled = found.before === null;
  at("progress").textContent = `${found.judged} of ${found.total} judged`;
  const left = Object.entries(found.left_out).map(([why, count]) => `${count} left out: ${why.replaceAll("_", " ")}`);
  at("more").textContent = visible([...(found.ready || found.drawing ? [`${found.ready} ready`] : []),
    ...(found.drawing ? ["more being written"] : []), ...left].join(" · "));
  complain(found.problem);
}

function complain(text) {
  at("problem").hidden = !text;
  at("problem").textContent = visible(text || "");
}

function show(pair) {
  Object.assign(state, { pair, editing: false });
  at("pair").hidden = at("judging").hidden = false;
  at("empty").hidden = true;
  at("prompt").replaceChildren(...pair.prompt.map((turn) => {
    const row = element("div", "message");
    row.append(element("div", "role", turn.role), element("pre", "", turn.content));
    return row;
  }));
  SIDES.forEach((side, place) => {
    at(side).textContent = visible(pair.answers[place].text);
    at(`${side}-cut`).textContent = pair.answers[place].cut ? "cut by the token limit" : "";
    at(side).scrollTop = 0;
  });
  at("prompt").scrollTop = at("prompt").lastElementChild.offsetTop - at("prompt").offsetTop; // what is answered, not how it began
  window.scrollTo(0, 0);
  at("text").value = "";
  const said = pair.said;
  choose(said ? said.better : null, said ? said.grade : "");
  if (said && said.edited !== null) edit(said.edited);
}

// -- what is said -----------------------------------------------------------------------------------------------------

const answer = (side) => state.pair.answers[SIDES.indexOf(side)].text;
const dirty = () => state.editing && at("text").value !== answer(state.better).replace(/\r\n?/g, "\n");

function choose(better, grade) {
  if (state.editing && better !== state.better) {
    if (dirty() && !confirm("The edit is of the other answer. Drop it?")) return;
    state.editing = false;
    at("text").value = "";
  }
  Object.assign(state, { better, grade });
  for (const button of document.querySelectorAll(".grade"))
    button.setAttribute("aria-pressed", String(button.dataset.grade === grade && (button.dataset.side || null) === better));
  for (const side of SIDES) at(side).parentElement.classList.toggle("better", side === better);
  at("editing").hidden = !state.editing;
  at("edit").disabled = !better;
  at("keep").disabled = !grade;
  at("edit").firstChild.textContent = state.editing ? "Drop the edit " : "Edit the better one ";
}

function edit(text) {
  if (!state.better) return;
  if (state.editing && (text !== undefined || (dirty() && !confirm("Drop what you wrote?")))) return;
  state.editing = !state.editing;
  at("text").value = state.editing ? text ?? answer(state.better) : "";
  choose(state.better, state.grade);
  note();
  if (state.editing && text === undefined) {
    at("editing").scrollIntoView({ block: "nearest" });
    at("text").focus();
    at("text").setSelectionRange(0, 0);
    at("text").scrollTop = 0;
  }
}

/** Says which characters of the edit cannot be seen; the field itself holds them as they are. */
function note() {
  const found = [...new Set(at("text").value.match(HIDDEN) || [])];
  at("hidden-note").hidden = !found.length;
  at("hidden-note").textContent = found.length ? `It holds characters that cannot be seen: ${visible(found.join(" "))}` : "";
}

async function keep() {
  if (!state.pair || !state.grade || state.busy) return;
  state.busy = true;
  const body = { number: state.pair.number, better: state.better, grade: state.grade, edited: state.editing ? at("text").value : null };
  try {
    await ask("/api/judge", body);
    state.editing = false;
    await look("/api/next");
  } catch (error) { complain(error.message); } finally { state.busy = false; }
}

async function back() {
  if (state.before === null || (dirty() && !confirm("Leave what you wrote?"))) return;
  state.editing = false;
  await look(`/api/pair?number=${state.before}`);
}

async function finish() {
  if (dirty() && !confirm("What you wrote is not kept yet. Finish all the same?")) return;
  try {
    const found = await (await ask("/api/finish", {})).json();
    state.over = true;
    state.editing = false;
    clearTimeout(polling);
    at("pair").hidden = at("judging").hidden = true;
    at("back").disabled = at("finish").disabled = true;
    at("empty").hidden = false;
    at("empty").textContent = `${found.judged} judged, ${found.rows} of them pairs to learn from. The terminal says which answers won; this page can be closed.`;
  } catch (error) { complain(error.message); }
}

// ---------------------------------------------------------------------------------------------------------------------

SIDES.forEach((side, place) => {
  const grades = place ? [...GRADES].reverse() : GRADES;
  at(`grades-${side}`).append(...grades.map((grade, number) => {
    const button = element("button", "grade");
    button.type = "button";
    Object.assign(button.dataset, { side, grade });
    button.append(element("kbd", "", place * GRADES.length + number + 1), ` ${grade}`);
    return button;
  }));
});
for (const button of document.querySelectorAll(".grade"))
  button.addEventListener("click", () => choose(button.dataset.side || null, button.dataset.grade));
at("edit").addEventListener("click", () => edit());
at("keep").addEventListener("click", keep);
at("back").addEventListener("click", back);
at("finish").addEventListener("click", finish);
at("text").addEventListener("input", note);

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.isComposing) return;
  const writing = event.target === at("text"), command = event.ctrlKey || event.metaKey;
  if (event.key === "Enter" && (command || (!writing && event.target.tagName !== "BUTTON"))) { event.preventDefault(); keep(); return; }
  if (writing && event.key === "Escape") { at("text").blur(); return; }
  if (writing || command || event.repeat || !state.pair) return;
  const buttons = document.querySelectorAll(".grades .grade"), number = Number(event.key);
  if (number >= 1 && number <= buttons.length) choose(buttons[number - 1].dataset.side, buttons[number - 1].dataset.grade);
  else if (event.key === "0") choose(null, "alike");
  else if (event.key === "b" || event.key === "B") choose(null, "both bad");
  else if ((event.key === "e" || event.key === "E") && state.better) { event.preventDefault(); edit(); }
  else if (event.key === "Backspace") back();
});
window.addEventListener("beforeunload", (event) => { if (dirty()) event.preventDefault(); });

look("/api/next");
