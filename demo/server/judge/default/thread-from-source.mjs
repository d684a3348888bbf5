// If the server runs from its sources, each thread has to register the TypeScript loader itself: it does not inherit
// the loader of the process.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
