import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const SRC = path.join(__dirname, '..', 'src');

/** Every member that the package exports, as `MetricsServerProps.image` or `Image.upstream`, those that a struct inherits among them. */
export function publicMembers(): ReadonlySet<string> {
  const files = [...fs.readFileSync(path.join(SRC, 'index.ts'), 'utf8').matchAll(/export \* from '\.\/([^']+)'/g)].map(([, name]) => `${name}.ts`);
  const types = files.flatMap((file) => ts.createSourceFile(file, fs.readFileSync(path.join(SRC, file), 'utf8'), ts.ScriptTarget.Latest, true).statements
    .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)));
  const byName = new Map(types.map((type) => [type.name!.text, type]));

  const membersOf = (type: (typeof types)[number]): string[] => [
    ...[...type.members].map((member) => member.name?.getText() ?? '').filter((name) => name && !name.startsWith('_')),
    ...(ts.isEnumDeclaration(type) ? [] : type.heritageClauses ?? []).flatMap((clause) => clause.types)
      .flatMap(({ expression }) => byName.get(expression.getText()) ?? []).flatMap(membersOf),
  ];
  return new Set(types.flatMap((type) => membersOf(type).map((member) => `${type.name!.text}.${member}`)));
}
