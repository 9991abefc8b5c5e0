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
 * "alto", "detener", "remover", "annuler", "abbestellen", "stornieren", "إلغاء", "बंद", "batal", "iptal", "annulla", "basta";
 * and for "start" every plain yes, since nobody agrees to advertising by a yes to something else.
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
    start: ['start', 'unstop', 'subscribe', 'subscribe me', 'resubscribe', 'opt in', 'optin'],
  },
  es: {
    stop: [
      'parar',
      'baja',
      'darme de baja',
      'dar de baja',
      'date de baja',
      'desuscribir',
      'desuscribirme',
      'cancelar suscripción',
      'no más mensajes',
      'no quiero más mensajes',
      'no me escriban más',
    ],
    start: ['suscribir', 'suscribirme', 'darme de alta', 'reanudar mensajes', 'quiero recibir mensajes'],
  },
  pt: {
    stop: [
      'parar',
      'pare',
      'sair',
      'descadastrar',
      'me descadastrar',
      'descadastre-me',
      'cancelar inscrição',
      'cancelar assinatura',
      'não quero mais receber mensagens',
      'não quero mais mensagens',
      'parar mensagens',
    ],
    start: ['inscrever', 'me inscrever', 'cadastrar', 'me cadastrar', 'voltar a receber', 'quero receber mensagens'],
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
    start: ["s'abonner", "m'abonner", 'abonnez-moi', 'réabonner', "s'inscrire", "m'inscrire", 'reprendre les messages'],
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
    start: ['anmelden', 'wieder anmelden', 'abonnieren', 'nachrichten wieder erhalten'],
  },
  ar: {
    stop: [
      'إيقاف',
      'ايقاف',
      'أوقف',
      'توقف',
      'توقفوا',
      'قف',
      'ستوب',
      'إلغاء الاشتراك',
      'الغاء اشتراكي',
      'إيقاف الرسائل',
      'أوقفوا الرسائل',
      'لا مزيد من الرسائل',
    ],
    start: ['اشتراك', 'اشترك', 'تفعيل الاشتراك', 'استئناف الرسائل', 'ستارت'],
  },
  hi: {
    stop: [
      'रोकें',
      'रोको',
      'रोकिए',
      'स्टॉप',
      'बंद करो',
      'बंद करें',
      'बंद कीजिए',
      'मैसेज बंद करो',
      'मैसेज बंद करें',
      'संदेश बंद करें',
      'अनसब्सक्राइब',
      'सदस्यता समाप्त करें',
      'मैसेज मत भेजो',
      'roko',
      'rokein',
      'rokiye',
      'band karo',
      'band karein',
      'band karen',
      'message band karo',
      'msg band karo',
      'message mat bhejo',
      'mat bhejo',
    ],
    start: [
      'स्टार्ट',
      'सब्सक्राइब',
      'सदस्यता लें',
      'संदेश शुरू करें',
      'मैसेज शुरू करो',
      'message shuru karo',
      'msg shuru karo',
      'message chalu karo',
    ],
  },
  id: {
    stop: [
      'berhenti',
      'hentikan',
      'unreg',
      'berhenti berlangganan',
      'stop langganan',
      'hentikan pesan',
      'jangan kirim pesan lagi',
    ],
    start: ['berlangganan', 'langganan', 'daftar langganan', 'mulai berlangganan', 'mulai lagi pesan'],
  },
  tr: {
    stop: [
      'dur',
      'durdur',
      'durdurun',
      'ret',
      'abonelikten çık',
      'aboneliği bitir',
      'listeden çıkar',
      'mesaj istemiyorum',
      'mesaj göndermeyin',
    ],
    start: ['başlat', 'abone ol', 'mesajları başlat', 'tekrar abone ol'],
  },
  it: {
    stop: [
      'ferma',
      'fermati',
      'fermatevi',
      'disiscrivi',
      'disiscrivimi',
      'disiscrizione',
      'cancella iscrizione',
      'annulla iscrizione',
      'niente più messaggi',
      'non mandatemi più messaggi',
    ],
    start: ['iscrivimi', 'iscrizione', 'riprendi messaggi', 'voglio ricevere messaggi'],
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
