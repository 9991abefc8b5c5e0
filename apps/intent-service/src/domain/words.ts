import { normalise } from './normalise.js';

/**
 * Whole messages that mean one thing in any dialog. None of them means something in a shop: "cancel" and "end" are not here, and
 * neither is what ends a subscription, switches a machine off or registers somebody ("baja", "band karo", "anmelden").
 */
const COMMANDS: Record<string, readonly string[]> = {
  opt_out: [
    'stop',
    'stop all',
    'stopall',
    'unsubscribe',
    'opt out',
    'optout',
    'parar',
    'pare',
    'sair',
    'descadastrar',
    'arret',
    'arrêt',
    'désabonner',
    'desabonner',
    'abmelden',
    'stopp',
    'ايقاف',
    'إيقاف',
    'रोकें',
    'roko',
    'berhenti',
    'dur',
    'durdur',
    'basta messaggi',
  ],
  opt_in: ['start', 'unstop', 'opt in', 'optin', 'ابدأ', 'शुरू करें', 'शुरू करो', 'shuru karo', 'mulai', 'başlat'],
  affirm: ['confirm:yes', '👍', '✅'],
  deny: ['confirm:no', '👎', '❌'],
};

const byWord = new Map(
  Object.entries(COMMANDS).flatMap(([intent, words]) => words.map((word) => [bare(word), intent] as const)),
);

function bare(text: string): string {
  return normalise(text).replace(/^[\s.,!?¡¿"'()]+|[\s.,!?"'()]+$/gu, '');
}

/** The intent of a message that is a command word and nothing else; undefined for every other message. */
export function commandOf(text: string): string | undefined {
  return byWord.get(bare(text));
}
