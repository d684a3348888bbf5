/**
 * Registers `<face-liveness>`. If the page already has an element of that name, this one stays unregistered; the class
 * can be registered under another name.
 */
import { FaceLiveness } from './face-liveness.js';

if (!customElements.get('face-liveness')) customElements.define('face-liveness', FaceLiveness);

export * from './index.js';
