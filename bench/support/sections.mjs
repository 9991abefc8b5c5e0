// docs/benchmarks.md is made of sections, one for each benchmark; writing one leaves the others as they are.

const HEADING = /^## (.+)$/m;

const cell = (value) => (value === undefined || value === null ? '' : String(value).replaceAll('|', '\\|'));

/** Rows as a Markdown table, with every column that any row has. */
export function markdownTable(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => cell(row[column])))),
  ].join('\n');
}

/**
 * What a run is remembered by.
 * @param {{ name: string, help: string, notes?: string[], rows: object[], command: string, machine: string, date: string }} run
 */
export function sectionText({ name, help, notes = [], rows, command, machine, date }) {
  return [
    `## ${name}`,
    `${help[0].toUpperCase()}${help.slice(1)}.`,
    markdownTable(rows),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
    `\`${command}\` on ${date}. ${machine}`,
  ].join('\n\n');
}

/** The document with one section replaced, or put in by its name's place among the others. */
export function replaceSection(document, name, text) {
  const [head, ...sections] = document.trimEnd().split(/^(?=## )/m);
  const nameOf = (section) => HEADING.exec(section)?.[1];
  const others = sections.filter((section) => nameOf(section) !== name);
  const at = others.findIndex((section) => nameOf(section) > name);
  others.splice(at < 0 ? others.length : at, 0, text);
  return `${[head, ...others].map((part) => part.trim()).join('\n\n')}\n`;
}
