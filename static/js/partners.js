// An update can be sent without this file. With it, a file that is too large is told of before it travels.
(() => {
  "use strict";

  const told = document.querySelector("[data-too-large]");
  const field = told.parentElement.querySelector('input[type="file"]');
  const isTooLarge = () => [...field.files].some((file) => file.size > Number(told.dataset.tooLarge));

  field.addEventListener("change", () => { told.hidden = !isTooLarge(); });
  field.form.addEventListener("submit", (event) => {
    if (!isTooLarge()) return;
    event.preventDefault();
    told.hidden = false;
    field.focus();
  });
})();
