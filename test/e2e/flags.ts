/** Chromium's flags: the camera it provides, and what it permits to a test's page. */
import { type LaunchOptions, test } from '@playwright/test';
import { installedBrowser } from '../../scripts/browser.js';
import { FACE_VIDEO } from '../fixtures/build.js';

/** Chromium's test picture as the camera, without a permission prompt. */
export const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
/** A recorded face as the camera, without a permission prompt. */
export const FACE_CAMERA = [...CAMERA, `--use-file-for-fake-video-capture=${FACE_VIDEO}`];
export const NO_CAMERA = ['--use-fake-device-for-media-stream=device-count=0'];
/** A page that Playwright makes up has no IP address, so Chromium would ask before it lets it reach loopback. */
export const ANY_LOOPBACK = ['--disable-features=LocalNetworkAccessChecks'];

type UseOptions = (options: LaunchOptions) => Promise<void>;

/** For `test.use`: the configured browser, with these flags too. */
export const withFlags = (...flags: string[]) => withLaunch({}, flags);

/** For `test.use`: the full browser people use instead of the headless shell, with these flags too. */
export const inFullBrowser = (...flags: string[]) =>
  withLaunch({ executablePath: installedBrowser() ?? undefined }, flags);

/** Launch options for a browser that a test launches itself: as configured, with these flags too. */
export function ownBrowser(...flags: string[]): LaunchOptions {
  const { args = [], ...options } = test.info().project.use.launchOptions ?? {};
  return { ...options, args: [...args, ...flags] };
}

/** As `ownBrowser`, but the full browser people use instead of the headless shell. */
export function fullBrowser(...flags: string[]): LaunchOptions {
  return { ...ownBrowser(...flags), executablePath: installedBrowser() ?? undefined };
}

function withLaunch(options: LaunchOptions, flags: string[]) {
  return {
    launchOptions: async ({ launchOptions }: { launchOptions: LaunchOptions }, use: UseOptions) => {
      await use({ ...launchOptions, ...options, args: [...(launchOptions.args ?? []), ...flags] });
    },
  };
}
