/** Serves a page with the element on the service's origin, under a strict CSP, with an actor in the camera's place. */
import { readFileSync } from 'node:fs';
import type { checkSupport } from '../../src/support.js';
import { type Proxy, startProxy } from '../e2e/proxy.js';
import type { RunningServer } from '../e2e/server.js';
import { actorScript } from '../fixtures/actor.js';

export interface Site extends Proxy {
  /** URL of the page. */
  page: string;
  /** True: requests for the wasm are answered with 404. */
  isWasmGone: boolean;
  /** Requests whose path ends with this are never answered; null: all are answered. */
  silent: string | null;
}

export async function startSite(server: RunningServer): Promise<Site> {
  const proxy = await startProxy(server.url);
  const page = '/test/element.html';
  const files: Record<string, { type: string; body: string }> = {
    [page]: {
      type: 'text/html',
      body: `<!doctype html><html lang="en"><title>Face check</title><script src="/test/before.js"></script>
        <body><face-liveness endpoint="${proxy.url}"></face-liveness>
        <script type="module" src="/test/page.js"></script>`,
    },
    '/test/before.js': {
      type: 'text/javascript',
      body: `(${watch.toString()})();\n${await actorScript({ everyNth: 2 })}`,
    },
    '/test/page.js': {
      type: 'text/javascript',
      body: `import { checkSupport } from '/face-liveness.js'; Object.assign(watched, { checkSupport });`,
    },
  };
  const site: Site = Object.assign(proxy, { page: proxy.url + page, isWasmGone: false, silent: null });
  proxy.fate = (path) => {
    if (site.silent && path.endsWith(site.silent)) return 'hang';
    if (site.isWasmGone && path.includes('.wasm')) return { status: 404 };
    const file = files[path];
    if (!file) return null;
    return {
      status: 200,
      headers: { 'content-type': file.type, 'content-security-policy': policyOf('page') },
      body: file.body,
    };
  };
  proxy.dress = (path, headers) => {
    headers['cache-control'] = 'no-store';
    if (path === '/liveness.worker.js') headers['content-security-policy'] = policyOf('worker');
  };
  return site;
}

/** The policy in docs/csp.md, without the service's own origin: the browser refuses all requests to other origins. */
function policyOf(what: 'page' | 'worker'): string {
  const [, policy] = new RegExp(`\`\`\`csp ${what}\n([^\`]*)\`\`\``).exec(readFileSync('docs/csp.md', 'utf8')) ?? [];
  if (!policy) throw new Error(`docs/csp.md has no policy for the ${what}.`);
  return policy.replace(/\s+/g, ' ').replaceAll(' https://service.example', '');
}

declare global {
  interface Window {
    watched: {
      workers: number;
      violations: string[];
      events: string[];
      checkSupport: typeof checkSupport;
    };
  }
}

/** Runs in the page before any other script: counts workers, records CSP violations and the element's final events. */
function watch(): void {
  const watched = { workers: 0, violations: [] as string[], events: [] as string[] };
  Object.assign(window, { watched });
  addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => {
    // The browser requests this by itself, not the page.
    if (blockedURI.endsWith('/favicon.ico')) return;
    watched.violations.push(`${violatedDirective} ${blockedURI}`);
  });
  for (const name of ['liveness-complete', 'liveness-error', 'liveness-cancel']) {
    addEventListener(name, () => watched.events.push(name));
  }
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      watched.workers++;
    }
    override terminate() {
      super.terminate();
      watched.workers--;
    }
  };
}
