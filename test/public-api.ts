import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const SRC = path.join(__dirname, '..', 'src');

/** A struct as it is declared. */
interface Struct {
  /** Types of the properties that it adds to those of its bases. */
  readonly properties: ReadonlyMap<string, string>;
  readonly bases: readonly string[];
}

/** Structs, and static methods that make an instance of their class, with the types of their parameters. */
export function publicShapes(): { readonly structs: ReadonlyMap<string, Struct>; readonly factories: ReadonlyMap<string, readonly string[]> } {
  const types = exportedTypes().filter((type) => type.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
  const structs = types.filter(ts.isInterfaceDeclaration).map((type) => [type.name.text, {
    properties: new Map(type.members.filter(ts.isPropertySignature).filter(({ name }) => !name.getText().startsWith('_'))
      .map((member) => [member.name.getText(), member.type!.getText()])),
    bases: (type.heritageClauses ?? []).flatMap((clause) => clause.types).map(({ expression }) => expression.getText()),
  }] as const);
  const factories = types.filter(ts.isClassDeclaration).flatMap((type) => type.members.filter(ts.isMethodDeclaration)
    .filter((method) => method.type?.getText() === type.name!.text && !method.name.getText().startsWith('_') && method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
    .map((method) => [`${type.name!.text}.${method.name.getText()}`, method.parameters.map((parameter) => parameter.type?.getText() ?? '')] as const));
  return { structs: new Map(structs), factories: new Map(factories) };
}

/** Every member that the package exports, as `MetricsServerProps.image` or `Image.upstream`, those that a struct inherits among them. */
export function publicMembers(): ReadonlySet<string> {
  const types = exportedTypes();
  const byName = new Map(types.map((type) => [type.name!.text, type]));

  const membersOf = (type: (typeof types)[number]): string[] => [
    ...[...type.members].map((member) => member.name?.getText() ?? '').filter((name) => name && !name.startsWith('_')),
    ...(ts.isEnumDeclaration(type) ? [] : type.heritageClauses ?? []).flatMap((clause) => clause.types)
      .flatMap(({ expression }) => byName.get(expression.getText()) ?? []).flatMap(membersOf),
  ];
  return new Set(types.flatMap((type) => membersOf(type).map((member) => `${type.name!.text}.${member}`)));
}

function exportedTypes() {
  const files = [...fs.readFileSync(path.join(SRC, 'index.ts'), 'utf8').matchAll(/export \* from '\.\/([^']+)'/g)].map(([, name]) => `${name}.ts`);
  return files.flatMap((file) => ts.createSourceFile(file, fs.readFileSync(path.join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true).statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)));
}
