import { normalise } from './normalise.js';
import { wordIn, WORDS } from './words.js';

describe('normalise', () => {
  it('folds case, accents, width and surrounding punctuation', () => {
    expect(normalise('  «ＡＲＲÊＴ!!!» ')).toBe('arret');
    expect(normalise('STRASSE')).toBe(normalise('straße'));
  });

  it('folds the Turkish dotted and dotless i', () => {
    expect(normalise('ABONELİKTEN ÇIK')).toBe(normalise('abonelikten çık'));
  });

  it('drops Arabic vowel signs, hamzas and tatweel', () => {
    expect(normalise('إِيقَـــاف')).toBe(normalise('ايقاف'));
  });

  it('keeps Devanagari vowel signs and unifies nukta and candrabindu', () => {
    expect(normalise('रोको')).not.toBe(normalise('रोकी'));
    expect(normalise('फ़ोन')).toBe(normalise('फोन'));
    expect(normalise('हाँ')).toBe(normalise('हां'));
  });

  it('drops joiners, direction marks and emoji', () => {
    expect(normalise('\u200fST\u200dOP\u200e 🛑\ufe0f')).toBe('stop');
  });
});

describe('words', () => {
  const cases = Object.entries(WORDS);

  it('cover ten languages', () => {
    expect(Object.keys(WORDS).sort()).toEqual(['ar', 'de', 'en', 'es', 'fr', 'hi', 'id', 'it', 'pt', 'tr']);
  });

  it.each(cases)('of %s are there for both', (_language, { stop, start }) => {
    expect(stop.length).toBeGreaterThan(0);
    expect(start.length).toBeGreaterThan(0);
  });

  it.each(cases)('of %s are recognised in any dress', (_language, { stop, start }) => {
    for (const word of stop) expect([word, wordIn(`  ${word.toUpperCase()}!! 🙏`)]).toEqual([word, 'stop']);
    for (const word of start) expect([word, wordIn(`${word}.`)]).toEqual([word, 'start']);
  });

  it('are recognised as whole messages only', () => {
    for (const text of ['stop order 1234', 'Please do not stop my order', 'start my return', 'stop?1', 'nonstop', '']) {
      expect([text, wordIn(text)]).toEqual([text, undefined]);
    }
  });

  it('include none that means something in a shop or a chat', () => {
    const shop = [
      'cancel',
      'cancel it',
      'end',
      'quit',
      'exit',
      'no',
      'cancelar',
      'fin',
      'alto',
      'alta',
      'detener',
      'remover',
    ];
    const more = [
      'annuler',
      'arrivé',
      'stornieren',
      'abbestellen',
      'ende',
      'إلغاء',
      'الغاء',
      'बंद',
      'रद्द',
      'cancel karo',
    ];
    const rest = [
      'batal',
      'batalkan',
      'iptal',
      'iade',
      'annulla',
      'basta',
      'yes',
      'ja',
      'sí',
      'oui',
      'ok',
      'menu',
      'help',
    ];
    const paid = [
      'baja',
      'dar de baja',
      'cancelar suscripción',
      'cancelar assinatura',
      'cancelar inscrição',
      'إلغاء الاشتراك',
      'सदस्यता समाप्त करें',
      'berhenti berlangganan',
      'aboneliği bitir',
      'annulla iscrizione',
    ];
    const machines = ['band karo', 'बंद करो', 'बंद करें', 'mat bhejo', 'توقف', 'hentikan pesan', 'mulai pesan'];
    const registering = [
      'subscribe',
      'suscribirme',
      'darme de alta',
      'cadastrar',
      'me cadastrar',
      'inscrever',
      "s'inscrire",
      "s'abonner",
      'anmelden',
      'wieder anmelden',
      'abonnieren',
      'اشتراك',
      'सब्सक्राइब',
      'berlangganan',
      'abone ol',
      'iscrizione',
    ];
    for (const word of [...shop, ...more, ...rest, ...paid, ...machines, ...registering]) {
      expect([word, wordIn(word)]).toEqual([word, undefined]);
    }
  });

  it('are never both', () => {
    const all = cases.flatMap(([, { stop }]) => stop.map(normalise));
    const starts = new Set(cases.flatMap(([, { start }]) => start.map(normalise)));
    expect(all.filter((word) => starts.has(word))).toEqual([]);
  });

  it('do not make a long message slow', () => {
    expect(wordIn('stop '.repeat(10_000))).toBeUndefined();
  });
});
