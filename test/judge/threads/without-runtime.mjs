// The judge's own thread where the package onnxruntime-web is not installed.
import { register } from 'node:module';

const hooks = `export function resolve(specifier, context, next) {
  if (specifier === 'onnxruntime-web') throw new Error('Cannot find package onnxruntime-web');
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
await import('../../../demo/server/judge/default/thread-from-source.mjs');
