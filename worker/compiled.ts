/**
 * What is there comes with the first message of all. Firefox drops what was sent by a worker that was ended since: compiling
 * anew takes less time there than a person notices, waiting must not add to it.
 */
const GRACE_MS = 100;

/** @returns what an earlier worker compiled; null where it does not come or cannot be read */
export function receiveCompiled(port: MessagePort): Promise<WebAssembly.Module | null> {
  // Tells when messages come at all: on a busy device WebKit takes a third of a second for the first.
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
