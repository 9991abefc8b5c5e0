import { NOTHING, spansOf, STRENGTH, type Found } from './entity.js';
import { valueOfWord, wordedFrom } from './number-words.js';
import { Vocabulary, type Reading } from './reading.js';

/** What currencies are called; the bare dollar and pound are what most customers mean by them. */
const CURRENCIES: Record<string, string> = {
  EUR: '€ eur euro euros eurs يورو यूरो avro',
  USD: '$ us$ usd dollar dollars dólar dólares dolares dolar dollari dólares bucks دولار डॉलर',
  GBP: '£ gbp pound pounds quid libras livres',
  INR: '₹ inr rs rs. rupee rupees rupaye rupay rupaiye rupe rupiya रुपये रुपए रुपया रुपे रु',
  BRL: 'r$ brl reais real conto contos pila',
  IDR: 'rp rp. idr rupiah perak',
  TRY: '₺ try tl lira liralık',
  MXN: 'mxn varos',
  ARS: 'ars',
  COP: 'cop',
  CLP: 'clp lucas luca',
  PEN: 's/ s/. pen soles sol',
  SAR: 'sar ريال riyal riyals',
  AED: 'aed درهم dirham dirhams',
  EGP: 'egp جنيه',
  MAD: 'mad dh dhs',
  AOA: 'kz kwanza kwanzas aoa',
  NGN: '₦ ngn naira',
  KES: 'ksh kes',
  ZAR: 'zar rand',
  CHF: 'chf franken fr. sfr',
  CAD: 'cad c$',
  AUD: 'aud a$',
  SGD: 'sgd s$',
  JPY: '¥ jpy yen',
  '': 'peso pesos',
};
const BY_NAME = new Map(
  Object.entries(CURRENCIES).flatMap(([code, names]) => names.split(' ').map((name) => [name, code] as const)),
);
const escaped = (name: string): string => name.replace(/[.$/]/g, String.raw`\$&`);
const NAMES = [...BY_NAME.keys()].sort((a, b) => b.length - a.length).map(escaped);
/** Currencies people put first; most words of one are put last. */
const FIRST = [...BY_NAME.keys()]
  .filter(
    (name) =>
      /[^\p{L}.]/u.test(name) ||
      /^(?:rs|rp|inr|usd|eur|gbp|brl|idr|aed|sar|chf|tl|ngn|ksh|kes|aud|cad|sgd|dh|mxn)\.?$/.test(name),
  )
  .sort((a, b) => b.length - a.length)
  .map(escaped);
