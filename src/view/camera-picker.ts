import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CameraInfo } from '../camera-choice.js';
import { listCameras } from '../camera.js';

/** A choice between cameras, where there is one. Follows what is plugged in and out. */
export class CameraPicker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isWanted: () => boolean;
  #cameras: readonly CameraInfo[] = [];
  #asked = 0;

  /** @param isWanted asked when something was plugged in or out */
  constructor(host: ReactiveControllerHost, isWanted: () => boolean) {
    this.#host = host;
    this.#isWanted = isWanted;
    host.addController(this);
  }

  hostConnected(): void {
    this.#devices?.addEventListener('devicechange', this.#changed);
  }

  hostDisconnected(): void {
    this.#devices?.removeEventListener('devicechange', this.#changed);
  }

  /** Looks which cameras there are. */
  async list(): Promise<void> {
    const asked = ++this.#asked;
    const cameras = await listCameras();
    // An answer to what was asked before must not take the place of a later one.
    if (asked !== this.#asked) return;
    this.#cameras = cameras;
    this.#host.requestUpdate();
  }

  /**
   * @param current `deviceId` of the camera in use
   * @param label accessible name, and with a number that of a camera without one
   */
  render(current: string, label: string, pick: (deviceId: string) => void): TemplateResult | typeof nothing {
    if (this.#cameras.length < 2) return nothing;
    const picked = (event: Event) => pick((event.target as HTMLSelectElement).value);
    return html`<select class="cameras" part="camera-select" aria-label=${label} @change=${picked}>
      ${this.#cameras.map(
        ({ deviceId, label: name }, index) =>
          html`<option value=${deviceId} .selected=${live(deviceId === current)}>
            ${name || `${label} ${index + 1}`}
          </option>`,
      )}
    </select>`;
  }

  /** Missing where the page is not served safely. */
  get #devices(): MediaDevices | undefined {
    return navigator.mediaDevices as MediaDevices | undefined;
  }

  readonly #changed = (): void => {
    if (this.#isWanted()) void this.list();
  };
}
