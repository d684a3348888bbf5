/**
 * What is there comes within a millisecond. Firefox drops what was sent by a worker that was ended since: compiling anew
 * takes less time there than a person notices, waiting must not add to it.
 */
const DEADLINE_MS = 100;

/** @returns what an earlier worker compiled; null where it does not come or cannot be read */
export function receiveCompiled(port: MessagePort): Promise<WebAssembly.Module | null> {
  return new Promise<WebAssembly.Module | null>((resolve) => {
    port.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data instanceof WebAssembly.Module ? data : null);
    port.onmessageerror = () => resolve(null);
    setTimeout(() => resolve(null), DEADLINE_MS);
  }).finally(() => port.close());
}
