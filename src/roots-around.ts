/**
 * The root of the element, that of its host, and so on up to the document. Mutations and focus moves within a shadow
 * tree may not be observable outside of it, so observers need every root.
 */
export function rootsAround(element: Element): Node[] {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? [root, ...rootsAround(root.host)] : [root];
}
