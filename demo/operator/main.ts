/**
 * The operator's page: with the service's key, it shows what the service has stored. The address contains the open
 * session as `#id`, so that the page can be reloaded, the link shared, and the back button used.
 */
import { create, find } from '../common/dom.js';
import { Decisions } from './decision-mark.js';
import { OperatorError, Service, type SessionItem } from './service.js';
import { loadDetail, sessionDetail } from './session-detail.js';
import { listNote, sessionRows } from './session-list.js';
import type { StoredReport } from '../common/contract.js';

const KEY = 'liveness-operator-key';
const TITLE = document.title;
const gate = find('gate', HTMLElement);
const desk = find('desk', HTMLElement);
const detail = find('detail', HTMLElement);
const search = find('search', HTMLInputElement);
const forget = find('forget', HTMLButtonElement);

let service: Service | undefined;
let decisions: Decisions | undefined;
let sessions: SessionItem[] = [];
let reports: StoredReport[] | null = null;

const opened = (): string => location.hash.slice(1);

/** Asks for a key, and removes everything that was loaded with the previous one from the page. */
function askForKey(message = '', { isRefused = false } = {}): void {
  service = decisions = undefined;
  [sessions, reports] = [[], null];
  showList();
  detail.replaceChildren();
  gate.hidden = false;
  desk.hidden = forget.hidden = true;
  document.title = TITLE;
  find('key-error', HTMLElement).textContent = message;
  const input = find('key', HTMLInputElement);
  input.setAttribute('aria-invalid', String(isRefused));
  input.focus();
}

function forgetKey(message?: string): void {
  sessionStorage.removeItem(KEY);
  askForKey(message, { isRefused: message !== undefined });
}

async function enter(key: string): Promise<void> {
  const entering = (service = new Service(key));
  decisions = new Decisions(entering);
  const isAsked = !gate.hidden;
  await refresh();
  // Meanwhile another key was entered, or this one was forgotten.
  if (service !== entering) return;
  sessionStorage.setItem(KEY, key);
  await showDetail().catch(explain);
  // The key field, which had the focus, is hidden now.
  if (isAsked) leadFocus(opened());
}

/**
 * Ignores a late response or error: one that belongs to an earlier request, or to a key that was forgotten, must not
 * replace what is shown now.
 *
 * @returns the response; undefined if it came too late
 */
async function unlessLate<Answer>(isLate: () => boolean, answering: Promise<Answer>): Promise<Answer | undefined> {
  const answer = await answering.catch((error: unknown) => {
    if (!isLate()) throw error;
  });
  return answer !== undefined && !isLate() ? answer : undefined;
}

async function refresh(): Promise<void> {
  if (!service) return;
  const asker = service;
  const asked = search.value.trim();
  const isLate = (): boolean => service !== asker || search.value.trim() !== asked;
  const found = await unlessLate(isLate, Promise.all([asker.findSessions(asked), asker.getReports()]));
  if (!found) return;
  [sessions, reports] = found;
  gate.hidden = true;
  // Shown before the list is filled: a screen reader does not announce changes in hidden elements.
  desk.hidden = forget.hidden = false;
  showList();
}

function showList(): void {
  const rows = decisions ? sessionRows(sessions, reports, { decisions, selected: opened() }) : [];
  find('sessions', HTMLElement).replaceChildren(...rows);
  find('onboarding', HTMLElement).hidden = reports === null;
  find('list-note', HTMLElement).textContent = listNote(sessions.length, search.value.trim());
}

/** Shows the session in the address. Moves the focus, because rebuilding the list removes the link that had it. */
async function follow(): Promise<void> {
  const id = opened();
  showList();
  await showDetail().catch(explain);
  leadFocus(id);
}

function leadFocus(id: string): void {
  // Another link has been followed since then, and moves the focus itself.
  if (opened() !== id) return;
  (id ? detail.querySelector<HTMLElement>('h2, .error') : find('list-title', HTMLElement))?.focus();
}

async function showDetail(): Promise<void> {
  const id = opened();
  document.body.toggleAttribute('data-detail', id !== '');
  document.title = id ? `Session ${id} · Face liveness` : TITLE;
  if (!service || !id) {
    detail.replaceChildren(create('p', { class: 'fine hint' }, 'Choose a session to see what was kept about it.'));
    return;
  }
  const asker = service;
  const isLate = (): boolean => service !== asker || opened() !== id;
  const loaded = await unlessLate(isLate, loadDetail(asker, id));
  if (!loaded) return;
  const failed = (error: unknown): void => {
    if (!isLate()) explain(error);
  };
  const deleted = (): void => {
    if (!isLate()) location.hash = '';
    refresh().catch(explainList);
  };
  detail.replaceChildren(sessionDetail(asker, loaded, { deleted, failed }));
}

function explainList(error: unknown): void {
  explain(error, (message) => (find('list-note', HTMLElement).textContent = message));
}

function sayInDetail(message: string): void {
  detail.replaceChildren(create('p', { class: 'error', role: 'alert', tabindex: '-1' }, message));
}

/** Asks for the key again if it was refused; shows other errors where the response would be. */
function explain(error: unknown, say = sayInDetail): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OperatorError && error.status === 401) forgetKey('The service does not know this key.');
  else if (desk.hidden) askForKey(message);
  else say(message);
}

find('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const input = find('key', HTMLInputElement);
  enter(input.value.trim()).catch(explain);
  input.value = '';
});
forget.addEventListener('click', () => {
  // The next person at this browser must not see what the previous one searched for.
  search.value = '';
  history.replaceState(null, '', location.pathname);
  forgetKey();
});
find('refresh', HTMLButtonElement).addEventListener('click', () => {
  refresh().catch(explainList);
  showDetail().catch(explain);
});
search.addEventListener('input', () => void refresh().catch(explainList));
addEventListener('hashchange', () => void follow());

const kept = sessionStorage.getItem(KEY);
if (kept) enter(kept).catch(explain);
else askForKey();
