/**
 * Time to wait for the module once the first message has arrived; a module that exists is in the queue by then. It may
 * never arrive: Firefox drops the messages of a worker that has been terminated. Compiling again is barely noticeable
 * there, so the wait has to be short.
 */
const GRACE_MS = 100;

/** @returns the module that an earlier worker compiled; null if it does not arrive or cannot be read */
export function receiveCompiled(port: MessagePort): Promise<WebAssembly.Module | null> {
  // A message from this worker to itself shows when messages begin to arrive: on a busy device, WebKit takes a third of
  // a second for the first.
  const { port1: sent, port2: received } = new MessageChannel();
  return new Promise<WebAssembly.Module | null>((resolve) => {
    port.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data instanceof WebAssembly.Module ? data : null);
    port.onmessageerror = () => resolve(null);
    received.onmessage = () => setTimeout(() => resolve(null), GRACE_MS);
    sent.postMessage(null);
  }).finally(() => {
    for (const each of [port, sent, received]) each.close();
  });
}
