import { spansOf, STRENGTH, type Found } from './entity.js';
import type { Reading } from './reading.js';

const NAME = String.raw`\p{L}[\p{L}\p{M}'’-]{1,30}(?: \p{Lu}[\p{L}\p{M}'’-]{1,30}){0,2}`;
const CAPITAL = String.raw`\p{Lu}[\p{L}\p{M}'’-]{1,30}(?: (?:(?:de|da|van|von|del|bin|al) )?\p{Lu}[\p{L}\p{M}'’-]{1,30}){0,2}`;
/** Words that say that the next one is a name, even in lower case. */
const SURE = new RegExp(
  String.raw`(?<![\p{L}\p{M}])(?:[Mm]y name is|[Nn]ame is|[Mm]e llamo|[Mm]i nombre es|[Mm]eu nome [eé]|[Mm]e chamo|[Jj]e m['’]appelle|[Mm]on nom est|[Ii]ch hei(?:ß|ss)e|[Mm]ein [Nn]ame ist|[Mm]i chiamo|[Bb]enim adım|[Aa]dım|[Nn]ama saya|اسمي|أنا اسمي|मेरा नाम|[Mm]era naam|[Mm]era nam) (?:hai |है )?(${NAME})`,
  'gu',
);
/** Words before a name that is written with a capital. */
const CAPITALISED = new RegExp(
  String.raw`(?<![\p{L}\p{M}])(?:a nombre de|au nom de|em nome de|no nome de|auf den Namen|in the name of|under the name|atas nama|a nome di|de la part de|[Tt]his is|[Ss]peak to|[Tt]alk to|c['’]est|aqu[ií] [eé] [oa]?|de parte de|habla|le saluda|[Mm]rs?\.?|[Mm]s\.?|[Hh]err[n]?|[Ff]rau|[Mm]adame|[Mm]onsieur|[Mm]me|[Ss]eñora?|[Ss]enhora?|[Dd]ona|[Dd]on|[Mm]aître|[Nn]ame:?) (${CAPITAL})`,
  'gu',
);
const NOT_NAMES = /^(?:on|is|in|the|a|not|wrong|falsch|spelled|mal|errado|kya|कुछ|गलत|WhatsApp|SMS|Bestellung|Order)$/i;

/** Names of people, where words say that they are some: "my name is Ana", "a nombre de Hugo Medina". */
export function peopleIn({ text }: Reading): Found[] {
  const named = (pattern: RegExp): Found[] =>
    spansOf(pattern, text).flatMap(({ end, groups: [, written = ''] }) => {
      const name = written.replace(/ (?:है|hai|and|y|et|und)$/u, '');
      const start = end - written.length;
      return NOT_NAMES.test(name)
        ? []
        : [{ type: 'person', start, end: start + name.length, value: name, strength: STRENGTH.shaped }];
    });
  return [...named(SURE), ...named(CAPITALISED)];
}
