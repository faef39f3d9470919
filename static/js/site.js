// Everything works without this file. With it, parts of a page are swapped in place of loading the whole.
(() => {
  "use strict";

  const announcer = document.getElementById("announcer");

  // htmx notes the address for a history of its own, which is off: nothing is to be kept in the browser.
  try { window.sessionStorage.removeItem("htmx-current-path-for-history"); } catch { /* no storage: nothing kept */ }

  // What the address named when the page was last made to fit it; a fragment names only a place on the page.
  const address = () => window.location.pathname + window.location.search;
  let shown = address();

  // A later choice ends the one before it, so that on a slow line too the address says what is shown.
  const show = (place, wanted, remember) => {
    window.htmx.trigger(place, "htmx:abort");
    return window.htmx.ajax("GET", wanted, { source: place, target: place, swap: "innerHTML" }).then(() => {
      window.history[remember]({}, "", wanted);
      shown = address();
      return true;
    }, () => false);
  };

  // Segments of the wheel are SVG links, which htmx leaves alone, so they are followed here.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-card]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button || !window.htmx) return;
    event.preventDefault();
    const card = document.getElementById("card");
    show(card, link.getAttribute("href").split("#")[0], "pushState").then((isShown) => {
      if (!isShown) return;
      document.querySelectorAll(".wheel [aria-current]").forEach((old) => old.removeAttribute("aria-current"));
      if (link.dataset.card) link.setAttribute("aria-current", "true");
      if (card.getBoundingClientRect().top > window.innerHeight - 80 || !link.closest("svg")) card.focus();
    });
  });

  // Filters answer as they are changed; the button stays for those who use it. Words wait until typing stops.
  document.querySelectorAll("form[data-filters]").forEach((form) => {
    let waiting;
    let latest;
    const results = document.querySelector(form.dataset.filters);
    const wanted = () => {
      clearTimeout(waiting);
      const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      latest = form.getAttribute("action") + (asked.size ? `?${asked}` : "");
      return latest;
    };
    const answer = () => show(results, wanted(), "replaceState");
    // A field that is left tells of what was answered already: swapping that again could take away the very link that
    // somebody is clicking on.
    form.addEventListener("change", () => {
      const before = latest;
      if (wanted() !== before) show(results, latest, "replaceState");
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
    form.addEventListener("input", (event) => {
      if (event.target.type !== "text") return;
      clearTimeout(waiting);
      waiting = setTimeout(answer, 350);
    });
  });

  // The browser's back button after a card was chosen: load the page that the address names.
  window.addEventListener("popstate", () => {
    if (address() !== shown) window.location.reload();
  });

  // One live region says what was swapped in; the words come with the fragment.
  document.addEventListener("htmx:afterSwap", (event) => {
    const said = event.target.querySelector("[data-announce]");
    if (said) announcer.textContent = said.dataset.announce;
  });

  // Without a connection or with a fault the link or form is followed in the ordinary way, so that its page explains.
  const follow = (event) => {
    const path = event.detail.pathInfo && event.detail.pathInfo.finalRequestPath;
    if (path) window.location.assign(path);
  };
  document.addEventListener("htmx:responseError", follow);
  document.addEventListener("htmx:sendError", follow);
})();
