"use strict";

const state = { name: "", opened: "", saved: "", original: null, listed: [], dirty: false, sound: false, sampling: null, sampled: "" };
const PREVIEW_MS = 250;
const SKELETON = "---\ndescription: What this prompt is for.\ninputs:\n  topic: {type: str, description: what it is about}\noutput: text\nsampling: {max_tokens: 200}\nexample:\n  topic: prime numbers\n---\n== user ==\nWrite one question about {{ topic }}.\n";

// -- the list ---------------------------------------------------------------------------------------------------------

/** Scrolls the list, and nothing else, to a template. */
function shown(name) {
  const list = at("templates"), button = list.querySelector(`[data-name="${CSS.escape(name)}"]`);
  if (button) list.scrollTop = button.offsetTop - list.offsetTop - list.clientHeight / 2;
}

async function list() {
  const found = await (await ask("/api/templates")).json();
  state.listed = found.templates;
  at("checkpoint").textContent = visible(found.checkpoint);
  at("folder").textContent = visible(found.folder);
  const rows = [];
  let folder = null;
  for (const each of found.templates) {
    const cut = each.name.lastIndexOf("/");
    if (each.name.slice(0, cut + 1) !== folder) {
      folder = each.name.slice(0, cut + 1);
      rows.push(element("li", "folder", folder || "/"));
    }
    const row = element("li"), button = element("button", "", each.name.slice(cut + 1));
    button.type = "button";
    button.title = each.name;
    button.dataset.name = each.name;
    if (each.name === state.name) button.setAttribute("aria-current", "true");
    if (!each.sound) button.append(element("span", "mark bad", "broken"));
    else if (each.yours) button.append(element("span", "mark", "yours"));
    button.addEventListener("click", () => open(each.name));
    row.append(button);
    rows.push(row);
  }
  at("templates").replaceChildren(...rows);
  return found.opened;
}

const leave = () => !state.dirty || confirm(`${state.name} has changes that are not saved. Leave it?`);

let opening = null;

async function open(name) {
  if ((name === state.name && !state.dirty) || name === opening || !leave()) return;
  opening = name;
  const text = at("text").value;
  try {
    const found = await (await ask(`/api/template?name=${encodeURIComponent(name)}`)).json();
    if (opening !== name || (at("text").value !== text && !leave())) return; // another is wanted, or somebody has typed
    show(found);
  } catch (error) { complain([error.message]); } finally { if (opening === name) opening = null; }
}

function show(found) {
  stop();
  opening = null;
  Object.assign(state, { name: found.name, opened: found.opened, saved: found.text, original: found.original });
  at("text").disabled = false;
  at("text").value = found.text;
  at("name").textContent = found.name;
  at("text").scrollTop = 0;
  at("samples").replaceChildren();
  at("yield").textContent = at("reasons").textContent = "";
  for (const button of at("templates").querySelectorAll("button"))
    button.toggleAttribute("aria-current", button.dataset.name === found.name);
  edited();
}

// -- the editor -------------------------------------------------------------------------------------------------------

let waiting = 0, preview = null;

function edited() {
  state.dirty = at("text").value !== state.saved || state.opened === "";
  at("save").disabled = true;
  at("sample").disabled = !state.sampling;
  at("restore").disabled = state.original === null || at("text").value === state.original;
  status(state.dirty ? "not saved" : "", "");
  at("render").classList.add("stale");
  at("samples").classList.toggle("stale", at("text").value !== state.sampled);
  number([]);
  clearTimeout(waiting);
  waiting = setTimeout(look, PREVIEW_MS);
}

function status(text, kind) {
  at("state").textContent = text;
  at("state").className = `state ${kind}`;
}

function number(bad) {
  const lines = at("text").value.split("\n").length;
  const rows = Array.from({ length: lines }, (_, n) => element("div", bad.includes(n + 1) ? "bad" : "", n + 1));
  at("gutter").replaceChildren(...rows);
  at("gutter").scrollTop = at("text").scrollTop;
}

function complain(complaints) {
  at("complaints").replaceChildren(...complaints.map((text) => element("li", "", text)));
  number(complaints.map((text) => Number((/^[^:\s]+:(\d+): /.exec(text) || [])[1])));
}

/** The number in a field, whole and within its limits. */
const whole = (id, least, most) => Math.min(most, Math.max(least, Math.trunc(Number(at(id).value)) || least));

async function look() {
  if (preview) preview.abort();
  preview = new AbortController();
  const name = state.name, text = at("text").value, seed = whole("seed", 0, Number.MAX_SAFE_INTEGER);
  let found;
  try {
    found = await (await ask("/api/preview", { name, text, seed }, preview.signal)).json();
  } catch (error) {
    if (error.name === "AbortError") return;
    found = { version: "", complaints: [error.message], messages: [] };
  }
  if (name !== state.name || text !== at("text").value) return;
  state.sound = found.complaints.length === 0;
  complain(found.complaints);
  at("save").disabled = !(state.sound && state.dirty);
  at("sample").disabled = !state.sound && !state.sampling;
  at("version").textContent = found.version.split("@")[1] || "";
  const listed = state.listed.find((each) => each.name === name);
  at("description").textContent = visible((listed && listed.description) || "");
  at("from").textContent = found.values_from ? visible(`values: ${found.values_from}`) : "";
  at("from").title = at("from").textContent;
  at("tokens").textContent = found.tokens ? `${found.tokens} tokens` : "";
  if (!found.messages.length) return;
  at("render").classList.remove("stale");
  at("render").replaceChildren(...found.messages.map((message) => {
    const row = element("div", "message");
    row.append(element("div", "role", message.role), element("pre", "", message.content));
    return row;
  }));
}

