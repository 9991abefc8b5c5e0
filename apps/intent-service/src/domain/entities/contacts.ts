import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import { spansOf, STRENGTH, type Found } from './entity.js';
import { namedBefore } from './labels.js';
import { Vocabulary, type Reading } from './reading.js';

const EMAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const INTERNATIONAL = /(?<![\p{L}\d])(?:\+|00(?=[1-9]))\d(?:[ ().-]{0,2}\d){6,14}(?!\d)/gu;
/** National numbers: long runs of digits, or groups of them with the separators people use. */
const NATIONAL =
  /(?<![\p{L}\d#/.,-])\(?\d{2,5}\)?(?:[ ./-]{1,2}\d{2,8}){1,5}(?![\p{L}\d/-]|[.,]\d)|(?<![\p{L}\d#/.,-])\d{9,12}(?![\p{L}\d/-]|[.,]\d)/gu;
const CALLING =
  new Vocabulary(`call cll ring phone tel* telf mobile cell number whatsapp wsp llam* llám* telef* tlf celular móvil ligue liga ligar ligar appel* rapel*
  appelle numéro anruf* handy* rückruf* ruf nummer chiam* telefon* hubungi telepon nomor hp ara arayın numara* اتصل رقم* رقمي هاتف* جوال कॉल काल फोन नंबर नम्बर नंबर
  kol phon fon contact contacto sms text no num números numero`);

/** E-mail addresses. */
export function emailsIn({ text }: Reading): Found[] {
  if (!text.includes('@')) return [];
  return spansOf(EMAIL, text).map(({ start, end }) => ({
    type: 'email',
    start,
    end,
    value: text.slice(start, end).toLowerCase(),
    strength: STRENGTH.written,
  }));
}

/** Phone numbers, as E.164 where their country is told or set; national ones count where the message is about calling or their groups say so. */
export function phonesIn(reading: Reading, country: string | undefined): Found[] {
  const { text } = reading;
  if (!/\d/.test(text)) return [];
  const international = spansOf(INTERNATIONAL, text).map((span) => {
    const digits = text.slice(span.start, span.end).replace(/\D/g, '').replace(/^00/, '');
    const isPlus = text[span.start] === '+';
    return phone(
      span,
      parsed(`+${digits}`, undefined) ?? `+${digits}`,
      isPlus ? STRENGTH.international : STRENGTH.counted,
    );
  });
  const about = reading.mentions(CALLING);
  const national = spansOf(NATIONAL, text).flatMap((span): Found[] => {
    const written = text.slice(span.start, span.end);
    const digits = written.replace(/\D/g, '');
    const called = namedBefore(reading, span)?.label === 'phone';
    if (
      digits.length < (called || (about && /\D/.test(written)) ? 7 : 9) ||
      digits.length > 13 ||
      /^\d{4}[-/.]\d{2}/.test(written)
    )
      return [];
    const strength = called
      ? STRENGTH.named + 1
      : about || /\D/.test(written)
        ? STRENGTH.shaped
        : digits.length === 10
          ? STRENGTH.guessed + 1
          : STRENGTH.barelyGuessed;
    return [phone(span, parsed(digits, country) ?? digits, strength)];
  });
  return [...international, ...national];
}

function phone({ start, end }: { start: number; end: number }, value: string, strength: number): Found {
  return { type: 'phone', start, end, value, strength };
}

function parsed(digits: string, country: string | undefined): string | undefined {
  if (!country && !digits.startsWith('+')) return undefined;
  const number = parsePhoneNumberFromString(digits, country as CountryCode | undefined);
  return number?.isPossible() ? number.number : undefined;
}
