/** The module that projenrc/webassembly.mjs makes of src/runtime/assembly, base64. */
declare const module: string;
export = module;
