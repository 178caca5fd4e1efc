// <homeward-order src="…/t/…/">: an order's page in the shop's own, as high as what it says.
// The iframe that it makes works without this script too; docs/embedding.md has both.
(() => {
  "use strict";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; min-block-size: var(--homeward-space, 16rem) }
    iframe { display: block; inline-size: 100%; block-size: var(--homeward-space, 16rem); border: 0 }`);

  class HomewardOrder extends HTMLElement {
    static observedAttributes = ["src", "lang"];
    #frame = document.createElement("iframe");

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#frame.part = "frame";
      this.#frame.referrerPolicy = "origin"; // the shop's, and no page of it
      this.#frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox";
      root.append(this.#frame);
    }

    connectedCallback() {
      addEventListener("message", this);
      this.attributeChangedCallback();
    }

    disconnectedCallback() {
      removeEventListener("message", this);
    }

    attributeChangedCallback() {
      if (!this.isConnected) return;
      const page = this.getAttribute("src");
      if (!page) return this.#frame.removeAttribute("src");
      const address = new URL("frame/", page.endsWith("/") ? page : `${page}/`);
      const lang = this.closest("[lang]")?.lang;
      if (lang) address.searchParams.set("lang", lang);
      if (this.#frame.src !== address.href) this.#frame.src = address.href;
    }

    // only our own frame is heard, and only a height and a title
    handleEvent({ source, origin, data }) {
      if (source !== this.#frame.contentWindow || origin !== new URL(this.#frame.src).origin) return;
      const { height, title } = data?.homeward ?? {};
      if (!(height > 0)) return;
      this.#frame.title = String(title);
      const rule = new CSSStyleSheet();
      rule.replaceSync(`iframe { block-size: ${Math.min(Math.ceil(height), 4000)}px }`);
      this.shadowRoot.adoptedStyleSheets = [sheet, rule];
    }
  }

  if (!customElements.get("homeward-order")) customElements.define("homeward-order", HomewardOrder);
})();
