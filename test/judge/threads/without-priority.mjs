// The judge's own thread where a process may not change priorities.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

os.setPriority = () => {
  throw new Error('EPERM: operation not permitted, uv_os_setpriority');
};
syncBuiltinESMExports();
await import('../../../.cache/judge-thread/thread.js');
