/**
 * Finds Firefox, WebKitGTK and a display server for the tests, or installs them from Debian packages.
 * `browser.ts` finds Chromium.
 */
import { existsSync, readdirSync } from 'node:fs';
import { installPackages, onPath, withComplaints } from './browser.js';

/** Debian's package. Ubuntu has none of this name, so it is installed separately from the others. */
const FIREFOX = 'firefox-esr';
const PACKAGES = ['webkit2gtk-driver', 'xvfb', 'libegl1', 'libgl1-mesa-dri', 'libgles2', 'libnss3'];

/** Paths of the programs. */
export interface Engines {
  firefox: string;
  /** The W3C WebDriver server for WebKitGTK. */
  webKitDriver: string;
  /** The browser that `webKitDriver` drives. */
  miniBrowser: string;
  /** A display server without a screen: without a display, Firefox has no WebGL and WebKitGTK opens no window. */
  xvfb: string;
}

/** @returns null if one of the programs is missing */
export function presentEngines(): Engines | null {
  const engines = installedEngines();
  return Object.values(engines).includes(null) ? null : (engines as Engines);
}

/** The paths of the programs; null for those that are not installed. */
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
 * The paths of all programs. Installs what is missing if this process is root on Debian.
 *
 * @throws Error with one line that says what is missing, and one for each reason why it could not be installed
 */
export async function findEngines(): Promise<Engines> {
  const present = presentEngines();
  if (present) return present;
  console.log('No Firefox or WebKitGTK found; installing them…');
  const complaints = await installPackages(PACKAGES, [FIREFOX]);
  const engines = presentEngines();
  if (engines) return engines;
  const lack = `Firefox and WebKit are not tested. Missing: ${missing().join(', ')}`;
  throw new Error(withComplaints(`${lack} (Debian: apt install ${[FIREFOX, ...PACKAGES].join(' ')}).`, complaints));
}

function missing(): string[] {
  return Object.entries(installedEngines()).flatMap(([name, path]) => (path === null ? [name] : []));
}

/** Searches the folders in /usr/lib, because MiniBrowser is in one that is named after the machine's architecture. */
function miniBrowser(): string | null {
  if (process.platform !== 'linux') return null;
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return folders.map((name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`).find((path) => existsSync(path)) ?? null;
}
