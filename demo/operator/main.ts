/**
 * The operator's page: with the service's key, what the service has kept. Which session is open stands in the address,
 * as `#kind/id`, so that it can be reloaded, passed on and gone back from.
 */
import { create, find } from '../shared/dom.js';
import { KINDS, OperatorError, Service, type Kind, type SessionItem } from './service.js';
import { loadDetail, sessionDetail } from './session-detail.js';
import { listNote, matching, sessionRows } from './session-list.js';
import type { StoredReport } from '../shared/contract.js';

const KEY = 'liveness-operator-key';
const gate = find('gate', HTMLElement);
const desk = find('desk', HTMLElement);
const detail = find('detail', HTMLElement);
const search = find('search', HTMLInputElement);
const forget = find('forget', HTMLButtonElement);

let service: Service | undefined;
let listed: { sessions: SessionItem[]; complete: boolean } = { sessions: [], complete: true };
let reports: StoredReport[] = [];

function opened(): { kind: Kind; id: string } | null {
  const [kind, id] = location.hash.slice(1).split('/');
  return KINDS.some((known) => known === kind) && id ? { kind: kind as Kind, id: encodeURIComponent(id) } : null;
}

function askForKey(message = ''): void {
  sessionStorage.removeItem(KEY);
  service = undefined;
  gate.hidden = false;
  desk.hidden = forget.hidden = true;
  find('key-error', HTMLElement).textContent = message;
  find('key', HTMLInputElement).focus();
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
  [listed, reports] = await Promise.all([service.listSessions(), service.getReports()]);
  showList();
}

function showList(): void {
  const found = matching(listed.sessions, search.value);
  find('sessions', HTMLElement).replaceChildren(...sessionRows(found, reports, opened()?.id));
  find('list-note', HTMLElement).textContent = listNote(found.length, listed.sessions.length, listed.complete);
}

async function showDetail(): Promise<void> {
  const target = opened();
  document.body.toggleAttribute('data-detail', target !== null);
  if (!service || !target) {
    detail.replaceChildren(create('p', { class: 'fine hint' }, 'Choose a session to see what was kept about it.'));
    return;
  }
  const loaded = await loadDetail(service, target.kind, target.id);
  if (opened()?.id !== target.id) return;
  detail.replaceChildren(sessionDetail(service, loaded, () => void refresh().then(() => (location.hash = ''))));
}

/** A refused key leads back to the gate; everything else is said where the session would be. */
function explain(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof OperatorError && error.status === 401) askForKey('The service does not know this key.');
  else if (desk.hidden) askForKey(message);
  else detail.replaceChildren(create('p', { class: 'error', role: 'alert' }, message));
}

find('key-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const input = find('key', HTMLInputElement);
  enter(input.value.trim()).catch(explain);
  input.value = '';
});
forget.addEventListener('click', () => askForKey());
find('refresh', HTMLButtonElement).addEventListener('click', () => {
  Promise.all([refresh(), showDetail()]).catch(explain);
});
search.addEventListener('input', showList);
addEventListener('hashchange', () => {
  showList();
  showDetail().catch(explain);
});

const kept = sessionStorage.getItem(KEY);
if (kept) enter(kept).catch(explain);
else askForKey();
