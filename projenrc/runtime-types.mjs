/**
 * Prints the types that a module exports as one file of declarations, with those that they need:
 *
 *     node runtime-types.mjs <tsconfig.json> <index.ts>
 */
import * as path from 'node:path';
import ts from 'typescript';

const [configFile, entry] = process.argv.slice(2).map((file) => path.resolve(file));
const declarations = declarationsOf(configFile, entry);
/** By name: what stands in the result. */
const taken = new Map();
const exported = exportsOf(entry.replace(/\.ts$/, '.d.ts'));
exported.forEach(take);
const texts = [...taken].map(([name, { node }]) => declarationText(node, exported.some((one) => one.name === name)));
process.stdout.write(`${[...texts, 'export {};'].join('\n')}\n`);

function declarationsOf(tsconfig, file) {
  const { options } = ts.getParsedCommandLineOfConfigFile(tsconfig, {
    noEmit: false, declaration: true, emitDeclarationOnly: true, sourceMap: false, inlineSourceMap: false, inlineSources: false, outDir: undefined, rootDir: undefined,
  }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail });
  const files = new Map();
  const program = ts.createProgram([file], options);
  const { diagnostics } = program.emit(undefined, (name, text) => files.set(path.resolve(name), ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)));
  diagnostics.forEach(fail);
  return files;
}

/** Adds a declaration, and what it refers to. What no file declares is the language's own. */
function take({ file, name }) {
  const node = declarations.get(file).statements.find((statement) => statement.name?.text === name);
  const known = taken.get(name);
  if (known && known.node !== node) throw new Error(`two types are called ${name}: ${known.file} and ${file}`);
  if (known) return;
  taken.set(name, { node, file });
  visit(node, (identifier) => {
    const found = resolve(file, identifier);
    if (found) take(found);
  });
}

function visit(node, onReference) {
  if (ts.isImportTypeNode(node)) throw new Error(`${node.getText()} in ${node.getSourceFile().fileName}: give the type a name that is imported`);
  if (ts.isTypeReferenceNode(node)) onReference(ts.isQualifiedName(node.typeName) ? node.typeName.left.text : node.typeName.text);
  if (ts.isTypeQueryNode(node)) onReference(node.exprName.text);
  if (ts.isExpressionWithTypeArguments(node)) onReference(node.expression.text);
  ts.forEachChild(node, (child) => visit(child, onReference));
}

/** Where a name comes from that a file uses. */
function resolve(file, name) {
  const { statements } = declarations.get(file);
  if (statements.some((statement) => statement.name?.text === name)) return { file, name };
  for (const statement of statements.filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one) && one.moduleSpecifier)) {
    const named = statement.importClause?.namedBindings ?? statement.exportClause;
    if (named?.elements.some((element) => element.name.text === name)) return resolve(fileOf(file, statement), name);
  }
  return undefined;
}

function exportsOf(file) {
  return declarations.get(file).statements.filter(ts.isExportDeclaration)
    .flatMap((statement) => statement.exportClause.elements.map((element) => resolve(fileOf(file, statement), element.name.text)));
}

function fileOf(from, { moduleSpecifier }) {
  const file = path.resolve(path.dirname(from), `${moduleSpecifier.text}.d.ts`);
  if (!declarations.has(file)) throw new Error(`${from} refers to ${moduleSpecifier.text}, which is no part of the runtime`);
  return file;
}

function declarationText(node, isExported) {
  const text = node.getFullText().trim();
  const start = node.getStart() - node.getFullStart() - (node.getFullText().length - node.getFullText().trimStart().length);
  return `${text.slice(0, start)}${isExported ? 'export ' : ''}${text.slice(start).replace(/^export /, '')}`;
}

function fail(diagnostic) {
  console.error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
  process.exit(1);
}
