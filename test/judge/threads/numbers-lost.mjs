// The judge's real thread, with a face network that gives a NaN among its numbers.
import { Tensor } from '@tensorflow/tfjs-core';

const { dataSync } = Tensor.prototype;
Tensor.prototype.dataSync = function () {
  return dataSync.call(this).fill(NaN, 7, 8);
};
await import('../../../.cache/judge-thread/thread.js');
