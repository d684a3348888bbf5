// The judge's real thread, as if the package onnxruntime-web were not installed.
import { register } from 'node:module';

const hooks = `export function resolve(specifier, context, next) {
  if (specifier === 'onnxruntime-web') throw new Error('Cannot find package onnxruntime-web');
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
await import('../../../.cache/judge-thread/thread.js');
