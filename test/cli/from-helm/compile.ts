import * as path from 'path';
import * as ts from 'typescript';

const TSCONFIG = path.join(__dirname, '..', '..', 'tsconfig.json');

/** What the compiler says of programs, all at once. */
export function compile(programs: readonly { readonly name: string; readonly text: string }[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(TSCONFIG, ts.sys.readFile).config, ts.sys, path.dirname(TSCONFIG));
  const files = new Map(programs.map(({ text }, i) => [path.join(__dirname, `program-${i}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(path.normalize(file)) || fileExists(file);
  host.readFile = (file) => files.get(path.normalize(file)) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(path.normalize(file));
    return text === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], { ...options, noEmit: true }, host));
  const nameOf = (file?: ts.SourceFile) => programs[Number(/program-(\d+)\.ts$/.exec(file?.fileName ?? '')?.[1])]?.name ?? file?.fileName;
  return diagnostics.map(({ file, start, messageText }) =>
    `${nameOf(file)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}: ${file?.text.slice(start).split('\n')[0]}`);
}
