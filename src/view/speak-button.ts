import { html, type TemplateResult } from 'lit';
import { icon } from './icons.js';

/** Switches spoken guidance on and off. */
export function speakButton(label: string, isOn: boolean, toggle: () => void): TemplateResult {
  const position = isOn ? 'on' : 'off';
  return html`<button
    type="button"
    class="speak"
    part="speak speak-${position}"
    aria-label=${label}
    aria-pressed=${isOn ? 'true' : 'false'}
    @click=${toggle}
  >
    ${isOn ? html`<slot name="speak-on-icon">${icon('voice')}</slot>` : html`<slot name="speak-off-icon">${icon('muted')}</slot>`}
  </button>`;
}
