/**
 * Finds Firefox and WebKitGTK for the tests, with a display to draw on, or gets them from Debian's packages. Chromium is
 * found by `browser.ts`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPackages, onPath } from './browser.js';

const PACKAGES = ['firefox-esr', 'webkit2gtk-driver', 'xvfb', 'libegl1', 'libgl1-mesa-dri', 'libgles2', 'libnss3'];

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
 * @throws Error with one line that says what is missing.
 */
export async function findEngines(): Promise<Engines> {
  if (!presentEngines()) {
    console.log('No Firefox or WebKitGTK found; installing them…');
    await installPackages(...PACKAGES);
  }
  const engines = presentEngines();
  if (engines) return engines;
  throw new Error(
    `Firefox and WebKit are not tested: no ${missing().join(', ')} (Debian: apt install ${PACKAGES.join(' ')}).`,
  );
}

function missing(): string[] {
  return Object.entries(installedEngines()).flatMap(([name, path]) => (path === null ? [name] : []));
}

/** It lies in a folder that is named after the machine. */
function miniBrowser(): string | null {
  if (process.platform !== 'linux') return null;
  return (
    readdirSync('/usr/lib')
      .map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`)
      .find((path) => existsSync(path)) ?? null
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await findEngines());
