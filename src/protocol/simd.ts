/**
 * The smallest module with a vector instruction: it validates if WebAssembly has SIMD, which MediaPipe's wasm requires.
 */
// prettier-ignore
export const SIMD_MODULE = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic number and version
  1, 5, 1, 0x60, 0, 1, 0x7b, // one type: () → v128
  3, 2, 1, 0, // one function of it
  10, 10, 1, 8, 0, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x62, 0x0b, // i32.const 0, i8x16.splat, i8x16.popcnt
]);
