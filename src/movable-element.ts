import { adoptStyles, LitElement, supportsAdoptingStyleSheets, type CSSResultOrNative } from 'lit';

/** A Lit element that may be moved to another document: that of a frame, a pop-up, a picture-in-picture window. */
export abstract class MovableElement extends LitElement {
  /** Aborted when the element leaves the window it is in. */
  #inWindow = new AbortController();

  /**
   * Called if the element is in a window other than the script's, and that window closes or navigates: the element is
   * then gone without `disconnectedCallback`.
   */
  protected abstract windowLeaves(): void;

  /** False outside any document, and in a document that no window shows, such as that of a removed frame. */
  protected get isInWindow(): boolean {
    return this.isConnected && this.ownerDocument.defaultView !== null;
  }

  /** Replaces Lit’s method, which throws in any document but the script's. */
  protected override createRenderRoot(): ShadowRoot {
    const { shadowRootOptions, elementStyles } = this.constructor as typeof LitElement;
    const root = this.shadowRoot ?? this.attachShadow(shadowRootOptions);
    adoptStylesAnywhere(root, elementStyles);
    return root;
  }

  protected adoptedCallback(): void {
    // Style elements move along with the element; only adopted style sheets have to be replaced.
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
 * Like Lit's `adoptStyles`, but for any document: a constructed style sheet works only in the document that constructed
 * it, and is removed when the element moves to another:
 * https://drafts.csswg.org/cssom/#dom-documentorshadowroot-adoptedstylesheets
 */
function adoptStylesAnywhere(root: ShadowRoot, styles: CSSResultOrNative[]): void {
  const view = root.ownerDocument.defaultView;
  if (view === window || !supportsAdoptingStyleSheets) return adoptStyles(root, styles);
  // A document without a window shows nothing.
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
