// Tells the shop that its page was really seen: it stood visible for a second, and somebody is
// there. So nobody is sent a message about what they have read here already.
(() => {
  "use strict";
  const { to, mark } = document.currentScript.dataset;
  const SECOND = 1000;
  const AGAIN = 60 * SECOND; // a tab that comes and goes says it once a minute, unless it has news
  const AWAY = 120 * SECOND; // no hand moved for so long: nobody is there
  const KEPT = 204; // the server's word for a look that counts; the team's own does not
  const now = () => performance.now();
  let since = 0; // visible since then; 0 while hidden
  let moved = 0;
  let told = -AGAIN;
  let untold = false;
  let counts = false;
  let shown = mark ? `?promotion=${mark}` : ""; // said once: a page that renews itself is one look

  const isThere = () => since > 0 && now() - since >= SECOND && now() - moved < AWAY;
  const tell = async () => {
    if (!untold || !isThere()) return;
    untold = false;
    told = now();
    try {
      const reply = await fetch(to + shown, { method: "POST", keepalive: true, credentials: "same-origin" });
      counts = reply.status === KEPT;
      if (counts) shown = "";
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      untold = true; // no network just now
    }
  };
  const look = () => {
    since = document.hidden ? 0 : now();
    moved = now(); // whoever opened the page, or came back to it, is there
    untold ||= now() - told >= AGAIN;
    if (since) setTimeout(tell, SECOND + 20);
  };

  for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) {
    addEventListener(sign, () => { moved = now(); tell(); }, { passive: true });
  }
  document.addEventListener("visibilitychange", look);
  // an open page asks for news, and says with each question whether somebody is there
  document.addEventListener("page:ask", (event) => {
    event.detail["X-Looking"] = counts && isThere() ? "1" : "0";
  });
  document.addEventListener("page:swap", () => { untold = true; tell(); });
  look();
})();
