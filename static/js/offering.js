// Choosing outcomes works from the list alone. With this file the segments of the wheel choose as well.
(() => {
  "use strict";

  const picker = document.querySelector("[data-picker]");
  const wheel = picker && picker.querySelector(".wheel");
  const count = document.querySelector("[data-count]");
  if (!picker) return;
  const boxes = [...picker.querySelectorAll("input[type=checkbox]")];
  const segments = wheel ? [...wheel.querySelectorAll("a.seg")] : [];
  const most = Number(count.dataset.count);

  const boxOf = (segment) => document.getElementById(segment.getAttribute("href").slice(1));
  const show = () => {
    segments.forEach((segment) => segment.setAttribute("aria-checked", String(boxOf(segment).checked)));
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen > most ? `${chosen} chosen: ${most} at most` : `${chosen} chosen`;
  };

  // One stop for the tab key; arrows go round.
  const only = (segment) => segments.forEach((each) => each.setAttribute("tabindex", each === segment ? "0" : "-1"));
  segments.forEach((segment, place) => {
    segment.setAttribute("role", "checkbox");
    segment.setAttribute("aria-label", segment.querySelector(".label").textContent); // as it is called in the picture
    segment.removeAttribute("aria-current");
    const choose = (event) => {
      event.preventDefault();
      const box = boxOf(segment);
      box.checked = !box.checked;
      box.closest("details").open = true;
      only(segment);
      show();
    };
    segment.addEventListener("click", choose);
    segment.addEventListener("keydown", (event) => {
      if (event.key === " ") choose(event);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = segments[(place + step + segments.length) % segments.length];
      only(next);
      next.focus();
    });
  });
  if (segments.length) only(segments[0]);

  // A priority's name opens its part of the list, and the middle leads to the whole of it.
  if (wheel) {
    wheel.querySelectorAll("a.band, a.hub").forEach((link) => {
      link.setAttribute("tabindex", "-1");
      link.addEventListener("click", () => {
        const group = document.getElementById(link.getAttribute("href").slice(1));
        if (group.tagName === "DETAILS") group.open = true;
      });
    });
  }

  picker.addEventListener("change", show);
  // Going back in the browser may bring boxes back as they were left.
  window.addEventListener("pageshow", show);
  show();
})();
