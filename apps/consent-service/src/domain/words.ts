import { normalise } from './normalise.js';

interface Words {
  readonly stop: readonly string[];
  readonly start: readonly string[];
}

/**
 * Whole messages that end or restore what the business sends of its own accord. What else people say about it ("please
 * don't write me so often") is understood by intent, in a dialogue; these are taken at their word.
 *
 * Kept out on purpose: words that mean something in a shop or a chat, such as "cancel", "end", "quit", "cancelar", "fin",
 * "alto", "detener", "remover", "annuler", "abbestellen", "stornieren", "إلغاء", "batal", "iptal", "annulla", "basta"; what ends a
 * subscription one pays for ("cancelar assinatura", "إلغاء الاشتراك", "baja"); what one does with a machine or a parcel ("band
 * karo": switch it off, "mat bhejo": don't send it, "توقف": it has stopped); in Indonesian "pesan" alone, which is an order as well.
 * For "start" every plain yes, and words for subscribing or registering ("subscribe", "cadastrar", "anmelden"), since nobody agrees
 * to advertising by a yes to something else.
 */
export const WORDS: Readonly<Record<string, Words>> = {
  en: {
    stop: [
      'stop',
      'stop all',
      'stopall',
      'please stop',
      'stop please',
      'unsubscribe',
      'unsubscribe me',
      'opt out',
      'optout',
      'stop messages',
      'stop messaging me',
      'stop texting me',
      'stop sending me messages',
      'no more messages',
      'remove me from your list',
    ],
    start: ['start', 'unstop', 'resubscribe', 'opt in', 'optin', 'start messages'],
  },
  es: {
    stop: [
      'parar',
      'darme de baja',
      'desuscribir',
      'desuscribirme',
      'no más mensajes',
      'no quiero más mensajes',
      'no me escriban más',
    ],
    start: ['reanudar mensajes', 'reanudar los mensajes', 'quiero recibir mensajes'],
  },
  pt: {
    stop: [
      'parar',
      'pare',
      'sair',
      'descadastrar',
      'me descadastrar',
      'descadastre-me',
      'não quero mais receber mensagens',
      'não quero mais mensagens',
      'parar mensagens',
    ],
    start: ['voltar a receber mensagens', 'retomar mensagens', 'quero receber mensagens'],
  },
  fr: {
    stop: [
      'arrêt',
      'arrêter',
      'arrêtez',
      'désabonner',
      'me désabonner',
      'désabonnez-moi',
      'désabonnement',
      'désinscrire',
      'me désinscrire',
      'désinscription',
      'plus de messages svp',
      "ne m'envoyez plus de messages",
    ],
    start: ['reprendre les messages', 'recevoir les messages', 'je veux recevoir les messages'],
  },
  de: {
    stop: [
      'stopp',
      'abmelden',
      'austragen',
      'mich abmelden',
      'bitte abmelden',
      'newsletter abbestellen',
      'nachrichten abbestellen',
      'keine nachrichten mehr',
      'bitte keine nachrichten mehr',
    ],
    start: ['nachrichten wieder erhalten', 'wieder nachrichten', 'nachrichten starten'],
  },
  ar: {
    stop: ['إيقاف', 'ايقاف', 'أوقف', 'توقفوا', 'قف', 'ستوب', 'إيقاف الرسائل', 'أوقفوا الرسائل', 'لا مزيد من الرسائل'],
    start: ['استئناف الرسائل', 'تفعيل الرسائل', 'ستارت'],
  },
  hi: {
    stop: [
      'रोकें',
      'रोको',
      'रोकिए',
      'स्टॉप',
      'मैसेज बंद करो',
      'मैसेज बंद करें',
      'संदेश बंद करें',
      'अनसब्सक्राइब',
      'मैसेज मत भेजो',
      'roko',
      'rokein',
      'rokiye',
      'message band karo',
      'msg band karo',
      'message mat bhejo',
    ],
    start: ['स्टार्ट', 'संदेश शुरू करें', 'मैसेज शुरू करो', 'message shuru karo', 'msg shuru karo', 'message chalu karo'],
  },
  id: {
    stop: ['berhenti', 'hentikan', 'unreg', 'jangan kirim pesan lagi'],
    start: ['mulai kirim pesan lagi', 'aktifkan pesan lagi', 'saya mau terima pesan lagi'],
  },
  tr: {
    stop: [
      'dur',
      'durdur',
      'durdurun',
      'ret',
      'abonelikten çık',
      'listeden çıkar',
      'mesaj istemiyorum',
      'mesaj göndermeyin',
    ],
    start: ['başlat', 'mesajları başlat', 'mesajları tekrar başlat'],
  },
  it: {
    stop: [
      'ferma',
      'fermati',
      'fermatevi',
      'disiscrivi',
      'disiscrivimi',
      'disiscrizione',
      'niente più messaggi',
      'non mandatemi più messaggi',
    ],
    start: ['riprendi messaggi', 'riprendi i messaggi', 'voglio ricevere messaggi'],
  },
};

function indexOf(pick: (words: Words) => readonly string[]): ReadonlySet<string> {
  return new Set(Object.values(WORDS).flatMap((words) => pick(words).map(normalise)));
}

const STOP = indexOf((words) => words.stop);
const START = indexOf((words) => words.start);
// Longer than any entry of the table by far: a long message is not looked at letter by letter.
const LONGEST = 100;

/** Whether a message, as a whole, is one of the words. "stop order 1234" is none. */
export function wordIn(text: string): 'stop' | 'start' | undefined {
  if (text.length > LONGEST) return undefined;
  const whole = normalise(text);
  if (STOP.has(whole)) return 'stop';
  return START.has(whole) ? 'start' : undefined;
}
