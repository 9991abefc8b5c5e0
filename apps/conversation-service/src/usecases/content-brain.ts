import type { ContentSnapshot } from '../domain/content-snapshot.js';
import { route } from '../domain/routing.js';
import { chooseZone } from '../domain/time-zone.js';
import type { Calls, TurnInput, TurnResult } from '../domain/turn.js';
import type { Brain } from './answer-message.js';
import { runTurn } from './run-turn.js';

/** Decides by the content in force at the moment. */
export class ContentBrain implements Brain {
  constructor(
    private readonly content: { readonly current: ContentSnapshot },
    private readonly timeZone: string,
  ) {}

  turn(input: TurnInput, calls: Calls): Promise<TurnResult> {
    return runTurn(input, calls, this.content.current);
  }

  route(facts: Parameters<Brain['route']>[0]): ReturnType<Brain['route']> {
    return route(this.content.current.routing(), facts);
  }

  defaults({ waId, phoneNumberId }: Parameters<Brain['defaults']>[0]): ReturnType<Brain['defaults']> {
    const { language, numbers = {} } = this.content.current.business;
    const ofNumber = Object.hasOwn(numbers, phoneNumberId) ? numbers[phoneNumberId]?.language : undefined;
    return { language: ofNumber ?? language, timeZone: chooseZone(null, waId, this.timeZone) };
  }
}
