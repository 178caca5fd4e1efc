// Finds a language in the list while one types, and says which are ticked. Without this the whole
// list is there.
(() => {
  "use strict";
  const list = document.querySelector("[data-tongues]");
  if (!list) return;
  const field = list.querySelector("[data-find] input");
  const none = list.querySelector("[data-none]");
  const rows = [...list.querySelectorAll("[data-names]")];
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  list.querySelector("[data-find]").hidden = false;
  field.addEventListener("input", () => {
    const wish = folded(field.value.trim());
    for (const row of rows) row.hidden = !folded(row.dataset.names).includes(wish);
    none.hidden = rows.some((row) => !row.hidden);
  });
  const chosen = list.querySelector("[data-chosen]");
  const names = new Intl.ListFormat(document.documentElement.lang);
  list.addEventListener("change", () => {
    const ticked = rows.filter((row) => row.querySelector(":checked"));
    chosen.textContent = names.format(ticked.map((row) => row.dataset.name)) || chosen.dataset.empty;
  });
  // the key sends forms; here it would save before anything was ticked
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
})();
