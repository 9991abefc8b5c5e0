import { foldedWord } from './reading.js';

/** Languages whose dates `chrono-node` reads too. */
export type Tongue = 'en' | 'es' | 'pt' | 'fr' | 'de';

/** Months from January on, as each language writes them; short forms stand behind a slash. */
const MONTHS: Record<string, string> = {
  en: 'january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct november/nov december/dec',
  es: 'enero/ene febrero marzo abril/abr mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre/dic',
  pt: 'janeiro fevereiro/fev março/marco abril maio/mai junho julho agosto setembro outubro novembro dezembro/dez',
  fr: 'janvier/janv février/fév mars avril/avr mai juin juillet/juil août/aout septembre octobre novembre décembre/déc',
  de: 'januar/jänner februar märz/maerz april mai juni juli august september oktober/okt november dezember/dez',
  it: 'gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott novembre dicembre',
  tr: 'ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık',
  id: 'januari februari maret april mei juni juli agustus september oktober november desember',
  ar: 'يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر',
  hi: 'जनवरी फरवरी/फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर',
};
/** Days of the week from Sunday on. */
const WEEKDAYS: Record<string, string> = {
  en: 'sunday/sun monday/mon tuesday/tue/tues/tuseday wednesday/wed/wednsday thursday/thu/thurs/thur friday/fri saturday/sat/satuday',
  es: 'domingo lunes martes miércoles jueves viernes sábado',
  pt: 'domingo segunda/segunda-feira terça/terça-feira quarta/quarta-feira quinta/quinta-feira sexta/sexta-feira sábado',
  fr: 'dimanche lundi mardi mercredi jeudi vendredi samedi',
  de: 'sonntag montag dienstag mittwoch donnerstag freitag samstag/sonnabend',
  it: 'domenica lunedì/lunedi martedì/martedi mercoledì/mercoledi giovedì/giovedi venerdì/venerdi sabato',
  tr: 'pazar pazartesi salı çarşamba perşembe cuma cumartesi',
  id: 'minggu senin selasa rabu kamis jumat sabtu',
  ar: 'الأحد/الاحد الاثنين/الإثنين الثلاثاء الأربعاء/الاربعاء الخميس الجمعة السبت',
  hi: 'रविवार/इतवार सोमवार मंगलवार/मंगल बुधवार गुरुवार/वीरवार शुक्रवार शनिवार/शनि',
  hiLatn:
    'ravivar/itwar/sunday somvar/somwar mangalvar/mangalwar budhvar/budhwar guruvar/guruwar/veervar shukravar/shukrawar shanivar/shaniwar',
};
/** Days from today on; a name in Hindi means the day before or the day after, and shops speak of what comes. */
const DAYS: Record<number, string> = {
  [-2]: 'anteayer anteontem avant-hier vorgestern',
  [-1]: 'yesterday ystrday yest ayer ontem hier gestern ieri dün kemarin أمس امس مبارح',
  0: "today tday 2day tonight hoy hoje aujourd'hui aujourdhui ajd heute oggi stasera bugün bugun bu_gün hari_ini اليوم النهارده आज aaj",
  1: 'tomorrow tmrw tmr tomorow tommorow tommorrow 2moro mañana amanhã amanha demain dmain 2main morgen domani yarın yarin besok غدا غداً بكرة بكره कल kal',
  2: 'pasado_mañana depois_de_amanhã après-demain übermorgen uebermorgen dopodomani lusa बाद_कल परसों parso parson',
};
/** Weeks and months from this one on: the day it begins to count from is what matters. */
const SPANS: [number, string][] = [
  [
    7,
    'next_week la_semana_que_viene la_próxima_semana semana_que_vem próxima_semana la_semaine_prochaine semaine_prochaine nächste_woche kommende_woche prossima_settimana settimana_prossima gelecek_hafta haftaya minggu_depan الأسبوع_القادم अगले_हफ्ते agle_hafte',
  ],
  [
    -7,
    'last_week la_semana_pasada semana_pasada semana_passada la_semaine_dernière semaine_dernière letzte_woche letzter_woche settimana_scorsa geçen_hafta minggu_lalu الأسبوع_الماضي पिछले_हफ्ते pichhle_hafte',
  ],
];

/** What a word of a date says. */
export interface DateWord {
  month?: number;
  weekday?: number;
  /** Days from today. */
  days?: number;
  /** The language, where a library reads its dates as well. */
  tongue?: Tongue;
}

const READ = new Set<string>(['en', 'es', 'pt', 'fr', 'de']);
/** Words with a meaning of their own that is far more common, unless a day stands beside them. */
export const NEEDS_DAY = new Set(
  [
    'may',
    'mar',
    'mart',
    'march',
    'jan',
    'sep',
    'set',
    'out',
    'ago',
    'dic',
    'ene',
    'mai',
    'mei',
    'des',
    'ocak',
    'gen',
    'lug',
    'ott',
    'mag',
    'giu',
    'mars',
    'marco',
    'ekim',
    'abr',
    'okt',
    'fev',
    'dez',
    'feb',
    'dec',
    'apr',
    'jun',
    'jul',
    'aug',
    'oct',
    'nov',
    'मई',
    'sun',
    'sat',
    'mon',
    'wed',
    'segunda',
    'sexta',
    'terca',
    'quarta',
    'quinta',
    'pazar',
    'minggu',
    'मंगल',
    'शनि',
    'sali',
  ].map(foldedWord),
);
export const WORDS = new Map<string, DateWord>();
/** Phrases of several words, by the first of them. */
export const PHRASES = new Map<string, { words: readonly string[]; days: number }[]>();

const inTongue = (language: string): Pick<DateWord, 'tongue'> =>
  READ.has(language) ? { tongue: language as Tongue } : {};
const learn = (table: Record<string, string>, what: (nth: number) => DateWord): void => {
  for (const [language, names] of Object.entries(table)) {
    names.split(' ').forEach((forms, nth) => {
      for (const form of forms.split('/')) {
        const word = foldedWord(form);
        if (!WORDS.has(word)) WORDS.set(word, { ...what(nth), ...inTongue(language) });
      }
    });
  }
};
const learnPhrase = (phrase: string, days: number): void => {
  const words = phrase.split(/[_'’-]/).map(foldedWord);
  const [first = ''] = words;
  if (words.length === 1) WORDS.set(first, { days });
  else PHRASES.set(first, [...(PHRASES.get(first) ?? []), { words, days }]);
};

learn(MONTHS, (month) => ({ month: month + 1 }));
learn(WEEKDAYS, (weekday) => ({ weekday }));
for (const [days, words] of Object.entries(DAYS)) for (const word of words.split(' ')) learnPhrase(word, Number(days));
for (const [days, phrases] of SPANS) for (const phrase of phrases.split(' ')) learnPhrase(phrase, days);
