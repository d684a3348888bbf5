/** Emscripten's loader of MediaPipe's wasm, as an ES module. */
declare module '@mediapipe/tasks-vision/vision_wasm_module_internal.js' {
  export default function ModuleFactory(module: object): Promise<unknown>;
}