async function save() {
  if (at("save").disabled) return;
  const name = state.name, text = at("text").value;
  at("save").disabled = true;
  try {
    const found = await (await ask("/api/save", { name, text, opened: state.opened })).json();
    if (name === state.name) Object.assign(state, { saved: text, opened: found.opened, dirty: at("text").value !== text });
    await list();
    if (name === state.name && !state.dirty) status(found.path ? "saved" : "the original text is in use again", "good");
  } catch (error) {
    if (name !== state.name) return; // another is open
    status("not saved", "bad");
    complain([error.message]);
    at("save").disabled = false;
  }
}

// -- samples ----------------------------------------------------------------------------------------------------------

function stop() {
  if (state.sampling) state.sampling.abort();
}

async function sample() {
  if (state.sampling) { stop(); return; }
  const controller = state.sampling = new AbortController();
  state.sampled = at("text").value;
  at("samples").classList.remove("stale");
  const n = whole("n", 1, 64), first = whole("seed", 0, Number.MAX_SAFE_INTEGER);
  at("sample").textContent = "Stop";
  at("yield").textContent = "starting";
  at("samples").replaceChildren();
  const name = state.name;
  let judged = false, seen = 0, accepted = 0;
  const take = (event) => {
    if (event.started) {
      judged = event.started.generator !== "";
      at("yield").textContent = visible(judged ? `through ${event.started.generator}` : "not judged: no generator uses it");
    } else if (event.say) {
      at("yield").textContent = visible(event.say);
    } else if (event.attempt) {
      seen += 1;
      accepted += event.attempt.accepted ? 1 : 0;
      at("yield").textContent = judged ? `${accepted} of ${seen} accepted` : `${seen} answers`;
      at("samples").append(card(event.attempt, judged));
    } else if (event.done) {
      const why = Object.entries(event.done.reasons).map(([reason, count]) => `${count} ${reason}`);
      const spent = [`${event.done.output_tokens} tokens`, event.done.version.split("@")[1]];
      at("yield").textContent = judged ? `${accepted} of ${seen} accepted` : `${seen} answers, not judged`;
      at("reasons").textContent = visible([...why, ...spent].join(" · "));
    } else if (event.error) {
      at("yield").textContent = "";
      at("samples").append(element("div", "card detail", event.error));
    }
  };
  try {
    const body = { name, text: state.sampled, first, n };
    const reader = (await ask("/api/sample", body, controller.signal)).body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n");
      rest = lines.pop();
      lines.forEach((line) => take(JSON.parse(line)));
    }
  } catch (error) {
    if (error.name !== "AbortError") take({ error: error.message });
    else if (name === state.name) at("yield").textContent = `stopped after ${seen}`;
  } finally {
    state.sampling = null;
    at("sample").textContent = seen ? "Sample again" : "Sample";
    at("sample").disabled = !state.sound;
  }
}

function card(attempt, judged) {
  const made = element("article", "card"), top = element("div", "top");
  const verdict = judged ? (attempt.accepted ? "accepted" : attempt.reason) : "not judged";
  top.append(element("span", `chip ${judged ? (attempt.accepted ? "good" : "bad") : ""}`, verdict));
  top.append(element("span", "quiet", `seed ${attempt.seed}`));
  made.append(top);
  if (!attempt.answers.length) made.append(element("p", "quiet", "It ended before this template was asked."));
  for (const answer of attempt.answers) {
    made.append(element("pre", "", answer.text));
    if (answer.cut) made.append(element("div", "quiet", "cut by the token limit"));
  }
  if (attempt.detail) made.append(element("div", "detail", attempt.detail));
  return made;
}

// ---------------------------------------------------------------------------------------------------------------------

at("text").addEventListener("input", edited);
at("text").addEventListener("scroll", () => { at("gutter").scrollTop = at("text").scrollTop; });
at("seed").addEventListener("input", edited);
at("save").addEventListener("click", save);
at("sample").addEventListener("click", sample);
at("restore").addEventListener("click", () => { at("text").value = state.original; edited(); });
at("new").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = at("new-name").value.trim();
  if (!name || state.listed.some((each) => each.name === name)) { if (name) open(name); return; }
  if (leave()) show({ name, text: SKELETON, opened: "", original: null });
  at("new-name").value = "";
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
});
window.addEventListener("beforeunload", (event) => { if (state.dirty) event.preventDefault(); });

list().then((opened) => {
  const first = state.listed.find((each) => each.name === opened) || state.listed[0];
  return first && open(first.name).then(() => shown(first.name));
}).catch((error) => complain([error.message]));
