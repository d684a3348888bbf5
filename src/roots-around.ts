/**
 * The root of the element, that of its host, and so on up to the document. What happens within a shadow tree may be
 * seen from no tree around it: a mutation, or a move of the focus.
 */
export function rootsAround(element: Element): Node[] {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? [root, ...rootsAround(root.host)] : [root];
}
