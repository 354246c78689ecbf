import { ConfigurationNode } from './configuration-node';
import { Fields, Template, TemplateError } from '../../_facts/go-template/template';
import { Re2, Re2SyntaxError } from '../../_facts/re2/re2';
import { JsonPath, JsonPathSyntaxError } from '../json-path/json-path';
import { parseSelector } from '../labels/selector';

/** @throws ConfigurationError */
export function templateAt(node: ConfigurationNode, fields: Fields): Template {
  try {
    return new Template(node.text(), fields);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw node.error(`is a template that cannot be used, at character ${error.offset + 1}: ${error.message}`, error.offset);
  }
}

/** What in a text cannot be read, and where. */
interface Misread {
  readonly message: string;
  readonly offset: number;
}

type SyntaxErrorClass = abstract new (...args: never[]) => Error & Misread;

/** What a text of some language says; `language` is as in `a JSON path`. @throws ConfigurationError */
export function readAt<T>(node: ConfigurationNode, language: string, syntaxError: SyntaxErrorClass, read: (text: string) => T): T {
  try {
    return read(node.text());
  } catch (error) {
    throw error instanceof syntaxError ? unusable(node, language, error) : error;
  }
}

/** That a text of some language cannot be used, and where it says what cannot. */
export function unusable(node: ConfigurationNode, language: string, { offset, message }: Misread): Error {
  return node.error(`is ${JSON.stringify(node.text())}, ${language} that cannot be used, at character ${offset + 1}: ${message}`);
}

/** @throws ConfigurationError */
export function expressionAt(node: ConfigurationNode): Re2 {
  return readAt(node, 'a regular expression', Re2SyntaxError, (text) => new Re2(text));
}

/** @throws ConfigurationError */
export function jsonPathAt(node: ConfigurationNode): JsonPath {
  return readAt(node, 'a JSON path', JsonPathSyntaxError, (text) => new JsonPath(text));
}

/** In its canonical form. @throws ConfigurationError */
export function labelSelectorAt(node: ConfigurationNode): string {
  try {
    return String(parseSelector(node.text()));
  } catch (error) {
    throw node.error(`is ${JSON.stringify(node.text())}, which is no label selector: ${(error as Error).message}`);
  }
}
