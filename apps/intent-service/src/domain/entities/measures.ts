import { NOTHING, spansOf, STRENGTH, type Found } from './entity.js';
import { wordedFrom, valueOfWord } from './number-words.js';
import { foldedWord, Vocabulary, type Reading } from './reading.js';

/** Units that make a number a size or a duration: nothing that flows ask for, and never a number of an order. */
const MEASURES = `% ° kg g gr gm gms mg ml cl l lt ltr litre litres liter litro litros litern liters litri mm cm m mt mtr metre metres metros metro
  mètres meter metri km m² m2 qm sqm inch inches zoll pulgadas polegadas pouces pollici ft feet v volt volts w kw watt watts vatios kva ah mah amp hp
  gb tb mb mhz ghz fps dpi hz k px lb lbs oz days day dys dy d weeks week wks months month years year yrs yr yo hours hour hrs hr h minutes minute mins min
  seconds día días dia dias semana semanas hora horas mes meses mês año años anos ano minuto minutos jour jours semaine semaines heure heures mois
  ans tag tage tagen woche wochen stunde stunden std monat monate monaten jahr jahre jahren giorno giorni settimana settimane ora ore mese mesi anno anni
  gün gun hafta saat ay yıl dakika hari minggu bulan jam tahun menit أيام يوم ساعة ساعات أسبوع أسابيع شهر أشهر سنة دقيقة दिन दिनों घंटे घंटा हफ्ते हफ़्ते महीने साल
  मिनट din dino ghante hafte mahine saal percent prozent pourcent porciento işgünü mph kmh calories cal bar psi fold mal fois veces vezes times volte kat kez kere kali
  stars star estrellas estrelas étoiles sterne stelle yıldız bintang نجوم floor etage km/h इंच किलो लीटर मीटर वाट वोल्ट जीबी`;
/** Units and things that are counted: their number is a quantity. */
const COUNTED = `pcs pc pz pzas pza piece pieces piezas pieza pièces pièce peças pecas peça stück stueck stk st pezzi pezzo adet tane buah biji
  lembar unit units uds ud unidades unidad unités unité unidade einheiten unità kodi boxes box cajas caja cartons carton kartons karton caixas caixa
  packs pack packets packet paquetes paquete bottles bottle botellas copies copy pairs pair pares par paires paire dozen docenas docena dúzias cases bags bag
  sacs sacos bolsas items item articles artículos artigos artikel nag पीस नग अदद डिब्बे पैकेट قطعة قطع حبة حبات علبة علب kpl`;
const PEOPLE =
  'people persons person adults adult kids children guests pax personas personen personnes pessoas persone kişi orang أشخاص लोग लोगों';
const list = (words: string): string =>
  words
    .split(/\s+/)
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^$()|/]/g, String.raw`\$&`))
    .join('|');
const NUMBER = String.raw`(?<![\p{L}\d#/.,-])(\d{1,9}(?:[.,]\d{1,3}){0,3})`;
const UNIT = new RegExp(
  String.raw`${NUMBER}(?: ?|-(?=\p{L}{3}))(?:(?<!\d{6} ?)(?:${list(MEASURES.replace(/(?<=\s)\p{L}(?=\s)/gu, ''))})|(?<!\d{4} ?)[dghklmvw])(?![\p{L}\p{M}\d])`,
  'giu',
);
const COUNT = new RegExp(String.raw`${NUMBER} ?(?:(?:${list(COUNTED)})|(${list(PEOPLE)}))(?![\p{L}\p{M}\d/])`, 'giu');
/** "x3", "qty 3", "cantidad: 15". */
const NAMED =
  /(?<![\p{L}\p{M}\d])(?:x(?=\d{1,2}(?!\d))|(?:qty|quantity|cantidad|quantidade|quantité|menge|anzahl|quantità|jumlah|adet|मात्रा|الكمية)[:= ]{0,3}(?:is|to|de|of|zu|auf)? ?)(\d{1,6})(?![\p{L}\d.,/-]\d?)/giu;
/** What codes and numbers of other kinds look like: 205/55 R16, 5W30, 32/34, 60x60, 3-5, 10.0.0.1, v2.3, #ff0000. */
const SHAPES =
  /(?<![\p{L}\d-])(?:\d{3}\/\d{2} ?(?:z?r ?\d{2})?(?![\d/-])|\d{1,2}w-?\d{2}(?!\d)|\d{2}\/\d{2}(?![\d/-])|\d{1,4}(?:[.,]\d{1,2})? ?[x×] ?\d{1,4}(?![\d])|\d{1,2} ?[-–] ?\d{1,2}(?![\p{L}\d/-])|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|[a-f]\d{1,2}(?![\p{L}\d-]))/giu;
