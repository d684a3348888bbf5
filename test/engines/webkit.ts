/** Drives WebKitGTK with its own driver: W3C WebDriver over HTTP. */
import { startChild } from '../child.js';
import { freePort } from '../free-port.js';
import { Browser, type Command } from './driver.js';

const OPTIONS = [
  '--automation',
  '--enable-media-stream=true',
  '--enable-mock-capture-devices=true',
  '--enable-webgl=true',
  '--features=+AllowWebGLInWorkers',
];

/** @param display such as `:7` */
export async function startWebKit(
  { webKitDriver, miniBrowser }: { webKitDriver: string; miniBrowser: string },
  display: string,
): Promise<Browser> {
  const base = `http://127.0.0.1:${await freePort()}`;
  const [child] = await startChild(webKitDriver, ['--host=127.0.0.1', `--port=${new URL(base).port}`], {
    environment: { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    ready: () => ask('GET', `${base}/status`).then(String, () => null),
  });
  let session = base;
  const addresses: Record<Command, (parameters: object) => string> = {
    newSession: () => `${base}/session`,
    navigate: () => `${session}/url`,
    executeAsync: () => `${session}/execute/async`,
    click: (parameters) => `${session}/element/${String((parameters as { id: string }).id)}/click`,
  };
  const send = async (command: Command, parameters: object) => {
    const value = await ask('POST', addresses[command](parameters), parameters);
    if (command === 'newSession') session = `${base}/session/${(value as { sessionId: string }).sessionId}`;
    return value;
  };
  const close = async () => {
    // Otherwise the browser would outlive its driver.
    if (session !== base) await ask('DELETE', session).catch(() => undefined);
    await child.end();
  };
  return Browser.begin(
    { send, close },
    { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: miniBrowser, args: OPTIONS } },
  );
}

async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${error}: ${message}`);
}
