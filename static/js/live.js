// The shopper's page follows its parcel: ask again with the ETag, swap <main> when it changed.
(() => {
  "use strict";
  const main = document.querySelector("main[data-live]");
  if (!main || !window.fetch) return;
  const every = Math.max(5, Number(main.dataset.live)) * 1000;
  let etag = main.dataset.etag || "";
  let last = main.innerHTML;

  const ask = async () => {
    if (document.hidden || main.contains(document.activeElement?.closest("form"))) return;
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const reply = await fetch(location.href, { headers, credentials: "same-origin" });
      if (reply.status !== 200) return;
      etag = reply.headers.get("ETag") || "";
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
      const next = fresh.querySelector("main[data-live]");
      if (!next || next.innerHTML === last) return;
      last = next.innerHTML;
      const open = [...main.querySelectorAll("details")].map((d) => d.open);
      main.replaceChildren(...next.childNodes);
      main.querySelectorAll("details").forEach((d, i) => { d.open = Boolean(open[i]); });
      document.title = fresh.title;
      document.dispatchEvent(new Event("page:swap"));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no network just now: ask again later
    }
  };
  setInterval(ask, every);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
