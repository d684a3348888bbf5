/**
 * Drives Firefox with Marionette, its own protocol over TCP: W3C WebDriver commands as `[0, id, name, parameters]`,
 * answered by `[1, id, error, value]`. Each message is preceded by its length in bytes.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeProfile } from '../e2e/remove-profile.js';
import { startChild } from '../child.js';
import { Browser, type Command, type Transport } from './driver.js';

const COMMANDS: Record<Command, string> = {
  newSession: 'WebDriver:NewSession',
  navigate: 'WebDriver:Navigate',
  executeAsync: 'WebDriver:ExecuteAsyncScript',
  click: 'WebDriver:ElementClick',
};

const PREFERENCES = {
  'marionette.port': 0,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  // The tests need no network beyond this machine, and these checks take time.
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** @param display such as `:7`; without a display, Firefox has no WebGL */
export async function startFirefox(path: string, display: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${String(value)});`);
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const portFile = join(profile, 'MarionetteActivePort');
  const [child, port] = await startChild(path, ['--marionette', '--no-remote', '--profile', profile], {
    environment: { ...process.env, DISPLAY: display, MOZ_CRASHREPORTER_DISABLE: '1' },
    ready: () => (existsSync(portFile) && readFileSync(portFile, 'utf8')) || null,
  }).catch(async (error: unknown) => {
    await removeProfile(profile);
    throw error;
  });
  const connection = new Marionette(connect(Number(port), '127.0.0.1'));
  const close = async () => {
    connection.close();
    await child.end();
    await removeProfile(profile);
  };
  return Browser.begin({ send: (command, parameters) => connection.send(command, parameters), close }, {});
}

class Marionette implements Pick<Transport, 'send'> {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('Firefox is gone.')));
  }

  send(command: Command, parameters: object): Promise<unknown> {
    const id = ++this.#lastId;
    // Marionette takes the capabilities themselves as parameters.
    const given = command === 'newSession' && 'capabilities' in parameters ? parameters.capabilities : parameters;
    const message = JSON.stringify([0, id, COMMANDS[command], given]);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(':');
      const end = colon + 1 + Number(this.#received.subarray(0, Math.max(0, colon)));
      if (colon < 0 || this.#received.length < end) return;
      this.#answer(JSON.parse(this.#received.subarray(colon + 1, end).toString()) as unknown);
      this.#received = this.#received.subarray(end);
    }
  }

  /** Settles the command that the message answers. The first message is not an array but a greeting, and is ignored. */
  #answer(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message as [1, number, { error: string; message: string } | null, unknown];
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(`${error.error}: ${error.message}`));
    else waiting?.resolve(isWrapped(result) ? result.value : result);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Marionette wraps single values as `{value}`, but not results that have fields, such as a new session. */
function isWrapped(result: unknown): result is { value: unknown } {
  return typeof result === 'object' && result !== null && 'value' in result;
}
