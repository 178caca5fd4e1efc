// The brand editor saves the draft while one types, and shows it. Without this a button does both.
(() => {
  "use strict";
  const form = document.querySelector("[data-look]");
  if (!form || !window.fetch) return;
  const chooses = (input) => input.closest("[data-choose]");
  const value = (name) => new FormData(form).get(name) ?? "";

  // the frames: the same address with what is chosen and the draft's mark; no step back each time
  const show = () => {
    for (const frame of form.querySelectorAll("iframe[data-frame]")) {
      const address = new URL(frame.src);
      for (const name of ["state", "lang", "seen_by"]) address.searchParams.set(name, value(name));
      address.searchParams.set("v", value("seen"));
      if (address.href !== frame.src) frame.contentWindow.location.replace(address.href);
      frame.dataset.now = address.href;
    }
  };

  // what came back: the parts that only show something, and the errors beside their fields
  const swap = (fresh) => {
    const open = form.querySelector(".look__changes[open]");
    for (const part of form.querySelectorAll("[data-part]")) {
      const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
    }
    if (open) form.querySelector(".look__changes")?.setAttribute("open", "");
    form.querySelectorAll(".field__error").forEach((error) => error.remove());
    for (const input of form.querySelectorAll("[id^='f-']")) {
      const error = fresh.getElementById(input.id)?.closest(".field")?.querySelector(".field__error");
      if (error) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (error) input.closest(".field").append(error);
    }
    const said = fresh.querySelector(".toasts");
    document.querySelector(".toasts")?.remove();
    if (said) document.querySelector("main").prepend(said);
  };

  let timer = 0;
  let running = null;
  let again = false;
  const save = async () => {
    clearTimeout(timer);
    if (running) { again = true; return running; }
    form.classList.add("is-saving");
    const sent = [...form.querySelectorAll("[type=file]")].map((file) => [file, file.files[0]]);
    const body = new FormData(form);
    body.set("do", "save");
    running = (async () => {
      try {
        const reply = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
        if (reply.status !== 200 && reply.status !== 400) return;
        const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
        if (!fresh.querySelector("[data-look]")) return;
        swap(fresh);
        for (const [file, was] of sent) if (was && file.files[0] === was) file.value = "";
        show();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no network just now: the next key saves
      } finally {
        form.classList.remove("is-saving");
        running = null;
      }
    })();
    await running;
    if (again) { again = false; await save(); }
  };

  const changed = (event) => {
    const input = event.target;
    if (chooses(input)) return void show();
    const twin = input.dataset.picks && document.getElementById(input.dataset.picks);
    if (twin) twin.value = input.value;
    const picker = form.querySelector(`[data-picks="${input.id}"]`);
    if (picker && /^#[0-9a-f]{6}$/i.test(input.value)) picker.value = input.value;
    if (input.type === "file") {
      const removal = form.querySelector(`[name=${input.name.replace("_file", "_remove")}]`);
      if (removal) removal.checked = false;
      if (input.name === "own_font_file") form.querySelector("[name=font]").value = "own";
    }
    clearTimeout(timer);
    timer = setTimeout(save, input.type === "file" ? 0 : 350);
  };

  // a part of the page goes up or down where it stands; without this the button posts the form
  const moved = (event) => {
    const button = event.target.closest("[name=move]");
    if (!button) return;
    event.preventDefault();
    const part = button.closest("li");
    const [, way] = button.value.split(":");
    if (way === "up") part.previousElementSibling?.before(part);
    else part.nextElementSibling?.after(part);
    // at an end its button is gone: the other one is the next to be pressed
    if (button.offsetParent === null || getComputedStyle(button).visibility === "hidden") {
      part.querySelector(`[name=move]:not([value="${button.value}"])`).focus();
    } else button.focus();
    save();
  };
  form.querySelector("[data-order]").addEventListener("click", moved);
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => event.target.type === "file" && changed(event));
  for (const picker of form.querySelectorAll("[data-picks]")) picker.hidden = false;
})();
