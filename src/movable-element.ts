import { adoptStyles, LitElement, supportsAdoptingStyleSheets, type CSSResultOrNative } from 'lit';

/** A Lit element that may be moved to another document: that of a frame, a pop-up, a picture-in-picture window. */
export abstract class MovableElement extends LitElement {
  /** Aborted when the element leaves the window it is in. */
  #inWindow = new AbortController();

  /** Another window than that of the script closes or leaves: it takes the element away without disconnecting it. */
  protected abstract windowLeaves(): void;

  /** Not Lit’s own, which throws in another document than that of the script. */
  protected override createRenderRoot(): ShadowRoot {
    const { shadowRootOptions, elementStyles } = this.constructor as typeof LitElement;
    const root = this.shadowRoot ?? this.attachShadow(shadowRootOptions);
    adoptStylesAnywhere(root, elementStyles);
    return root;
  }

  protected adoptedCallback(): void {
    // Where styles are elements, they came along.
    if (this.shadowRoot && supportsAdoptingStyleSheets) this.createRenderRoot();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#inWindow = new AbortController();
    const { signal } = this.#inWindow;
    const view = this.ownerDocument.defaultView;
    if (view !== window) view?.addEventListener('pagehide', () => this.windowLeaves(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#inWindow.abort();
  }
}

/**
 * Like Lit's own, and for any document: a constructed style sheet fits only the one that constructed it, and a move to
 * another takes it off: https://drafts.csswg.org/cssom/#dom-documentorshadowroot-adoptedstylesheets
 */
function adoptStylesAnywhere(root: ShadowRoot, styles: CSSResultOrNative[]): void {
  const view = root.ownerDocument.defaultView;
  if (view === window || !supportsAdoptingStyleSheets) return adoptStyles(root, styles);
  // Without a window nothing is shown.
  if (!view) return;
  root.adoptedStyleSheets = styles.map((style) => {
    const copy = new view.CSSStyleSheet();
    copy.replaceSync(textOf(style));
    return copy;
  });
}

function textOf(style: CSSResultOrNative): string {
  return style instanceof CSSStyleSheet ? Array.from(style.cssRules, (rule) => rule.cssText).join('\n') : style.cssText;
}
