// Out of its sources a thread has to bring the TypeScript loader itself: it does not inherit that of the process.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
