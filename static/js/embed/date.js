// <homeward-date key="pk_…">: when it would arrive, where to, and how long one has to order.
// All words come from the server. docs/embedding.md has attributes, parts, variables and events.
(() => {
  "use strict";
  const PLACE = "homeward:place"; // remembered under this name, and told under it to the others on the page
  const home = document.currentScript && new URL(document.currentScript.src).origin;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; min-block-size: var(--homeward-space, 5em); line-height: 1.5 }
    @media (max-width: 30em) { :host { min-block-size: var(--homeward-space, 7.5em) } }
    [hidden] { display: none !important }
    p { margin: 0 }
    [part=within] { font-variant-numeric: tabular-nums }
    small { color: var(--homeward-muted, inherit); margin-inline-end: .75em }
    button, select, input { font: inherit; color: inherit }
    button { min-block-size: 1.75em; border: 0; padding: 0; background: none; cursor: pointer;
      color: var(--homeward-accent, inherit); text-decoration: underline; font-size: smaller }
    :focus-visible { outline: 2px solid; outline-offset: 2px }
    form { display: grid; gap: .5em; margin-block: .5em; max-inline-size: 24em }
    select, input, [part=submit] { box-sizing: border-box; inline-size: 100%; min-block-size: 2.75rem; padding-inline: .75em;
      font-size: max(1em, 16px); border: 1px solid var(--homeward-line, GrayText); border-radius: var(--homeward-radius, 6px) }
    select, input { background: Field; color: FieldText }
    [part=submit] { inline-size: auto; justify-self: start; text-decoration: none }`);

  // storage may be forbidden: then the choice holds for this page
  let chosen;
  try {
    chosen = JSON.parse(localStorage.getItem(PLACE));
  } catch {}
  const remember = (place) => {
    chosen = place;
    try {
      localStorage.setItem(PLACE, JSON.stringify(place));
    } catch {}
    document.dispatchEvent(new Event(PLACE));
  };
  const make = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  class HomewardDate extends HTMLElement {
    static observedAttributes = ["country", "region", "city", "postcode", "carrier", "service", "sku", "tag", "lang", "key", "fixed"];
    #root = this.attachShadow({ mode: "open" });
    #turn = 0;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [sheet];
      const text = make("p", { part: "text" });
      const place = make("small", { part: "place" });
      const change = make("button", { type: "button", part: "change" });
      const form = make("form", { part: "form", hidden: true });
      const box = make("div", { hidden: true }, text, place, change, form);
      const slot = make("slot", {});
      this.#root.append(slot, box);
      this.parts = { text, place, change, form, box, slot };
      change.onclick = () => this.#open(form.hidden);
      form.onkeydown = (event) => {
        if (event.key === "Escape") this.#open(false); // no value: `false` would swallow every other key
      };
      form.onsubmit = (event) => {
        event.preventDefault();
        text.ariaLive = "polite"; // the new date is read out; that a minute passed is not
        this.#open(false);
        const place = Object.fromEntries(new FormData(form));
        place.city ||= form.elements.city?.placeholder; // the list shows all towns only while nothing is typed
        remember(place);
      };
    }

    connectedCallback() {
      document.addEventListener(PLACE, this);
      document.addEventListener("visibilitychange", this);
      this.#in(0);
    }

    disconnectedCallback() {
      document.removeEventListener(PLACE, this);
      document.removeEventListener("visibilitychange", this);
      clearTimeout(this.timer);
    }

    // attributes that change together are one question
    attributeChangedCallback() {
      if (this.isConnected) this.#in(0);
    }

    handleEvent(event) {
      if (event.type === PLACE || !document.hidden) this.#in(0);
    }

    #in(seconds, what = () => this.#ask()) {
      clearTimeout(this.timer);
      this.timer = setTimeout(what, seconds * 1000);
    }

    #place() {
      if (chosen?.country && !this.hasAttribute("fixed")) return chosen;
      return Object.fromEntries(["country", "region", "city", "postcode"].map((name) => [name, this.getAttribute(name)]));
    }

    async #get(what, values) {
      const query = new URLSearchParams();
      const add = (name, value) => value && query.append(name, value);
      Object.entries({ ...values, lang: this.closest("[lang]")?.lang }).forEach((pair) => add(...pair));
      const address = `${this.getAttribute("src") || home}/w/${this.getAttribute("key")}/${what}`;
      if (what === "estimate") {
        for (const name of ["sku", "tag"]) (this.getAttribute(name) || "").split(",").forEach((one) => add(name, one.trim()));
      }
      try {
        const reply = await fetch(`${address}?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" });
        if (reply.status === 200) return await reply.json();
        // nothing in time, or too many asked: later, and less and less often
        if (reply.status === 204 || reply.status === 429) this.#in((this.wait = Math.min(this.wait * 2 || 2, 60)));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // no network just now
      }
    }

    async #ask() {
      const turn = ++this.#turn;
      const { place, change, box, slot } = this.parts;
      const { postcode, ...rest } = this.#place();
      const answer = await this.#get("estimate", {
        ...rest,
        // of a postcode no more than its beginning leaves the page
        postcode: postcode?.replace(/[\s-]/g, "").slice(0, 3),
        carrier: this.getAttribute("carrier"),
        service: this.getAttribute("service"),
      });
      if (turn !== this.#turn) return;
      this.at = performance.now();
      // what the shop wrote inside stands until there is an answer, and where there is none
      slot.hidden = !!answer;
      box.hidden = !answer;
      if (answer) {
        box.lang = answer.language;
        box.dir = answer.direction;
        place.textContent = answer.words.delivery;
        change.textContent = answer.words.change;
        change.hidden = this.hasAttribute("fixed");
        this.#tick(answer);
      }
      this.dispatchEvent(new CustomEvent("homeward-date", { bubbles: true, composed: true, detail: answer }));
    }

    // counted from when the answer came: the machine's clock may be wrong
    #tick(answer) {
      const { words } = answer;
      const left = answer.order_within_seconds - (performance.now() - this.at) / 1000;
      if (left <= 0) return this.#in(1);
      const minutes = Math.max(Math.floor(left / 60), 1);
      const h = Math.floor(minutes / 60);
      const m = minutes % 60;
      const pattern = words[h ? (m ? "hours_minutes" : "hours") : "minutes"];
      const within = words.within || pattern.replace("{hours}", h).replace("{minutes}", m);
      const parts = words.sentence.split(/(\{\w+\})/).map((part) =>
        part === "{within}" ? make("span", { part: "within" }, within)
          : part === "{window}" ? make("strong", { part: "window" }, answer.window) : part);
      this.parts.text.replaceChildren(...parts);
      this.#in((left % 60) + 0.1, () => {
        this.parts.text.ariaLive = "off";
        this.#tick(answer);
      });
    }

    async #open(isOpen, country) {
      const { form, change } = this.parts;
      const now = this.#place();
      const been = isOpen && (await this.#get("places", { country: country || now.country }));
      form.hidden = !been;
      change.ariaExpanded = !!been;
      if (!been) return change.focus();
      const { words, places, postcode } = been;
      const kept = (name) => (been.country === now.country && now[name]) || "";
      const select = make("select", { name: "country", autocomplete: "country", onchange: () => this.#open(true, select.value) },
        ...been.countries.map(([code, name]) => new Option(name, code, false, code === been.country)));
      const rows = [make("label", {}, words.country, select)];
      if (places.length) {
        const city = make("input", { name: "city", autocomplete: "address-level2", maxLength: 80, placeholder: kept("city") });
        city.setAttribute("list", "places");
        // in both scripts, so that either is found
        const options = places.map(([name, other]) => make("option", { value: name, label: other }));
        rows.push(make("label", {}, words.city, city), make("datalist", { id: "places" }, ...options));
      } else if (postcode) {
        rows.push(make("label", {}, words.postcode, make("input", {
          name: "postcode", autocomplete: "postal-code", dir: "ltr", maxLength: 12, placeholder: postcode.example, value: kept("postcode"),
        })));
      }
      form.replaceChildren(...rows, make("button", { part: "submit" }, words.show));
      form.elements[country ? 1 : 0].focus();
    }
  }

  if (!customElements.get("homeward-date")) customElements.define("homeward-date", HomewardDate);
})();
