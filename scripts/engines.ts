/**
 * Finds Firefox and WebKitGTK for the tests, with a display to draw on, or gets them from Debian's packages. Chromium is
 * found by `browser.ts`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPackages, onPath, withComplaints } from './browser.js';

/** Ubuntu has none of this name. */
const FIREFOX = 'firefox-esr';
const PACKAGES = ['webkit2gtk-driver', 'xvfb', 'libegl1', 'libgl1-mesa-dri', 'libgles2', 'libnss3'];

/** Paths of programs. */
export interface Engines {
  firefox: string;
  /** Speaks W3C WebDriver for WebKitGTK. */
  webKitDriver: string;
  /** The browser it drives. */
  miniBrowser: string;
  /** A display without a screen: without one Firefox has no WebGL, and WebKitGTK no window. */
  xvfb: string;
}

/** Null where one of them is missing. */
export function presentEngines(): Engines | null {
  const engines = installedEngines();
  return Object.values(engines).includes(null) ? null : (engines as Engines);
}

/** What is there now; what is missing is null. */
function installedEngines(): Record<keyof Engines, string | null> {
  const named = (...names: string[]) => onPath(names).find((path) => existsSync(path)) ?? null;
  return {
    firefox: named('firefox-esr', 'firefox'),
    webKitDriver: named('WebKitWebDriver'),
    miniBrowser: miniBrowser(),
    xvfb: named('Xvfb'),
  };
}

/**
 * Both engines, installed first where they are missing and this is Debian's root.
 *
 * @throws Error with one line that says what is missing, and one for each reason why it could not be installed.
 */
export async function findEngines(): Promise<Engines> {
  const present = presentEngines();
  if (present) return present;
  console.log('No Firefox or WebKitGTK found; installing them…');
  const complaints = await installPackages(PACKAGES, [FIREFOX]);
  const engines = presentEngines();
  if (engines) return engines;
  const lack = `Firefox and WebKit are not tested: no ${missing().join(', ')}`;
  throw new Error(withComplaints(`${lack} (Debian: apt install ${[FIREFOX, ...PACKAGES].join(' ')}).`, complaints));
}

function missing(): string[] {
  return Object.entries(installedEngines()).flatMap(([name, path]) => (path === null ? [name] : []));
}

/** It lies in a folder that is named after the machine. */
function miniBrowser(): string | null {
  if (process.platform !== 'linux') return null;
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return folders.map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => existsSync(path)) ?? null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await findEngines());
