// The steps of a meeting are ordinary links. With this file they are swapped in place, so that full screen survives
// them, and keys and clickers turn them.
(() => {
  "use strict";

  const main = document.getElementById("main");
  const announcer = document.getElementById("announcer");
  const tools = document.querySelector("[data-with-script]");
  const keys = document.getElementById("keys");
  const link = (which) => main.querySelector({
    next: "a[rel=next]", back: "a[rel=prev]", first: "[data-first]", last: "[data-last]:not([aria-current])",
  }[which]);
  let asking; // the last step asked for, which ends the one before it

  const show = async (address, { remember = true, focus = "" } = {}) => {
    if (asking && asking.address === address) return; // pressed again while it is on its way
    if (asking) asking.abort();
    const mine = asking = Object.assign(new AbortController(), { address });
    try {
      const answer = await fetch(address, { signal: mine.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const step = page.querySelector(".step");
      if (!answer.ok || answer.redirected || !step) throw new Error("It is no step.");
      if (remember) window.history.pushState({}, "", address);
      document.title = page.title;
      main.replaceChildren(...page.getElementById("main").childNodes);
      main.classList.add("swapped");
      window.scrollTo({ top: 0, behavior: "instant" });
      announcer.textContent = step.dataset.announce;
      (document.getElementById(focus) || main.querySelector("h1")).focus({ preventScroll: true });
    } catch {
      // Without a connection, signed out, or with a fault: its page explains.
      if (!mine.signal.aborted) window.location.assign(address);
    } finally {
      if (asking === mine) asking = null;
    }
  };

  // Whoever pressed Next or Back stays on it, to press it again.
  main.addEventListener("click", (event) => {
    const followed = event.target.closest(".steps a[href*='?step=']");
    if (!followed || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    event.preventDefault();
    show(followed.href, { focus: followed.id });
  });
  main.addEventListener("toggle", ({ target }) => {
    const list = target.querySelector(".list");
    const current = list && list.querySelector("[aria-current]");
    if (current) list.scrollTop = current.offsetTop - list.clientHeight / 2;
  }, true);
  window.addEventListener("popstate", () => show(window.location.href, { remember: false }));

  // --- keys ---

  const TURN = {
    ArrowRight: "next", PageDown: "next", " ": "next", Enter: "next", ArrowLeft: "back", PageUp: "back",
    Home: "first", End: "last",
  };
  const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  const USED_THERE = "a, button, summary, input"; // by Space and Enter

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape") return closeFolded();
    if (!keys.checked || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || target.closest(TYPING)) return;
    if ((key === " " || key === "Enter") && target.closest(USED_THERE)) return;
    if (key.toLowerCase() === "f") return toggle();
    if (!(key in TURN)) return;
    event.preventDefault();
    const wanted = link(TURN[key]);
    if (wanted && !event.repeat) show(wanted.href);
  });

  const closeFolded = () => document.querySelectorAll(".all[open], .keys[open]").forEach((folded) => {
    const within = folded.contains(document.activeElement);
    folded.open = false;
    if (within) folded.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".all[open], .keys[open]").forEach((folded) => {
      if (!folded.contains(event.target)) folded.open = false;
    });
  });

  // --- the whole screen ---

  const button = document.querySelector("[data-full-screen]");
  const toggle = () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.fullscreenEnabled) document.documentElement.requestFullscreen().catch(() => {});
  };
  button.addEventListener("click", toggle);
  document.addEventListener("fullscreenchange", () => {
    button.textContent = document.fullscreenElement ? "Leave full screen" : "Full screen";
  });
  button.hidden = !document.fullscreenEnabled;
  tools.hidden = false;
})();
