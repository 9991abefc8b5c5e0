import { invalid, requireList, requireObject, requireText } from './checks.js';
import { GraphFailure } from './graph-errors.js';
import { listOf, objectOf, textOf, type JsonObject } from './json.js';
import { componentOf, variablesOf, type Template } from './templates.js';

// What a parameter text must not hold: a line break, a tab, or more than four spaces in a row.
const FORBIDDEN_SPACE = /[\n\r\t]| {5,}/;
const COMPONENT_TYPES = ['header', 'body', 'button', 'limited_time_offer', 'carousel'];

/** Shape of the `template` object, without knowing the template. @throws GraphFailure */
export function checkTemplateShape(template: JsonObject): void {
  requireText(template, 'name', 'template.', 512);
  requireText(requireObject(template, 'language', 'template.'), 'code', 'template.language.', 20);
  if (template['components'] === undefined) return;
  for (const component of requireList(template, 'components', 'template.', 0, 20)) {
    const type = requireText(component, 'type', 'template.components.', 40).toLowerCase();
    if (!COMPONENT_TYPES.includes(type)) {
      throw invalid('template.components.type', `must be one of {${COMPONENT_TYPES.join(', ')}}.`);
    }
    if (type === 'button') {
      requireText(component, 'sub_type', 'template.components.', 40);
      if (!/^\d$/.test(String(component['index']))) throw invalid('template.components.index', 'must be 0 to 9.');
    }
    for (const parameter of listOf(component['parameters'])) checkParameter(objectOf(parameter));
  }
}

function checkParameter(parameter: JsonObject): void {
  const type = requireText(parameter, 'type', 'template.components.parameters.', 40);
  if (type !== 'text') return;
  const text = textOf(parameter['text']);
  if (text === undefined) throw new GraphFailure(131008, 'Required parameter is missing: parameters.text');
  if (text.trim() === '') throw new GraphFailure(132018, 'A parameter text cannot be empty.');
  if (FORBIDDEN_SPACE.test(text)) {
    throw new GraphFailure(132018, 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces');
  }
}

/** That the send fits the template as it was created. @throws GraphFailure */
export function checkAgainstTemplate(sent: JsonObject, template: Template | undefined): asserts template is Template {
  const name = String(sent['name']);
  const language = String(objectOf(sent['language'])['code']);
  if (!template) {
    throw new GraphFailure(132001, `template name (${name}) does not exist in ${language}`);
  }
  if (template.status === 'PAUSED') throw new GraphFailure(132015, `template (${name}) is paused`);
  if (template.status === 'DISABLED') throw new GraphFailure(132016, `template (${name}) is disabled`);
  if (template.status !== 'APPROVED') {
    throw new GraphFailure(132001, `template name (${name}) is not approved in ${language}`);
  }
  checkParameters(sent, template, 'BODY');
  checkParameters(sent, template, 'HEADER');
}

function checkParameters(sent: JsonObject, template: Template, type: 'BODY' | 'HEADER'): void {
  const defined = componentOf(template, type);
  const component = listOf(sent['components'])
    .map(objectOf)
    .find((each) => String(each['type']).toUpperCase() === type);
  const parameters = listOf(component?.['parameters']).map(objectOf);
  const format = (textOf(defined?.['format']) ?? 'TEXT').toLowerCase();
  if (format !== 'text') {
    if (parameters.length !== 1) throw mismatch(type, parameters.length, 1);
    if (parameters[0]?.['type'] !== format) {
      throw new GraphFailure(132012, `${type.toLowerCase()}: format mismatch, expected ${format.toUpperCase()}`);
    }
    return;
  }
  const variables = variablesOf(textOf(defined?.['text']) ?? '');
  if (parameters.length !== variables.length) throw mismatch(type, parameters.length, variables.length);
  if (template.parameter_format !== 'NAMED') return;
  const unknown = parameters.find((parameter) => !variables.includes(String(parameter['parameter_name'])));
  if (unknown) throw new GraphFailure(100, 'Parameter name is missing or does not exist in the template');
}

function mismatch(type: string, got: number, expected: number): GraphFailure {
  const part = type.toLowerCase();
  const details = `${part}: number of localizable_params (${got}) does not match the expected number of params (${expected})`;
  return new GraphFailure(132000, details);
}
