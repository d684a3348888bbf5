// Run from the sources, a thread has to register the TypeScript loader itself: it does not inherit that of the process.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
