// Everything at the desk works without this file. With it, a form checks and keeps itself as it is filled in.
(() => {
  "use strict";

  // htmx notes the address for a history of its own, which is off: nothing is to be kept in the browser.
  try { window.sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* no storage: nothing kept */ }

  // What came of a form that was sent is read first.
  const outcome = document.getElementById("problems");
  if (outcome) outcome.focus();
  // A figure to be corrected is there to be typed over.
  else if (document.activeElement.matches("input[autofocus]")) document.activeElement.select();

  const form = document.querySelector("form[data-draft]");
  if (!form || !window.htmx) return;
  const saved = document.getElementById("saved");
  const here = window.location.pathname;
  let unsaved = false; // something typed has not arrived yet
  let failed = false; // and the last try to save it did not work
  let sending = false; // the whole form is on its way

  document.querySelectorAll("[data-with-script]").forEach((hint) => { hint.hidden = false; });

  // One save at a time, each with all that is typed by then.
  const keeping = {
    "hx-post": here, "hx-trigger": "input delay:600ms", "hx-target": "#saved", "hx-swap": "innerHTML",
    "hx-sync": "this:queue last", "hx-vals": '{"step": "save"}',
  };
  Object.entries(keeping).forEach(([name, value]) => form.setAttribute(name, value));
  window.htmx.process(form);

  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (sending) event.preventDefault();
    else unsaved = false;
  });
  form.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 300) failed = false;
  });

  // 409: another window has saved. The answer says so, and what is typed here stays.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 409) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    failed = unsaved = true;
  });

  // What says the same as before is left alone, so that it is not read out again.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.innerHTML === fragment.innerHTML) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const place = event.detail.target;
    const field = place.id.endsWith("_said") && document.getElementById(place.id.slice(0, -"_said".length));
    if (field) field.setAttribute("aria-invalid", String(Boolean(place.textContent.trim())));
  });

  const notSaved = (why) => () => {
    failed = unsaved = true;
    saved.textContent = `Not saved: ${why} What you typed is still here.`;
  };
  form.addEventListener("htmx:sendError", notSaved("there is no connection. It is tried again once there is one."));
  form.addEventListener("htmx:responseError", notSaved("the site could not take it. Copy it, then load the page again."));
  window.addEventListener("online", () => { if (failed) window.htmx.trigger(form, "input"); });

  form.addEventListener("submit", () => {
    sending = true;
    window.htmx.trigger(form, "htmx:abort");
  });
  window.addEventListener("pageshow", () => { sending = false; });

  // Leaving before the last keys were saved saves them; only where saving does not work is anybody asked.
  window.addEventListener("pagehide", () => {
    if (!unsaved || failed || sending) return;
    const typed = new FormData(form);
    typed.append("step", "save");
    navigator.sendBeacon(here, typed);
  });
  window.addEventListener("beforeunload", (event) => { if (failed && !sending) event.preventDefault(); });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    (form.querySelector("[data-quick]") || form.querySelector('[value="hand-in"]')).click();
  });
})();