const NUMBER = String.raw`\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,'’]\d+)*`;
const SCALES: Record<string, number> = {
  k: 1e3,
  mil: 1e3,
  mila: 1e3,
  rb: 1e3,
  ribu: 1e3,
  bin: 1e3,
  jt: 1e6,
  juta: 1e6,
  lakh: 1e5,
  lac: 1e5,
  लाख: 1e5,
  हज़ार: 1e3,
  हजार: 1e3,
  hazar: 1e3,
  hazaar: 1e3,
  millones: 1e6,
  million: 1e6,
  millions: 1e6,
  milhões: 1e6,
  lucas: 1e3,
  luca: 1e3,
};
const SCALE = `(?: ?(${Object.keys(SCALES).join('|')})(?![\\p{L}\\p{M}\\d]))?`;
const END = String.raw`(?![\p{L}\p{M}\d])`;
const BEFORE = new RegExp(
  String.raw`(?<![\p{L}\p{M}])(${FIRST.join('|')}) ?(${NUMBER})${SCALE}(?:[-–]{1,2}(?!\d))?`,
  'giu',
);
const AFTER = new RegExp(
  String.raw`(?<![\p{L}\p{M}\d.,/#-])(${NUMBER})${SCALE}(?: de)? ?(?:(${NAMES.join('|')})(?![\p{L}\p{M}])|-(?= |$))`,
  'giu',
);
const SHORT = new RegExp(String.raw`(?<![\p{L}\p{M}\d.,/#-])(${NUMBER})(?: ?(k|mil|ribu|rb|lucas)${END})`, 'giu');
const CENTS =
  /(?<![\p{L}\d.,:/#-])(\d{1,3}(?:[.,]\d{3})*[.,]\d{2})(?![\p{L}\d%:/]|[.,-]\d| ?(?:m|cm|mm|kg|g|l|x|h|km|°|%)(?!\p{L}))/giu;
const PLAIN = /(?<![\p{L}\d.,:/#-])(\d{1,3}(?:[.,]\d{3})+|\d{2,7})(?![\p{L}\d%:/]|[.,-]\d)/gu;

/** Words right before a number that is money: "paid 390", "cobraron 150". */
const MONEY =
  new Vocabulary(`paid pay pago pague pagué pagamos paguei pagado payé paye bezahlt gezahlt zahlte charged chrgd cobraron cobrarn
  cobrado cobraram cobrei débité debite prélevé abgebucht total amount monto montant betrag valor importe refunded reembolsaron reembolsem
  devuelvan debuelvan devolvam regresen estornaram depositei deposité transferí transferi trasferensia transferencia transfer überwiesen
  cargo cobro cobrança costaba costó costo cuesta custou custa kostet coûté coute price precio preço prix preis prezzo
  harga fiyat tutar pagato addebitato bayar dibayar ödedim دفعت المبلغ مبلغ سعر काटे कटे कटा दिया diya diye kata kate kaata charge charged
  bill debited debit debited kat bole upi pix of de por i os mis was wallet bola aaye mera`);
const SURE_MONEY =
  new Vocabulary(`paid pagué pague paguei pagamos payé bezahlt charged chrgd cobraron cobrarn cobrado cobraram débité abgebucht
  total amount monto montant betrag importe devuelvan debuelvan regresen estornaram depositei deposité transferí costó custou kostet coûté addebitato
  bayar ödedim دفعت المبلغ مبلغ debited trasferensia`);
const TALK =
  new Vocabulary(`paid pay payment payments payement charge* chrg* cobr* cobro* cargo* débit* debit* prélèvement* abgebucht abbuch* refund* rfnd
  reembols* reintegr* devuelv* debuelv* devolv* rembours* erstatt* rückerstatt* rimbors* iade total monto montant betrag amount cost* cuesta cust* prix price
  precio preço preis harga fiyat invoice bill statement pag* zahl* bayar estorn* dinero dinheiro dineiro argent geld money cash upi pix transfer* wire*
  überw* ödem* दफ़ा पैसे पैसा भुगतान مبلغ دفعت خصم فلوس استرداد extra roubo wrong valor factur* fatur*`);
const GLUE = new Vocabulary(
  'is was of de por the el la los las mis meus eran eram era es me a i only solo só just nur der die les mes um uns een den',
);

/** A number as people write it, as a decimal string: "1.249,00" and "1,249.00" are 1249.00, "35.900" is 35900. */
export function decimalOf(written: string, scale = 1): string {
  const bare = written.replace(/[ \u00a0\u202f'’]/g, '');
  const cents = /[.,](\d{1,2})$/.exec(bare);
  const whole = (cents ? bare.slice(0, cents.index) : bare).replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
  if (scale === 1) return cents ? `${whole}.${(cents[1] ?? '').padEnd(2, '0')}` : whole;
  const exact = Number(cents ? `${whole}.${cents[1] ?? ''}` : whole) * scale;
  return String(Math.round(exact));
}

/** Codes and coins that are everyday words when they are not written in capitals. */
const CAPITALS_ONLY = new Set([
  'try',
  'pen',
  'mad',
  'cop',
  'cad',
  'sar',
  'real',
  'zar',
  'rand',
  'sol',
  'pila',
  'livres',
  'ars',
  'clp',
  'perak',
]);
/** What a sum should have been: "charged $78 but the total was 58". */
const INSTEAD =
  /(?<=instead of |but i paid |em vez de |mas eram? |au lieu de |statt |en lugar de |en vez de |me cargaron |invece di |की जगह |duplicado de )(\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d{2})?)(?![\p{L}\d.,/-]\d?)/giu;

const withCurrency = (value: string, currency: string): string => (currency ? `${value} ${currency}` : value);
const scaleOf = (name: string | undefined): number => (name ? (SCALES[name.toLowerCase()] ?? 1) : 1);
const codeOf = (name: string | undefined): string => BY_NAME.get((name ?? '').toLowerCase()) ?? '';

function money(span: { start: number; end: number }, value: string, strength: number = STRENGTH.money): Found {
  return { type: 'amount', start: span.start, end: span.end, value, strength };
}

/** Sums of money: with a currency, in words with one, and bare ones where the message says that they are money. */
export function amountsIn(reading: Reading): Found[] {
  const { text } = reading;
  const found = inWords(reading);
  if (!/\d/.test(text)) return found;
  for (const span of spansOf(BEFORE, text)) {
    const [, currency, number = '', scale] = span.groups;
    found.push(money(span, withCurrency(decimalOf(number, scaleOf(scale)), codeOf(currency))));
  }
  for (const span of spansOf(AFTER, text)) {
    const [, number = '', scale, currency] = span.groups;
    const thousands = /^lucas?$/i.test(currency ?? '') ? 1000 : 1;
    if (!currency || CAPITALS_ONLY.has(currency)) continue;
    found.push(money(span, withCurrency(decimalOf(number, scaleOf(scale) * thousands), codeOf(currency))));
  }
  return found.length > 0 || reading.mentions(TALK) ? [...found, ...bare(reading)] : found;
}

function bare(reading: Reading): Found[] {
  const { text } = reading;
  const cents = spansOf(CENTS, text).map((span) => money(span, decimalOf(span.groups[1] ?? ''), STRENGTH.counted));
  const short = spansOf(SHORT, text).map((span) =>
    money(span, decimalOf(span.groups[1] ?? '', scaleOf(span.groups[2])), STRENGTH.shaped),
  );
  const plain = spansOf(PLAIN, text).flatMap((span): Found[] => {
    let at = reading.wordAt(span.start) - 1;
    while (at >= 0 && GLUE.has(reading.words[at]?.word ?? '') && reading.wordAt(span.start) - at < 3) at -= 1;
    const { word, end } = reading.words[at] ?? { word: '', end: 0 };
    if (/[^\s]/.test(text.slice(reading.words[reading.wordAt(span.start) - 1]?.end, span.start))) return [];
    if (!MONEY.has(word) && !MONEY.has(reading.words[reading.wordAt(span.start) - 1]?.word ?? '')) return [];
    if (!SURE_MONEY.has(word) || /[^\s\p{L}\p{M}]/u.test(text.slice(end, span.start))) return [];
    const strength = (span.groups[1] ?? '').length < 5 ? STRENGTH.counted : STRENGTH.nearlyNamed;
    return [money(span, decimalOf(span.groups[1] ?? ''), strength)];
  });
  const others = spansOf(INSTEAD, text).map((span) => money(span, decimalOf(span.groups[0]), STRENGTH.nearlyNamed));
  return [...cents, ...short, ...plain, ...others];
}

/** "eighty dollars", "cento e vinte reais". */
function inWords(reading: Reading): Found[] {
  const { words, text } = reading;
  const found: Found[] = [];
  for (let at = 0; at < words.length; at += 1) {
    if (valueOfWord(words[at]?.word ?? '') === undefined || /\d/.test(words[at - 1]?.word ?? '')) continue;
    const number = wordedFrom(reading, at);
    if (!number) continue;
    const next = reading.wordAt(number.end);
    const unit = words[next];
    const name = unit ? text.slice(unit.start, unit.end).toLowerCase() : '';
    const code = BY_NAME.get(name);
    if (unit && !CAPITALS_ONLY.has(name) && code !== undefined && /^ $/.test(text.slice(number.end, unit.start))) {
      found.push(money({ start: number.start, end: unit.end }, withCurrency(String(number.value), code)));
    } else if (number.value >= 20 && SURE_MONEY.has(words[at - 1]?.word ?? '')) {
      found.push(money(number, String(number.value), STRENGTH.shaped));
    }
    at = Math.max(at, next - 1);
  }
  return found;
}

/** Cards: digits in groups or not that pass Luhn's check. */
export function cardsIn({ text }: Reading): Found[] {
  return spansOf(/(?<![\p{L}\d])\d(?:[ -]?\d){12,18}(?!\d)/gu, text)
    .filter(({ start, end }) => passesLuhn(text.slice(start, end).replace(/\D/g, '')))
    .map(({ start, end }) => ({ type: NOTHING, start, end, value: '', strength: STRENGTH.card }));
}

/** Whether a card could have these digits. */
export function passesLuhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
