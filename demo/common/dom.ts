/** Builds elements without parsing HTML, so that nothing in the service's responses can become markup. */
type Child = Node | string | null | undefined;
type Attributes = Record<string, string | boolean | ((event: Event) => void) | undefined>;

/** @param attributes strings are set, `true` sets an empty attribute, functions become listeners (`{ click: … }`) */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (typeof value === 'string') node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

/** @throws Error if the page has no such element, which means that the page and its script do not match */
export function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const node = document.getElementById(id);
  if (!(node instanceof type)) throw new Error(`The page has no ${type.name} with the id "${id}".`);
  return node;
}

/** A list of terms and descriptions. Terms whose description is null or undefined are left out. */
export function facts(entries: Record<string, Child>): HTMLDListElement {
  const list = create('dl', { class: 'facts' });
  for (const [term, description] of Object.entries(entries)) {
    if (description != null) list.append(create('div', {}, create('dt', {}, term), create('dd', {}, description)));
  }
  return list;
}

/** An identifier or a number that is read digit by digit. */
export function code(text: string): HTMLElement {
  return create('code', {}, text);
}

/** A short label for the thing it is next to. */
export function tag(content: Child): HTMLElement {
  return create('span', { class: 'tag' }, content);
}

export const SHORT = {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;
const LONG = { ...SHORT, year: 'numeric', second: '2-digit' } as const;

/** A time in the reader's language and time zone, with the zone's name; its tooltip shows `iso`. */
export function time(iso: string, format: Intl.DateTimeFormatOptions = LONG): HTMLTimeElement {
  return create('time', { datetime: iso, title: iso }, new Date(iso).toLocaleString(undefined, format));
}
