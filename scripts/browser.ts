/** Finds a Chromium for the tests, or installs one. Each attempt has a time limit. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { TOOLS } from './command.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Chromium without a user interface: the same engine, with a quarter less work. */
const SHELL_NAMES = ['chromium-headless-shell'];
const FIXED_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Why browsers did not start or could not be installed; reported if none is found in the end. */
const complaints: string[] = [];

/**
 * Path of a Chromium that starts: `CHROME_PATH` if it is set, else an installed one, else Playwright's own; null if
 * there is none.
 *
 * @throws Error if `CHROME_PATH` is set to something that does not start
 */
export function installedBrowser(): string | null {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (!starts(chosen)) throw new Error(`CHROME_PATH is "${chosen}", which does not start.`);
    return chosen;
  }
  return [...onPath(NAMES), ...FIXED_PATHS, chromium.executablePath()].find(starts) ?? null;
}

/**
 * Like `installedBrowser()`, but prefers the headless shell if `CHROME_PATH` is not set. Tests of permissions, user
 * settings or tabs need the full browser.
 */
export function installedShell(): string | null {
  const shell = process.env.CHROME_PATH ? undefined : onPath(SHELL_NAMES).find(starts);
  return shell ?? installedBrowser();
}

/** All paths at which the PATH would find these programs, those of the first name first; they may not exist. */
export function onPath(names: string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/**
 * Path of a Chromium that starts. Installs one if there is none.
 *
 * @throws Error that says what is missing in its first line, and why it could not be installed in the others
 */
export async function findBrowser(): Promise<string> {
  const present = installedBrowser();
  if (present !== null) return present;
  console.log('No Chromium found; installing one…');
  complaints.push(...(await attempt(process.execPath, [TOOLS.playwright, 'install', 'chromium'], 240)));
  if (installedBrowser() === null) complaints.push(...(await installPackages(['chromium', ...SHELL_NAMES])));
  const installed = installedBrowser();
  if (installed !== null) return installed;
  const need = 'The tests need a browser: install Chromium or Chrome, or name one in CHROME_PATH.';
  throw new Error(withComplaints(need, complaints));
}

/**
 * Installs Debian packages, if this process is root and there is apt-get. Of each group, either all are installed or,
 * if one is unknown, none.
 *
 * @returns error messages; check afterwards what is installed
 */
export async function installPackages(...groups: string[][]): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const found = await attempt('apt-get', ['update'], 60);
  for (const names of groups) {
    found.push(...(await attempt('apt-get', ['install', '-y', '--no-install-recommends', ...names], 240)));
  }
  return found;
}

/** Puts each complaint on a line of its own. */
export function withComplaints(message: string, complaints: string[]): string {
  return [message, ...new Set(complaints)].join('\n  ');
}

/** Whether the browser runs: one that lacks libraries exists, but does not start. */
function starts(path: string): boolean {
  if (!existsSync(path)) return false;
  if (process.platform === 'win32') return true; // On Windows, `--version` opens a window.
  try {
    execFileSync(path, ['--version'], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 20_000 });
    return true;
  } catch (error) {
    complaints.push(complaintOf(path, error));
    return false;
  }
}

/** @returns the error message, or an empty list if the command succeeded */
async function attempt(command: string, parameters: string[], seconds: number): Promise<string[]> {
  return promisify(execFile)(command, parameters, {
    timeout: 1000 * seconds,
    maxBuffer: Infinity,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).then(
    () => [],
    (error: unknown) => [complaintOf([command, ...parameters].join(' '), error)],
  );
}

/** The last line of an error, which usually states the cause. */
function complaintOf(command: string, error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: Buffer | string };
  return `${command}: ${String(stderr || message)
    .trim()
    .split('\n')
    .at(-1)}`;
}
