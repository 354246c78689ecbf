import { ConfigurationNode } from './configuration-node';
import { Fields, Template, TemplateError } from '../../go-template/template';
import { JsonPath, JsonPathSyntaxError } from '../../json-path/json-path';
import { parseSelector } from '../../labels/selector';
import { Re2, Re2SyntaxError } from '../../re2/re2';

/** @throws ConfigurationError */
export function templateAt(node: ConfigurationNode, fields: Fields): Template {
  try {
    return new Template(node.text(), fields);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw node.error(`is a template that cannot be used, at character ${error.offset + 1}: ${error.message}`, error.offset);
  }
}

/** @throws ConfigurationError */
export function expressionAt(node: ConfigurationNode): Re2 {
  try {
    return new Re2(node.text());
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    throw node.error(`is ${JSON.stringify(node.text())}, a regular expression that cannot be used, at character ${error.offset + 1}: ${error.message}`);
  }
}

/** @throws ConfigurationError */
export function jsonPathAt(node: ConfigurationNode): JsonPath {
  try {
    return new JsonPath(node.text());
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    throw node.error(`is ${JSON.stringify(node.text())}, a JSON path that cannot be used, at character ${error.offset + 1}: ${error.message}`);
  }
}

/** In its canonical form. @throws ConfigurationError */
export function labelSelectorAt(node: ConfigurationNode): string {
  try {
    return String(parseSelector(node.text()));
  } catch (error) {
    throw node.error(`is ${JSON.stringify(node.text())}, which is no label selector: ${(error as Error).message}`);
  }
}
