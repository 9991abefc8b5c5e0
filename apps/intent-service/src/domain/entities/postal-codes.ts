import { spansOf, STRENGTH, type Found } from './entity.js';
import { namedBefore } from './labels.js';
import { Vocabulary, type Reading } from './reading.js';

const CODE =
  /(?<![\p{L}\d#/.,-])(?:\d{4,6}|\d{5}-\d{3}|\d{4}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d{4}[A-Z]{0,3})(?![\p{L}\d/]|[.,-]\d)/giu;
const BRITISH = /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i;
const BRAZIL = /^\d{5}-\d{3}$/;
/** Words right before a place that something is brought to: "deliver to 560034", "nach 8010", "Lieferung in 80331". */
const PLACE = new Vocabulary('to nach in para a à au en ke di');
/** Words before a code of a town. */
const TOWARDS = new Vocabulary('nach in a à au en auf para');
const ADDRESS =
  new Vocabulary(`address adress* adres* addres* dirección direccion endereço endereco anschrift alamat indirizzo عنوان* पता pata rue street strasse str straße avenida calle rua
  rue allee weg platz gasse deliver* dliver* delivery ship* livr* liefer* entreg* envío envio envían enviais envian mudei move moved umziehen umleit* umzug packstation sede domicilio morada livraison baustelle plot postage frete spedite kirim teslimat
  डिलीवरी डिलिवरी होम ongkir`);
/** Words beside a code that make it the code of a place: "deliver in 560102", "110092 में डिलीवरी". */
const AREA = new Vocabulary(
  'area me mein में क्षेत्र zone zona region location se par पर is es ist muss c est sein debe ser falsch wrong incorrecto',
);
const CALLED = new Vocabulary(
  'zip zipcode postcode postal postale postl pin pincode pincod postleitzahl cep cp cap kodepos पिन पिनकोड البريدي',
);
/** A place goods go to is asked for without a name of its code: "delivery available at 500060". */
const REACHED = new Vocabulary('deliverable available availability serviceable delivery deliver डिलीवरी');
const ABOUT_ONE = new Vocabulary('cancel track status where refund return kab kahan wapas confirm change');
const ELSEWHERE = new Vocabulary('order orden pedido commande bestellung auftrag encomenda ऑर्डर');

/** Postal codes: called one, shaped like no other number, or before a town where goods or people go. */
export function postalCodesIn(reading: Reading): Found[] {
  const { text } = reading;
  if (!/\d/.test(text)) return [];
  const calls = reading.mentions(CALLED);
  const calledAny = calls && spansOf(CODE, text).some((span) => namedBefore(reading, span)?.label === 'postal');
  const addressed = calls || reading.mentions(ADDRESS);
  return spansOf(CODE, text).flatMap(({ start, end }): Found[] => {
    const written = text.slice(start, end);
    const named = namedBefore(reading, { start, end });
    const found = (strength: number): Found[] => [
      { type: 'postal_code', start, end, value: written.toUpperCase(), strength },
    ];
    if (named?.label === 'postal' || /(?:PLZ|Plz):? ?$/.test(text.slice(Math.max(0, start - 6), start)))
      return found(STRENGTH.named + 1);
    if (BRITISH.test(written) && /[A-Z]$/i.test(written))
      return addressed ? found(STRENGTH.shaped) : found(STRENGTH.guessed);
    if (BRAZIL.test(written)) return found(STRENGTH.shaped);
    if (/^\D/.test(written) || (named?.label === 'order' && named.tight)) return [];
    const before = reading.words[reading.wordAt(start) - 1];
    if (!addressed && !/^ \p{Lu}|^\D*$/u.test(text.slice(end))) return [];
    if (calls && !calledAny && !(named?.label === 'order' && named.tight)) return found(STRENGTH.shaped);
    const house =
      /(?<!\d)(\d{1,3})[a-z]?[ ,][^.!?:;\d]{0,45}$/i.test(text.slice(Math.max(0, start - 55), start)) &&
      !reading.words
        .slice(Math.max(0, reading.wordAt(start) - 2), reading.wordAt(start))
        .some(({ word }) => ELSEWHERE.has(word));
    const next = reading.words[reading.wordAt(end)]?.word ?? '';
    const area =
      (written.length === 6 || (addressed && written.length === 5)) &&
      (AREA.has(next) || AREA.has(before?.word ?? '')) &&
      !reading.mentions(ELSEWHERE);
    const reached =
      written.length === 6 && reading.mentions(REACHED) && !reading.mentions(ELSEWHERE) && !reading.mentions(ABOUT_ONE);
    if (reached || area || (house && (written.length > 4 || /^ \p{L}{4}/u.test(text.slice(end, end + 6)))))
      return found(STRENGTH.shaped);
    const comma =
      addressed && /,\s*$/.test(text.slice(0, start)) && /\d/.test(text.slice(Math.max(0, start - 25), start));
    const capital = /^ \p{Lu}\p{Ll}+/u.test(text.slice(end, end + 20));
    const town = addressed && capital && written.length > 4;
    const brought =
      addressed && before && PLACE.has(before.word) && text.slice(before.end, start) === ' ' && written.length > 4;
    const abroad =
      before &&
      TOWARDS.has(before.word) &&
      (capital || before.word === 'nach') &&
      text.slice(before.end, start) === ' ';
    if (comma || town || abroad) return found(STRENGTH.shaped);
    return brought && !reading.mentions(ELSEWHERE) ? found(STRENGTH.nearlyNamed + 3) : [];
  });
}
