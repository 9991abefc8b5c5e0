import { foldedWord, type Reading, type Word } from './reading.js';

/** Numbers in words, by their value; `also` joins two of them. */
const BY_VALUE: Record<number, string> = {
  0: 'zero cero zéro null nol sıfır صفر शून्य',
  1: 'one uno un una une eins ein eine einen um uma satu bir واحد एक ek',
  2: 'two dos deux zwei zwo dois duas due dua iki اثنين اثنان दो',
  3: 'three tres trois drei três tre tiga üç ثلاثة ثلاث तीन teen',
  4: 'four cuatro quatre vier quatro quattro empat dört اربعة اربع चार chaar',
  5: 'five cinco cinq fünf fuenf cinque lima beş خمسة خمس पांच पाँच paanch panch',
  6: 'six seis sechs sei enam altı ستة ست छह छः cheh',
  7: 'seven siete sept sieben sete sette tujuh yedi سبعة سبع सात saat',
  8: 'eight ocho huit acht oito otto delapan sekiz ثمانية ثمان आठ aath',
  9: 'nine nueve neuf neun nove sembilan dokuz تسعة تسع नौ nau',
  10: 'ten diez dix zehn dez dieci sepuluh عشرة عشر दस',
  11: 'eleven onze undici sebelas gyarah ग्यारह',
  12: 'twelve doce douze zwölf zwoelf doze dodici barah बारह dozen docena dúzia dutzend',
  13: 'thirteen trece treize dreizehn treze tredici tera तेरह',
  14: 'fourteen catorce quatorze vierzehn catorze quattordici chaudah चौदह',
  15: 'fifteen quince quinze fünfzehn quindici pandrah पंद्रह',
  16: 'sixteen dieciséis seize sechzehn dezesseis sedici solah सोलह',
  17: 'seventeen diecisiete siebzehn dezessete diciassette satrah सत्रह',
  18: 'eighteen dieciocho achtzehn dezoito diciotto atharah अठारह',
  19: 'nineteen diecinueve neunzehn dezenove diciannove unnis उन्नीस',
  20: 'twenty veinte vingt zwanzig vinte venti yirmi عشرين عشرون बीस bees',
  25: 'veinticinco vingtcinq fünfundzwanzig venticinque पच्चीस pachees',
  30: 'thirty treinta trente dreißig trinta trenta otuz ثلاثين तीस tees',
  40: 'forty cuarenta quarante vierzig quarenta quaranta kırk اربعين चालीस chalis chaalees',
  50: 'fifty cincuenta cinquante fünfzig cinquenta cinquanta elli خمسين पचास pachas pachaas',
  60: 'sixty sesenta soixante sechzig sessenta sessanta altmış ستين साठ saath',
  70: 'seventy setenta siebzig settanta yetmiş سبعين सत्तर sattar',
  80: 'eighty ochenta achtzig oitenta ottanta seksen ثمانين अस्सी assi',
  90: 'ninety noventa neunzig novanta doksan تسعين नब्बे nabbe',
  100: 'hundred cien ciento cent cents hundert einhundert cem cento seratus ratus yüz مئة مية مائة सौ sau',
  200: 'doscientos doscientas zweihundert duzentos duecento مئتين',
  300: 'trescientos trescientas dreihundert trezentos trecento',
  400: 'cuatrocientos vierhundert quatrocentos quattrocento',
  500: 'quinientos quinientas fünfhundert quinhentos cinquecento',
  1000: 'thousand mil mille tausend eintausend mila seribu ribu الف آلاف हज़ार हजार hazaar hazar',
  100000: 'lakh lac लाख',
  1000000: 'million millón millones milhão millionen milioni juta milyon مليون',
};
const VALUES = new Map(
  Object.entries(BY_VALUE).flatMap(([value, words]) =>
    words.split(' ').map((word) => [foldedWord(word), Number(value)]),
  ),
);
const ALSO = new Set(['and', 'y', 'e', 'et', 'und', 'و']);

/** A number in words that ends where it says. */
export interface Worded {
  start: number;
  end: number;
  value: number;
}

/** The value of one word; undefined for words that are no number. */
export const valueOfWord = (word: string): number | undefined => VALUES.get(word);

/** The longest number in words that begins with a word. */
export function wordedFrom(reading: Reading, first: number): Worded | undefined {
  const words: Word[] = [];
  for (let at = first; words.length < 8; at += 1) {
    const word = reading.words[at];
    const joined = words.length === 0 || /^[\s-]*$/.test(reading.text.slice(words.at(-1)?.end, word?.start));
    if (!word || !joined || !(VALUES.has(word.word) || (words.length > 0 && ALSO.has(word.word)))) break;
    words.push(word);
  }
  while (words.length > 0 && ALSO.has(words.at(-1)?.word ?? '') && !VALUES.has(words.at(-1)?.word ?? '')) words.pop();
  const [start, end] = [words[0]?.start, words.at(-1)?.end];
  if (start === undefined || end === undefined) return undefined;
  return { start, end, value: sumOf(words.flatMap(({ word }) => VALUES.get(word) ?? [])) };
}

function sumOf(values: readonly number[]): number {
  let total = 0;
  let group = 0;
  for (const value of values) {
    if (value >= 1000) {
      total += Math.max(group, 1) * value;
      group = 0;
    } else if (value === 100) group = Math.max(group, 1) * 100;
    else group += value;
  }
  return total + group;
}
