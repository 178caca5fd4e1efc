// The editor of a promotion shows it while one types. Without this a button does.
(() => {
  "use strict";
  const form = document.querySelector("[data-promotion]");
  if (!form || !form.requestSubmit) return;
  const shows = form.querySelector("[data-preview]");

  let looks = 0;
  // a fresh frame for each look: no step back for each word, and the old one stays until the new one is there
  const show = () => {
    form.querySelectorAll("iframe.is-coming").forEach((frame) => frame.remove());
    const old = form.querySelector("iframe");
    const fresh = old.cloneNode();
    fresh.removeAttribute("src");
    fresh.classList.add("is-coming");
    fresh.name = `preview-${(looks += 1)}`; // a name of its own: the old frame answers to its own for a while
    shows.formTarget = fresh.name;
    old.after(fresh);
    let loads = 0;
    fresh.addEventListener("load", () => {
      loads += 1;
      if (loads < 2 && !fresh.dataset.sent) return;
      fresh.classList.remove("is-coming");
      form.querySelectorAll("iframe").forEach((frame) => frame !== fresh && frame.remove());
    });
    fresh.dataset.sent = "yes";
    form.requestSubmit(shows);
  };

  let timer = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
  shows.hidden = true;
})();
