/**
 * Time to wait for the module once messages arrive at all; an existing one is already in the queue. It can be missing:
 * Firefox drops messages of a worker that was terminated since. Compiling again is barely noticeable there, so waiting
 * must not add to it.
 */
const GRACE_MS = 100;

/** @returns the module that an earlier worker compiled; null if it does not arrive or cannot be read */
export function receiveCompiled(port: MessagePort): Promise<WebAssembly.Module | null> {
  // A message to ourselves shows when messages arrive at all: on a busy device WebKit takes a third of a second for the
  // first.
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
