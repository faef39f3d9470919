// Everything works without this file. With it, a form whose answer takes a while says that it is being worked on.
(() => {
  "use strict";

  const forms = document.querySelectorAll("form[data-busy]");

  const show = (form, isBusy) => {
    const place = form.querySelector(".busy");
    form.toggleAttribute("data-sent", isBusy);
    place.querySelector("progress").hidden = !isBusy;
    place.querySelector("p").textContent = isBusy ? form.dataset.busy : "";
  };

  forms.forEach((form) => form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) event.preventDefault(); // pressed twice
    else show(form, true);
  }));

  // The browser's back button may bring the page back as it was left.
  window.addEventListener("pageshow", () => forms.forEach((form) => show(form, false)));
})();
