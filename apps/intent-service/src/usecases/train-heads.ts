import { intentFeatures, languageFeatures } from '../domain/features.js';
import { filledIn } from '../domain/fill-in.js';
import { LinearModel } from '../domain/linear-model.js';
import { noisy } from '../domain/noise.js';
import { normalise } from '../domain/normalise.js';
import { Random } from '../domain/random.js';
import { fitTemperature, trainModel, type Course, type Lesson } from '../domain/train-model.js';
import { isHeldOut, type Utterance } from '../domain/utterance.js';

const INTENT: Omit<Course, 'seed'> = { leastSeen: 3, epochs: 8, rate: 0.3, smoothing: 0.05 };
const LANGUAGE: Omit<Course, 'seed'> = { leastSeen: 2, epochs: 6, rate: 0.3, smoothing: 0.02 };
/** Each utterance is also learned as somebody else would have typed it. */
const NOISY_COPIES = 2;
/** Language of utterances in languages that the bot does not speak. */
const OTHER = 'other';
const OOS_WEIGHT = 1;

/** Trains the models of intent and language from the utterances that are not held out. @param told gets lines of progress */
export function trainHeads(
  utterances: readonly Utterance[],
  seed: number,
  told: (line: string) => void,
): { intent: LinearModel; language: LinearModel } {
  const learned = utterances.filter((utterance) => !isHeldOut(utterance));
  const unseen = utterances.filter(isHeldOut);
  const random = new Random(seed);
  const copies = learned.flatMap((utterance) => [
    utterance,
    ...Array.from({ length: NOISY_COPIES }, () => {
      const filled = filledIn(utterance, random);
      return { ...filled, text: noisy(filled.text, random) };
    }),
  ]);
  const course = { ...INTENT, seed };
  const trained = trainModel(copies.map(intentLesson), course, (epoch) =>
    told(`intent, epoch ${epoch} of ${course.epochs}`),
  );
  const temperature = fitTemperature(trained, unseen.map(intentLesson));
  const languages = learned.filter(tellsLanguage).map(languageLesson);
  return {
    intent: new LinearModel({ ...trained.weights, temperature }),
    language: trainModel(languages, { ...LANGUAGE, seed }, (epoch) =>
      told(`language, epoch ${epoch} of ${LANGUAGE.epochs}`),
    ),
  };
}

/** Names of languages stand in texts of all; and what nobody here speaks is only known not to be for us. */
const tellsLanguage = ({ intent, language }: Utterance): boolean => intent !== 'language_change' && language !== OTHER;

const intentLesson = ({ text, intent }: Utterance): Lesson => ({
  features: intentFeatures(text),
  label: intent,
  weight: intent === 'oos' ? OOS_WEIGHT : 1,
});

const languageLesson = ({ text, language }: Utterance): Lesson => ({
  features: languageFeatures(normalise(text)),
  label: language,
  weight: 1,
});
