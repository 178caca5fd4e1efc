// The shopper's page follows its parcel: ask again with the ETag, swap <main> when it changed.
(() => {
  "use strict";
  const main = document.querySelector("main[data-live]");
  if (!main || !window.fetch) return;
  const every = Math.max(5, Number(main.dataset.live)) * 1000;
  let etag = main.dataset.etag || "";
  let last = main.innerHTML;

  // what is open stays open, though a new scan moves everything below it
  const name = (details) => {
    const where = details.closest(".event")?.querySelector("time")?.dateTime;
    if (details.matches(".more")) return details.closest("section")?.firstElementChild.textContent;
    return `${details.querySelector("summary").textContent.trim()} ${where || ""}`;
  };

  // nor is what somebody typed or chose swapped away
  const isBegun = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((o) => o.selected && o.index && !o.defaultSelected);
    return field.value !== field.defaultValue;
  };
  const isBusy = () =>
    main.contains(document.activeElement?.closest("form")) ||
    [...main.querySelectorAll("input, textarea, select")].some(isBegun);

  const ask = async () => {
    if (document.hidden || isBusy()) return;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      document.dispatchEvent(new CustomEvent("page:ask", { detail: headers }));
      const reply = await fetch(location.href, { headers, credentials: "same-origin" });
      if (reply.status !== 200) return;
      etag = reply.headers.get("ETag") || "";
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      const next = fresh.querySelector("main");
      if (!next || next.innerHTML === last) return;
      last = next.innerHTML;
      const open = new Set([...main.querySelectorAll("details[open]")].map(name));
      main.replaceChildren(...next.childNodes);
      main.querySelectorAll("details").forEach((d) => { d.open = open.has(name(d)); });
      document.title = fresh.title;
      document.dispatchEvent(new Event("page:swap"));
      if (!next.dataset.live) clearInterval(timer); // it has arrived: nothing more will move
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network just now: ask again later
    }
  };
  const timer = setInterval(ask, every);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
