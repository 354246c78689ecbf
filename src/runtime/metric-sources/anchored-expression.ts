import { CompileExpression, SeriesSelectorError } from '../../_facts/series-selector';
import { Re2, Re2SyntaxError } from '../re2/re2';

/** As Prometheus matches the values of labels. */
export const anchoredExpression: CompileExpression = (pattern, offset) => {
  try {
    const expression = new Re2(`^(?s:${pattern})$`);
    return (text) => expression.test(text);
  } catch (error) {
    if (!(error instanceof Re2SyntaxError)) throw error;
    throw new SeriesSelectorError(`the regular expression cannot be used: ${error.message}`, offset);
  }
};
