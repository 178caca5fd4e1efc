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

  const showCopy = (scope = document) => {
    for (const button of scope.querySelectorAll("[data-copy], [data-copy-from]")) {
      button.hidden = false;
    }
  };
  const say = (button, what) => {
    const label = button.querySelector("[data-done]");
    if (!label || !label.dataset[what]) return;
    label.dataset.was ??= label.textContent;
    label.textContent = label.dataset[what];
    setTimeout(() => {
      label.textContent = label.dataset.was;
      delete label.dataset.was;
    }, 1600);
  };
  // without the clipboard's permission the text is selected, and copied as by hand where possible
  const select = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const copy = async (button) => {
    const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = from ? from.innerText : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text ?? "");
      return say(button, "done");
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    }
    const shown = from || button.closest(".code")?.querySelector("code");
    if (!shown) return;
    select(shown);
    say(button, document.execCommand("copy") ? "done" : "selected");
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
