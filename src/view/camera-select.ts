import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CameraInfo } from '../camera-choice.js';

/** A choice between cameras, where there is one. */
export function cameraSelect(
  cameras: readonly CameraInfo[],
  current: string,
  label: string,
  pick: (deviceId: string) => void,
): TemplateResult | typeof nothing {
  if (cameras.length < 2) return nothing;
  const picked = (event: Event) => pick((event.target as HTMLSelectElement).value);
  return html`<select class="cameras" part="camera-select" aria-label=${label} @change=${picked}>
    ${cameras.map(
      ({ deviceId, label: name }, index) =>
        html`<option value=${deviceId} .selected=${live(deviceId === current)}>
          ${name || `${label} ${index + 1}`}
        </option>`,
    )}
  </select>`;
}
