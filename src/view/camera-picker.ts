import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CameraInfo } from '../camera-choice.js';
import { listCameras } from '../camera.js';

/**
 * A camera selector, shown if there is more than one camera. Its list is updated when a camera is plugged in or out.
 */
export class CameraPicker implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isWanted: () => boolean;
  #cameras: readonly CameraInfo[] = [];
  #asked = 0;

  /** @param isWanted called when a device is plugged in or out: whether to update the list */
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

  /** Updates the list of cameras. */
  async list(): Promise<void> {
    const asked = ++this.#asked;
    const cameras = await listCameras();
    // A newer request was made: only its answer counts.
    if (asked !== this.#asked) return;
    this.#cameras = cameras;
    this.#host.requestUpdate();
  }

  /**
   * @param current `deviceId` of the camera in use
   * @param label accessible name; with a number, also the name of a camera without a label
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

  /** Undefined if the page is not a secure context. */
  get #devices(): MediaDevices | undefined {
    return navigator.mediaDevices as MediaDevices | undefined;
  }

  readonly #changed = (): void => {
    if (this.#isWanted()) void this.list();
  };
}
