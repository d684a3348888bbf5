/**
 * Registers `<face-liveness>`. If the page already has another element of that name, this one stays unregistered, and
 * the class can be registered under a name of its own.
 */
import { FaceLiveness } from './face-liveness.js';

if (!customElements.get('face-liveness')) customElements.define('face-liveness', FaceLiveness);

export * from './index.js';
