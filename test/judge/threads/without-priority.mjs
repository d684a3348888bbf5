// The judge's real thread, in a process that may not change priorities.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

os.setPriority = () => {
  throw new Error('EPERM: operation not permitted, uv_os_setpriority');
};
syncBuiltinESMExports();
await import('../../../.cache/judge-thread/thread.js');
