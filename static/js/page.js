// Small conveniences; every page works without them.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("has-js");

  // "12 minutes ago" from <time datetime data-relative>, in the page's language, kept up to date
  const steps = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7]];
  const locale = root.lang.startsWith("ar") ? `${root.lang}-u-nu-latn` : root.lang || "en";
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const age = (then) => {
    let amount = (then - Date.now()) / 1000;
    for (const [unit, size] of steps) {
      if (Math.abs(amount) < size) return words.format(Math.round(amount), unit);
      amount /= size;
    }
    return null; // older than a week: the date itself says more
  };
  const tick = (scope = document) => {
    for (const time of scope.querySelectorAll("time[data-relative]")) {
      const then = new Date(time.dateTime).getTime();
      const text = age(then);
      if ("ahead" in time.dataset) time.parentElement.hidden = then <= Date.now();
      time.title ||= time.textContent.trim();
      time.textContent = text ?? time.title;
    }
  };

  // copy buttons stay hidden where there is no clipboard
  const showCopy = (scope = document) => {
    if (!navigator.clipboard) return;
    for (const button of scope.querySelectorAll("[data-copy], [data-copy-from]")) {
      button.hidden = false;
    }
  };
  const copy = async (button) => {
    const from = button.dataset.copyFrom;
    const text = from ? document.querySelector(from)?.innerText : button.dataset.copy;
    await navigator.clipboard.writeText(text ?? "");
    const label = button.querySelector("[data-done]");
    if (!label || label.dataset.was) return;
    label.dataset.was = label.textContent;
    label.textContent = label.dataset.done;
    setTimeout(() => {
      label.textContent = label.dataset.was;
      delete label.dataset.was;
    }, 1600);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (button) return void copy(button);
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  });

  document.addEventListener("change", (event) => {
    event.target.form?.matches("[data-autosubmit]") && event.target.form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    const box = document.querySelector('[data-key="/"]');
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  const refresh = (scope) => { tick(scope); showCopy(scope); };
  document.addEventListener("htmx:load", (event) => refresh(event.target));
  document.addEventListener("page:swap", () => refresh());
  refresh();
  setInterval(tick, 30000, document);
})();
