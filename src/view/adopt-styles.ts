import { adoptStyles, supportsAdoptingStyleSheets, type CSSResultOrNative } from 'lit';

/**
 * Like Lit's own, and for any document: a constructed style sheet fits only the one that constructed it, and a move to
 * another takes it off: https://drafts.csswg.org/cssom/#dom-documentorshadowroot-adoptedstylesheets
 */
export function adoptStylesAnywhere(root: ShadowRoot, styles: CSSResultOrNative[]): void {
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
