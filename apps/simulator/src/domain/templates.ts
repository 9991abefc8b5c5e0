import { GraphFailure } from './graph-errors.js';
import { newObjectId } from './identifiers.js';
import { isObject, listOf, objectOf, textOf, type JsonObject } from './json.js';

export interface Template {
  id: string;
  name: string;
  language: string;
  category: string;
  status: string;
  parameter_format: string;
  components: JsonObject[];
  quality_score: { score: string };
  rejected_reason: string;
}

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];
const MAX_TEMPLATES = 6_000;
// Matches one variable of a template text, positional ({{1}}) or named ({{first_name}}).
const VARIABLE = /\{\{\s*([a-z0-9_]+)\s*\}\}/gi;

export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/** The template's text with the parameters of a send filled in; positional ones by order, named ones by name. */
export function fillVariables(text: string, parameters: readonly unknown[]): string {
  const values = parameters.map(objectOf);
  return text.replace(VARIABLE, (whole, name: string) => {
    const named = values.find((value) => value['parameter_name'] === name);
    return parameterText(named ?? values[Number(name) - 1]) ?? whole;
  });
}

function parameterText(parameter: JsonObject | undefined): string | undefined {
  if (!parameter) return undefined;
  const legacy = objectOf(parameter[String(parameter['type'])]);
  return textOf(parameter['text']) ?? textOf(legacy['fallback_value']);
}

export function componentOf(template: Template, type: string): JsonObject | undefined {
  return template.components.find((component) => String(component['type']).toUpperCase() === type);
}

function readComponents(value: unknown): JsonObject[] {
  const components = listOf(value);
  if (components.length === 0) throw new GraphFailure(100, 'components is required.');
  for (const component of components) checkComponent(component);
  return components as JsonObject[];
}

function checkComponent(component: unknown): void {
  if (!isObject(component)) throw new GraphFailure(100, 'components must be objects.');
  const text = textOf(component['text']) ?? '';
  const limit = { HEADER: 60, BODY: 1024, FOOTER: 60 }[String(component['type']).toUpperCase()];
  if (limit !== undefined && text.length > limit) {
    throw new GraphFailure(100, undefined, { subcode: 2388040, userTitle: 'Character limit exceeded' });
  }
  if (/^\{\{[^}]*\}\}|\{\{[^}]*\}\}$/.test(text.trim()) && component['type'] === 'BODY') {
    const userTitle = 'Variables cannot be at the start or end of the template';
    throw new GraphFailure(100, undefined, { subcode: 2388299, userTitle });
  }
  if (listOf(component['buttons']).length > 10) throw new GraphFailure(100, 'A template has at most 10 buttons.');
}

/** The message templates of the business account. */
export class Templates {
  private readonly byId = new Map<string, Template>();

  constructor() {
    this.reset();
  }

  reset(): void {
    this.byId.clear();
    // The one template that every new business account has.
    const components = [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      { type: 'BODY', text: 'Welcome and congratulations!! This message demonstrates your ability to send a message.' },
      { type: 'FOOTER', text: 'WhatsApp Business Platform sample message' },
    ];
    this.create({ name: 'hello_world', language: 'en_US', category: 'UTILITY', components }, 'APPROVED');
  }

  /** @throws GraphFailure when Meta would refuse the template */
  create(body: JsonObject, status: string): Template {
    const name = textOf(body['name']) ?? '';
    const language = textOf(body['language']) ?? '';
    const category = String(body['category']).toUpperCase();
    if (!/^[a-z0-9_]{1,512}$/.test(name)) throw new GraphFailure(100, 'name must be lowercase letters, digits and _.');
    if (!/^[a-z]{2,3}(_[A-Za-z]+)?$/.test(language)) throw new GraphFailure(100, 'language is not supported.');
    if (!CATEGORIES.includes(category))
      throw new GraphFailure(100, `category must be one of {${CATEGORIES.join(', ')}}.`);
    if (this.find(name, language)) {
      const userMessage = 'There is already content in this language for this template.';
      throw new GraphFailure(100, undefined, {
        subcode: 2388024,
        userTitle: 'Content in this language already exists',
        userMessage,
      });
    }
    if (this.byId.size >= MAX_TEMPLATES) throw new GraphFailure(100, undefined, { subcode: 2388019 });
    const template: Template = {
      id: newObjectId(),
      name,
      language,
      category,
      status,
      parameter_format: (textOf(body['parameter_format']) ?? 'POSITIONAL').toUpperCase(),
      components: readComponents(body['components']),
      quality_score: { score: 'UNKNOWN' },
      rejected_reason: 'NONE',
    };
    this.byId.set(template.id, template);
    return template;
  }

  edit(
    id: string,
    change: Partial<Pick<Template, 'status' | 'category'>> & { components?: unknown },
  ): Template | undefined {
    const template = this.byId.get(id);
    if (!template) return undefined;
    if (change.components !== undefined) template.components = readComponents(change.components);
    if (change.status !== undefined) template.status = change.status;
    if (change.category !== undefined) template.category = change.category;
    return template;
  }

  find(name: string, language: string): Template | undefined {
    return this.list().find((template) => template.name === name && template.language === language);
  }

  list(): Template[] {
    return [...this.byId.values()];
  }

  /** All languages of a name, or the one with this id; says how many went. */
  remove(name: string, id?: string): number {
    const gone = this.list().filter((template) => template.name === name && (id === undefined || template.id === id));
    for (const template of gone) this.byId.delete(template.id);
    return gone.length;
  }
}
