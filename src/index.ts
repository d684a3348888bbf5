/** The public surface. Importing it has no side effect; `define` registers the tag. */
export { FaceLiveness } from './face-liveness.js';
export * from './tools.js';
