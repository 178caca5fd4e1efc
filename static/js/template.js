// The editor of texts: shows the message while one types, and inserts at the cursor. Without this a button shows it, and
// what can be inserted stands there to be copied.
(() => {
  "use strict";
  const form = document.querySelector("[data-wording]");
  if (!form || !form.requestSubmit) return;
  const shows = form.querySelector("[data-preview]");

  // a fresh frame for each look: no step back for each word, and the old one stays until the new one is there
  const show = () => {
    const box = form.querySelector(".wording__frame");
    const old = box.querySelector("iframe:not(.is-coming)");
    box.querySelectorAll(".is-coming").forEach((frame) => frame.remove());
    const fresh = old.cloneNode();
    fresh.removeAttribute("src");
    fresh.classList.add("is-coming");
    old.name = "";
    box.append(fresh);
    let loads = 0;
    fresh.addEventListener("load", () => {
      loads += 1;
      if (loads < 2 && !fresh.dataset.sent) return;
      fresh.classList.remove("is-coming");
      old.remove();
    });
    fresh.dataset.sent = "yes";
    form.requestSubmit(shows);
  };

  let timer = 0;
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(show, milliseconds);
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "device") return;
    later(event.target.matches("textarea, [name=subject]") ? 450 : 0);
  });
  shows.hidden = true;

  let last = form.querySelector("[name=body]");
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[name=body], [name=subject]")) last = event.target;
  });
  for (const button of form.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const isBlock = button.dataset.insert.startsWith("{%");
      const field = isBlock ? form.querySelector("[name=body]") : last;
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
})();
