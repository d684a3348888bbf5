/**
 * Hands the compiled wasm from one worker to the next. A module holds code but no state, so runs can share it; the
 * window cannot read it, see `DetectorAssets.compiled`.
 */
import { transfer } from 'comlink';
import type { DetectorAddresses, DetectorAssets } from './protocol/worker-api.js';

/** By address of the wasm: the port on which the compiled module waits for the next worker. */
const compiled = new Map<string, MessagePort>();

/** Adds the port with the compiled wasm, if there is one. It holds one module, so only one worker gets it. */
export function withCompiled(addresses: DetectorAddresses): DetectorAssets {
  const port = compiled.get(addresses.wasm) ?? null;
  compiled.delete(addresses.wasm);
  return transfer({ ...addresses, compiled: port }, port ? [port] : []);
}

/** @param work has a worker compile the wasm and post the module to `next` */
export async function keepCompiled(
  { wasm }: DetectorAddresses,
  work: (next: MessagePort) => Promise<void>,
): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await work(transfer(port1, [port1]));
  compiled.set(wasm, port2);
}
