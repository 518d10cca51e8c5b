"use strict";
// Before the script of every page of ours. Whatever comes from a template, a seed, a file or a model is set as textContent; nothing here makes markup out of a string.

const token = new URLSearchParams(location.search).get("token");
const at = (id) => document.getElementById(id);
// What Python does not call printable, and letters and marks with nothing to see: the rule of sandbox/visible.py.
const HIDDEN = /(?![\n\t ])[\p{C}\p{Z}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

// Characters that hide or turn text round are shown by their number.
const visible = (text) => String(text).replaceAll("\r\n", "\n").replace(HIDDEN, (c) => `⟨${c.codePointAt(0).toString(16).toUpperCase().padStart(2, "0")}⟩`);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = visible(text);
  return made;
}

async function ask(path, body, signal) {
  const options = { headers: { "X-Lab-Token": token }, signal };
  if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body) }).headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {  // a browser says "Failed to fetch"
    if (error.name === "AbortError") throw error;
    throw new Error("Nothing is kept any more: the command behind this page has ended. Run it again, and open the address it tells.");
  }
  if (response.ok) return response;
  const said = await response.text();
  let told = said;
  try { const read = JSON.parse(said); told = read.error || read.detail || said; } catch { /* plain text then */ }
  throw new Error(typeof told === "string" ? told : JSON.stringify(told));
}
