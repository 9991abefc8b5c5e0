// Options of a benchmark: `--rate 80,200`, `--bus kafka`. A benchmark declares them as data, with a default and a help line.

/** An option of one of a few words. */
export const oneOf = (words, fallback, help) => ({ fallback, help: `${help} (${words.join(' | ')})`, words });
/** An option that is a number. */
export const number = (fallback, help) => ({ fallback, help, parse: Number });
/** An option that is a list of numbers. */
export const numbers = (fallback, help) => ({ fallback, help, parse: (text) => text.split(',').map(Number) });

/** A list of some words. */
export const someOf = (words, help) => ({ fallback: words, help, words, parse: (text) => text.split(',') });

/** Both engines, unless one is asked for. */
export const bus = oneOf(['both', 'embedded', 'kafka'], 'both', 'the engine under the topics');

/** The engines that `--bus` means. */
export const busesOf = (options) => (options.bus === 'both' ? ['embedded', 'kafka'] : [options.bus]);

function valueOf(name, { parse, words }, text) {
  const value = parse ? parse(text) : text;
  const good = words
    ? [value].flat().every((one) => words.includes(one))
    : [value].flat().every((one) => Number.isFinite(one) && one >= 0);
  if (text === undefined || text === '' || !good) {
    throw new Error(`--${name} must be ${words ? words.join(' or ') : 'a number'}.`);
  }
  return value;
}

/**
 * Reads `--name value` pairs.
 * @param {string[]} args
 * @param {Record<string, { fallback: any, help: string, parse?: Function, words?: string[] }>} known
 * @throws Error with one line for a name or value that is wrong
 */
export function parseOptions(args, known) {
  const options = Object.fromEntries(Object.entries(known).map(([name, { fallback }]) => [name, fallback]));
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]?.replace(/^--/, '');
    if (!args[at]?.startsWith('--') || !known[name]) {
      const names = Object.keys(known).map((one) => `--${one}`);
      throw new Error(`There is no option "${args[at]}". There are: ${names.join(', ') || 'none'}.`);
    }
    options[name] = valueOf(name, known[name], args[at + 1] ?? '');
  }
  return options;
}

/** The options for people, a line each. */
export function optionLines(known) {
  return Object.entries(known).map(
    ([name, { fallback, help }]) => `  --${name.padEnd(14)} ${help}, default ${fallback}`,
  );
}
