import { readFileSync } from 'fs';

/** What stands in a page's code blocks of one language, or in those below one of its headings of the second level. */
export function codeBlocks(page: string, language: string, heading?: string): string[] {
  const blocks = sectionOf(readFileSync(page, 'utf8'), heading).matchAll(/^( *)```(\w+)\n([^]*?)^\1```$/gm);
  return [...blocks].filter(([, , written]) => written === language).map(([, indent, , text]) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

function sectionOf(text: string, heading?: string): string {
  if (heading === undefined) return text;
  const at = text.indexOf(`\n${heading}\n`);
  if (at < 0) throw new Error(`there is no heading ${heading}`);
  return text.slice(at + 1 + heading.length).split('\n## ')[0];
}
