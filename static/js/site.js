// Everything works without this file. With it, parts of a page are swapped in place of loading the whole.
(() => {
  "use strict";

  const announcer = document.getElementById("announcer");

  // Segments of the wheel are SVG links, which htmx leaves alone, so they are followed here.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-card]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button || !window.htmx) return;
    event.preventDefault();
    const address = link.getAttribute("href").split("#")[0];
    window.htmx
      .ajax("GET", address, { target: "#card", swap: "innerHTML", headers: { "HX-Target": "card" } })
      .then(() => {
        window.history.pushState({}, "", address);
        document.querySelectorAll(".wheel [aria-current]").forEach((old) => old.removeAttribute("aria-current"));
        if (link.dataset.card) link.setAttribute("aria-current", "true");
        const card = document.getElementById("card");
        if (card.getBoundingClientRect().top > window.innerHeight - 80 || !link.closest("svg")) card.focus();
      });
  });

  // Filters answer as they are changed; the button stays for those who use it. Words wait until typing stops.
  document.querySelectorAll("form[data-filters]").forEach((form) => {
    let waiting;
    const show = () => {
      const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const address = form.getAttribute("action") + (asked.size ? `?${asked}` : "");
      window.htmx
        .ajax("GET", address, { target: form.dataset.filters, swap: "innerHTML" })
        .then(() => window.history.replaceState({}, "", address));
    };
    form.addEventListener("change", show);
    form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    form.addEventListener("input", (event) => {
      if (event.target.type !== "text") return;
      clearTimeout(waiting);
      waiting = setTimeout(show, 350);
    });
  });

  // The browser's back button after a card was chosen: load the page that the address names.
  window.addEventListener("popstate", () => window.location.reload());

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
