/** What Chromium is started with: what stands in the camera's place, and what it lets a test's page do. */
import { type LaunchOptions, test } from '@playwright/test';
import { installedBrowser } from '../../scripts/browser.js';
import { FACE_VIDEO } from '../fixtures/build.js';

/** Chromium's test picture, which nobody has to allow. */
export const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
/** A recorded face, which nobody has to allow. */
export const FACE_CAMERA = [...CAMERA, `--use-file-for-fake-video-capture=${FACE_VIDEO}`];
export const NO_CAMERA = ['--use-fake-device-for-media-stream=device-count=0'];
/** A page that a test makes up has no address of its own, so a proxy on loopback would need a person's consent. */
export const ANY_LOOPBACK = ['--disable-features=LocalNetworkAccessChecks'];

type UseOptions = (options: LaunchOptions) => Promise<void>;

/** For `test.use`: the configured launch, with these flags too. */
export const withFlags = (...flags: string[]) => withLaunch({}, flags);

/** For `test.use`: as a person has it, not the one without a window. With these flags too. */
export const inFullBrowser = (...flags: string[]) =>
  withLaunch({ executablePath: installedBrowser() ?? undefined }, flags);

/** For a browser that a test launches itself: as configured, with these flags too. */
export function ownBrowser(...flags: string[]): LaunchOptions {
  const { args = [], ...options } = test.info().project.use.launchOptions ?? {};
  return { ...options, args: [...args, ...flags] };
}

/** The same, as a person has it. */
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
