// The desk's keys: j and k move through the hits, Enter opens, r copies the reply, ? shows the keys.
(() => {
  "use strict";
  const hits = () => [...document.querySelectorAll("[data-hits] .hit__link")];
  const move = (by) => {
    const links = hits();
    if (!links.length) return;
    const at = links.findIndex((link) => link === document.activeElement);
    const open = links.findIndex((link) => link.closest(".is-open"));
    const from = at >= 0 ? at : open;
    links[Math.min(links.length - 1, Math.max(0, from + by))].focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    r: () => document.querySelector("[data-reply-copy]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  };
  // another outcome brings its own words, unless the agent has changed them
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-outcomes]");
    if (!form || event.target.name !== "outcome") return;
    const [choice, words] = [event.target, form.elements.text];
    const given = [...choice.options].map((option) => option.dataset.words.trim());
    if (!given.includes(words.value.trim())) return;
    words.value = choice.selectedOptions[0].dataset.words;
  });
  // Enter in the search box goes on to the first hit; on a phone the results come forward.
  let wantsFirst = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches('[data-key="/"]')) wantsFirst = true;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "results") return;
    event.target.parentElement.classList.add("is-searching");
    if (wantsFirst) hits()[0]?.focus();
    wantsFirst = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
