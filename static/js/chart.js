// Replaces the static chart by an interactive one when it comes near the screen. Without this file the picture stays.
(() => {
  "use strict";

  const figure = document.querySelector("[data-chart]");
  if (!figure || !("IntersectionObserver" in window) || !figure.querySelector(".wide svg")) return;

  const load = (make) => new Promise((done, failed) => {
    const element = make();
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });

  const style = () => Object.assign(document.createElement("link"), {
    // Plotly looks for this very id and class, and then adds no styles of its own.
    rel: "stylesheet", id: "plotly.js-style-global", className: "no-inline-styles", href: figure.dataset.plotlyStyle,
  });
  const script = () => Object.assign(document.createElement("script"), { src: figure.dataset.plotly });

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colours = { home: "--home", "home-earlier": "--home", path: "--path", "comparator-1": "--near", "comparator-2": "--far" };

  const inColours = (drawn) => {
    drawn.data.forEach((trace) => {
      const name = colours[trace.meta];
      if (!name) return;
      trace.line.color = token(name);
      trace.marker.color = token(name);
    });
    drawn.layout.font.color = token("--ink");
    drawn.layout.font.family = getComputedStyle(document.body).fontFamily;
    return drawn;
  };

  const show = async () => {
    const [answer] = await Promise.all([fetch(figure.dataset.chart), load(style).then(() => load(script))]);
    if (!answer.ok) return;
    const drawn = inColours(await answer.json());
    const plot = figure.querySelector(".plot");
    plot.hidden = false;
    // The sentence and the table before the chart say the same, so it is no stop for keyboard or screen reader.
    plot.setAttribute("aria-hidden", "true");
    await window.Plotly.newPlot(plot, drawn.data, drawn.layout, {
      displayModeBar: false, displaylogo: false, showSendToCloud: false, responsive: true,
    });
    figure.querySelectorAll(".wide, .narrow").forEach((old) => { old.hidden = true; });
    plot.dataset.drawn = "yes";
  };

  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    show().catch(() => { figure.querySelector(".plot").hidden = true; });
  }, { rootMargin: "250px" });
  observer.observe(figure);
})();
