import { parseMessage } from '../src/app.module.js';

describe('understanding', () => {
  const parser = parseMessage();

  it.each([
    ['Track order 1234', 'track_order', '1234'],
    ['hi there, could you tell me where SO-10023 has got to?', 'track_order', 'SO-10023'],
    ['¿Me pueden decir dónde va el pedido WEB/2026/00081?', 'track_order', 'WEB/2026/00081'],
    ['oi, cadê o meu pedido 55-A', 'track_order', '55-A'],
    ['Bonjour, où en est la commande #A1B2 ?', 'track_order', 'A1B2'],
    ['Guten Tag, wo bleibt denn meine Bestellung 48213?', 'track_order', '48213'],
    ['أين طلبي رقم ١٢٣٤', 'track_order', '1234'],
    ['मेरा ऑर्डर १२३४ कहाँ है', 'track_order', '1234'],
    ['tolong lacak pesanan saya 700412', 'track_order', '700412'],
    ['please cancel order 1250', 'cancel_order', '1250'],
    ['Ich möchte die Bestellung 1250 stornieren', 'cancel_order', '1250'],
    ['quiero hablar con una persona', 'talk_to_human', undefined],
    ['show me my orders', 'list_orders', undefined],
    ['STOP', 'opt_out', undefined],
    ['START', 'opt_in', undefined],
    ['hola', 'greeting', undefined],
    ['vielen Dank!', 'thanks', undefined],
    ['1234', 'track_order', '1234'],
    ['Where is order 77 88 99?', 'track_order', '77 88 99'],
    ['où est ma commande 1 234', 'track_order', '1 234'],
    ['Track order 55 A', 'track_order', '55 A'],
    ['77 88 99', 'track_order', '77 88 99'],
    ['Track order 123-456-7890', 'track_order', '123-456-7890'],
  ])('%s', (text, intent, order) => {
    const answer = parser.run({ text });
    expect(answer.intent).toBe(intent);
    expect(answer.entities.find(({ type }) => type === 'order_number')?.value).toBe(order);
  });

  it.each(['cancel', 'end', 'fin', 'Ende', 'cancelar'])('does not take the shop word "%s" for an opt-out', (text) => {
    expect(parser.run({ text }).intent).not.toBe('opt_out');
  });

  it.each(['x', '1', '#', '1 ', 'a@', 'order ', '1.', '+1 ', '\u0660'])(
    'gets through a million characters of %j',
    (part) => {
      const text = `Track order 1234 ${part.repeat(1_000_000 / part.length)}`;
      expect(parser.run({ text: `${text} SO-10023` }).entities.some(({ value }) => value === 'SO-10023')).toBe(false);
    },
  );

  it('gives offsets into the original text, without the # before a number', () => {
    const text = 'Where is #A1B2 now?';
    const [entity] = parser.run({ text }).entities;
    expect(text.slice(entity?.start, entity?.end)).toBe('A1B2');
  });

  it.each([
    'call me at +49 170 1234567',
    'I paid $1200 for it',
    'it cost 49,90 €',
    'since 22/11/2026',
    'my card is 4111 1111 1111 1111',
    'my card is 4111111111111111',
    'at 16:30',
    'call me at 123-456-7890',
    'I have 12 34 at home',
    'after 100 days',
    'mail me: anna1984@example.com',
  ])('finds no order number in "%s"', (text) => {
    expect(parser.run({ text }).entities.filter(({ type }) => type === 'order_number')).toEqual([]);
  });

  it.each([
    ['my rating is 4 out of 5', 'rating', '4'],
    ['ich gebe euch eine 3', 'rating', '3'],
    ['تقييمي ٥', 'rating', '5'],
    ['please speak Spanish', 'language', 'es'],
    ['auf Französisch bitte', 'language', 'fr'],
    ['German', 'language', 'de'],
    ['¿Español?', 'language', 'es'],
    ['हिन्दी', 'language', 'hi'],
    ['بالإنجليزية من فضلك', 'language', 'en'],
    ['speak Korean please', 'language', undefined],
    ['10/10', 'rating', undefined],
    ['⭐⭐⭐⭐', 'rating', '4'],
    ['⭐️⭐️ only', 'rating', '2'],
    ['★★★★★★', 'rating', undefined],
    ['Where is my order 4?', 'rating', undefined],
  ])('reads "%s" for a %s: %s', (text, type, value) => {
    expect(parser.run({ text }).entities.find((entity) => entity.type === type)?.value).toBe(value);
  });

  it.each([
    ['Where is my order please', 'en'],
    ['¿Dónde está mi pedido?', 'es'],
    ['Onde está o meu pedido?', 'pt'],
    ['Où est ma commande ?', 'fr'],
    ['Wo ist meine Bestellung?', 'de'],
    ['أين طلبي من فضلك', 'ar'],
    ['मेरा ऑर्डर कहाँ है', 'hi'],
    ['di mana pesanan saya', 'id'],
    ['Track order 1234', ''],
    ['maya@example.com', ''],
    ['my new one is maya.chen@example.com', 'en'],
    ['https://northwind.example/orders/my-order-is-late', ''],
    ['www.northwind.com.br shop.example.de', ''],
    ['SO-10023 AB-12-CD-34', ''],
    ['WEB/2026/00081', ''],
    ['+49 170 1234567', ''],
    ['TRX-500-B, iPhone, McDonald, NASA', ''],
    ['WO IST MEINE BESTELLUNG', 'de'],
  ])('is certain of the language of "%s": %s', (text, expected) => {
    const { language, languageCertain } = parser.run({ text });
    expect(languageCertain ? language : '').toBe(expected);
  });

  it.each([
    ['pesanan saya', 'id'],
    ['merci bien', 'fr'],
    ['çok sağol', 'tr'],
    ['schönen Tag', 'de'],
    ['buonasera', 'it'],
    ['شكرا', 'ar'],
    ['order 1234', 'en'],
    ['maya@example.com', ''],
    ['🙂 1234', ''],
  ])('guesses the language of "%s" without being certain: %s', (text, language) => {
    expect(parser.run({ text })).toMatchObject({ language, languageCertain: false });
  });

  it.each([
    ['rating', 'muy bien', 'csat_rating'],
    ['rating', 'quite good', 'csat_rating'],
    ['rating', 'where is my order 1234', 'track_order'],
    ['rating', 'I want to talk to a person', 'talk_to_human'],
    ['confirm', 'go ahead', 'affirm'],
    ['confirm', 'better not', 'deny'],
    ['confirm', 'where is my order 1234', 'track_order'],
  ])('hears, when asked for a %s, "%s" as %s', (context, text, intent) => {
    expect(parser.run({ text, context }).intent).toBe(intent);
  });

  it('has probabilities that add up to no more than one, whatever was asked', () => {
    for (const context of ['', 'rating', 'confirm', 'order', 'constructor']) {
      const { confidence, alternatives } = parser.run({ text: 'ok thanks, great', context });
      const sum = alternatives.reduce((total, other) => total + other.confidence, confidence);
      expect(sum).toBeGreaterThan(0.5);
      expect(sum).toBeLessThan(1.000001);
      expect(alternatives.every((other) => other.confidence <= confidence)).toBe(true);
    }
  });

  it('never gives a probability outside 0 to 1', () => {
    for (const text of ['', ' ', '🙂', '\u0000', '\ud800', 'a'.repeat(4096), '1'.repeat(4096)]) {
      const { confidence } = parser.run({ text });
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });
});