/** "6/10", "4.5/5", "10 on 10", "3 out of 5". */
const GRADES =
  /(?<![\p{L}\d#/.,-])(\d{1,2}(?:[.,]\d)?)(?: ?\/ ?| out of | on | of | sur | von | de | em | su | dari | üzerinden | من | में से )(?:5|10)(?![\p{L}\d/.-])/giu;
/** The sides of a street and a year are no numbers of an order either, unless they are called one. */
const YEARS = /(?<![\p{L}\d#/.-])(?:19[5-9]|20[0-4])\d(?:[-–/](?:\d{2}|20\d{2}))?(?![\p{L}\d/.-]\d?)/gu;
const LINKS =
  /(?:https?:\/\/|www\.)[^\s]{1,300}|(?<![\p{L}\d.@-])[\p{L}\d-]{2,40}\.(?:com|net|org|ly|io|xyz|info|be|co)(?:\/[^\s]{0,200})?/giu;

/** Numbers of houses: after the name of a street, or before one. */
const HOUSES = [
  /(?<=(?:^|[\s,:])(?:av|avenida|avenue|calle|rua|rue|carrera|jalan|jl|via|viale|rodovia|boulevard|bd|allée|travessa|paseo)\.? [^\d\n,.;:!?]{2,30}[ ,]{1,2})\d{1,5}[a-z]?(?![\p{L}\d-])/giu,
  /(?<=(?:str(?:aße|asse)?\.?|gasse|weg|platz|allee|ring|chaussee|damm) )\d{1,4}[a-z]?(?![\p{L}\d-])/giu,
  /(?<![\p{L}\d#/-])\d{1,5}[a-z]?(?= (?:[\p{L}']{2,20} ){1,2}(?:st|street|road|rd|ave|avenue|lane|ln|drive|dr|blvd|court|ct|close|sokak|caddesi)(?![\p{L}\d]))/giu,
  /(?<![\p{L}\d#/-])\d{1,4}(?=,? (?:rue|avenue|boulevard|place|impasse|chemin|allée)(?!\p{L}))/giu,
];

const nothing = (pattern: RegExp, text: string, strength: number): Found[] =>
  spansOf(pattern, text).map(({ start, end }) => ({ type: NOTHING, start, end, value: '', strength }));

/** Numbers that measure, grade, date or address something: they keep others from taking them for more. */
export function measuresIn({ text }: Reading): Found[] {
  if (!/\d/.test(text)) return [];
  return [
    ...nothing(LINKS, text, STRENGTH.written),
    ...nothing(GRADES, text, STRENGTH.money),
    ...nothing(UNIT, text, STRENGTH.money),
    ...nothing(SHAPES, text, STRENGTH.counted),
    ...HOUSES.flatMap((pattern) => nothing(pattern, text, STRENGTH.shaped + 1)),
    ...nothing(YEARS, text, STRENGTH.counted),
  ];
}

/** How many of something: digits with a unit, with "x" or after "qty", and numbers in words before a unit. */
export function quantitiesIn(reading: Reading): Found[] {
  const { text } = reading;
  const found = /\d/.test(text) ? [...counted(text), ...named(text), ...beforeThings(reading)] : [];
  reading.words.forEach(({ word }, at) => {
    if (valueOfWord(word) === undefined) return;
    const number = wordedFrom(reading, at);
    const next = number ? reading.words[reading.wordAt(number.end)] : undefined;
    if (!number || !next || !UNITS.has(next.word) || text.slice(number.end, next.start) !== ' ') return;
    found.push({
      type: 'quantity',
      start: number.start,
      end: number.end,
      value: String(number.value),
      strength: STRENGTH.counted,
    });
  });
  return found;
}

const UNITS = new Set(
  `${COUNTED} ${PEOPLE}`
    .split(/\s+/)
    .filter((word) => word.length > 2)
    .map(foldedWord),
);

/** Words after a number that are not what it counts. */
const NO_THING =
  new Vocabulary(`de del da do la el en on of for to the and y und et e ka ki ke ko hai not nao no nein nicht is was but pero mas mais por para pra per with con com mit
  please pls plz bitte svp porfa por jan feb mar apr may jun jul aug sep oct nov dec st rd ave street road avenue percent am pm uhr baje बजे तारीख का की के को में है नहीं से stars star of out
  que qui porque weil because instead statt at in or oder ou o si if when we i you it they he she are were una un una las los les`);

/** "3 tortas", "20 focos": the weakest reading of a number, for no other finder wants it. */
function beforeThings({ text, words }: Reading): Found[] {
  return words.flatMap(({ word, start, end }, at): Found[] => {
    const next = words[at + 1];
    if (!/^\d{1,3}$/.test(word) || !next || text.slice(end, next.start) !== ' ' || next.word.length < 3) return [];
    if (
      /[\p{L}\d#/.,:$€£₹+-]$/u.test(text.slice(Math.max(0, start - 1), start)) ||
      /\d/.test(next.word) ||
      NO_THING.has(next.word)
    )
      return [];
    return [{ type: 'quantity', start, end, value: String(Number(word)), strength: 10 }];
  });
}

function counted(text: string): Found[] {
  return spansOf(COUNT, text).map(({ start, end, groups: [, number = '', people] }) => ({
    type: 'quantity',
    start,
    end: people ? end : start + number.length,
    value: number.replace(/[.,](?=\d{3})/g, '').replace(',', '.'),
    strength: STRENGTH.money,
  }));
}

function named(text: string): Found[] {
  return spansOf(NAMED, text).map(({ end, groups: [, number = ''] }) => ({
    type: 'quantity',
    start: end - number.length,
    end,
    value: number,
    strength: STRENGTH.money,
  }));
}
