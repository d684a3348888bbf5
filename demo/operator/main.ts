/**
 * The operator's page: with the service's key, what the service has kept. Which session is open stands in the address,
 * as `#id`, so that it can be reloaded, passed on and gone back from.
 */
import { create, find } from '../shared/dom.js';
import { OperatorError, Service, type SessionItem } from './service.js';
import { loadDetail, sessionDetail } from './session-detail.js';
import { listNote, sessionRows } from './session-list.js';
import type { StoredReport } from '../shared/contract.js';

const KEY = 'liveness-operator-key';
const gate = find('gate', HTMLElement);
const desk = find('desk', HTMLElement);
const detail = find('detail', HTMLElement);
const search = find('search', HTMLInputElement);
const forget = find('forget', HTMLButtonElement);

let service: Service | undefined;
let sessions: SessionItem[] = [];
let reports: StoredReport[] = [];

const opened = (): string => location.hash.slice(1);

/** Nothing that the key has opened stays in the page. */
function askForKey(message = ''): void {
  service = undefined;
  [sessions, reports] = [[], []];
  showList();
  detail.replaceChildren();
  gate.hidden = false;
  desk.hidden = forget.hidden = true;
  find('key-error', HTMLElement).textContent = message;
  find('key', HTMLInputElement).focus();
}

function forgetKey(message = ''): void {
  sessionStorage.removeItem(KEY);
  askForKey(message);
}

async function enter(key: string): Promise<void> {
  service = new Service(key);
  await refresh();
  sessionStorage.setItem(KEY, key);
  gate.hidden = true;
  desk.hidden = forget.hidden = false;
  await showDetail();
}

async function refresh(): Promise<void> {
  if (!service) return;
  const asker = service;
  const asked = search.value.trim();
  const [found, told] = await Promise.all([service.findSessions(asked), service.getReports()]);
  // An answer to what was asked before, or with a key that is forgotten, must not take the place of a later one.
  if (asker !== service || asked !== search.value.trim()) return;
  [sessions, reports] = [found, told];
  showList();
}

function showList(): void {
  find('sessions', HTMLElement).replaceChildren(...sessionRows(sessions, reports, opened()));
  find('list-note', HTMLElement).textContent = listNote(sessions.length, search.value.trim());
}

/** Where the link was that was followed, there is nothing that could keep the focus. */
async function follow(): Promise<void> {
  showList();
  await showDetail();
  (opened() ? detail.querySelector('h2') : find('list-title', HTMLElement))?.focus();
}

async function showDetail(): Promise<void> {
  const id = opened();
  document.body.toggleAttribute('data-detail', id !== '');
  if (!service || !id) {
    detail.replaceChildren(create('p', { class: 'fine hint' }, 'Choose a session to see what was kept about it.'));
    return;
  }
  const asker = service;
  const isLate = (): boolean => service !== asker || opened() !== id;
  const loaded = await loadDetail(asker, id).catch((error: unknown) => {
    if (!isLate()) throw error;
  });
  if (!loaded || isLate()) return;
  const deleted = (): void => void refresh().then(() => (location.hash = ''), explain);
  detail.replaceChildren(sessionDetail(asker, loaded, { deleted, failed: explain }));
}

/** A refused key leads back to the gate; everything else is said where the session would be. */
function explain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OperatorError && error.status === 401) forgetKey('The service does not know this key.');
  else if (desk.hidden) askForKey(message);
  else detail.replaceChildren(create('p', { class: 'error', role: 'alert' }, message));
}

find('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const input = find('key', HTMLInputElement);
  enter(input.value.trim()).catch(explain);
  input.value = '';
});
forget.addEventListener('click', () => forgetKey());
find('refresh', HTMLButtonElement).addEventListener('click', () => {
  Promise.all([refresh(), showDetail()]).catch(explain);
});
search.addEventListener('input', () => void refresh().catch(explain));
addEventListener('hashchange', () => void follow().catch(explain));

const kept = sessionStorage.getItem(KEY);
if (kept) enter(kept).catch(explain);
else askForKey();
