import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { LanguageDefinition } from './content.js';
import { formatText, wordTime } from './message-text.js';

const folder = join(import.meta.dirname, '../../../../content/replies');
const language = (code: string): LanguageDefinition =>
  parse(readFileSync(join(folder, `${code}.yaml`), 'utf8')) as LanguageDefinition;
const at = { zone: 'America/New_York', now: new Date('2026-11-22T10:00-05:00') };
const by = (code: string, instant: string): string => wordTime(new Date(instant), 'by', language(code), at);

describe('times', () => {
  it.each([
    ['en', 'today by 4 PM', 'tomorrow by 4:30 PM', 'on Tuesday, November 24 by 1:05 AM'],
    ['es', 'hoy antes de las 16:00', 'mañana antes de las 16:30', 'el martes, 24 de noviembre antes de la 1:05'],
    ['pt-BR', 'hoje até as 16h', 'amanhã até as 16h30', 'terça-feira, 24 de novembro, até a 1h05'],
    ['fr', 'aujourd’hui avant 16 h', 'demain avant 16 h 30', 'le mardi 24 novembre avant 1 h 05'],
    ['de', 'heute bis 16 Uhr', 'morgen bis 16:30 Uhr', 'am Dienstag, 24. November bis 1:05 Uhr'],
    ['ar', 'اليوم قبل الساعة 4 مساءً', 'غدًا قبل الساعة 4:30 مساءً', 'يوم الثلاثاء، 24 نوفمبر قبل الساعة 1:05 صباحًا'],
    ['hi', 'आज शाम 4 बजे तक', 'कल शाम 4:30 बजे तक', 'मंगलवार, 24 नवंबर को रात 1:05 बजे तक'],
    ['id', 'hari ini sebelum pukul 16.00', 'besok sebelum pukul 16.30', 'pada Selasa, 24 November sebelum pukul 01.05'],
  ])('are worded in %s', (code, today, tomorrow, later) => {
    const instants = ['2026-11-22T16:00-05:00', '2026-11-23T16:30-05:00', '2026-11-24T01:05-05:00'];
    expect(instants.map((instant) => by(code, instant))).toEqual([today, tomorrow, later]);
  });

  it('hold only spaces that people can type, and ASCII digits', () => {
    for (const code of ['en', 'es', 'pt-BR', 'fr', 'de', 'ar', 'hi', 'id']) {
      const text = by(code, '2027-01-04T16:30-05:00');
      expect(text).not.toMatch(/[\u00a0\u202f]/);
      expect(text.match(/\p{Nd}/gu)?.every((digit) => /[0-9]/.test(digit))).toBe(true);
      expect(text).toContain('2027');
    }
  });

  it('are noon at twelve, and only a day at midnight', () => {
    expect(by('en', '2026-11-23T12:00-05:00')).toBe('tomorrow by 12 PM');
    expect(by('en', '2026-11-23T00:00-05:00')).toBe('tomorrow');
    expect(by('en', '2026-11-23T00:30-05:00')).toBe('tomorrow by 12:30 AM');
  });

  it('are in the zone of the customer, also across its change of clocks', () => {
    const madrid = { zone: 'Europe/Madrid', now: new Date('2026-10-24T12:00Z') };
    expect(wordTime(new Date('2026-10-25T15:00Z'), 'by', language('en'), madrid)).toBe('tomorrow by 4 PM');
    expect(wordTime(new Date('2026-10-24T15:00Z'), 'by', language('en'), madrid)).toBe('today by 5 PM');
  });
});

describe('texts', () => {
  it('throw when an argument is missing', () => expect(() => formatText('{a}', 'en', {})).toThrow());
  it('take angle brackets for what they are', () =>
    expect(formatText('a <b> {c}', 'en', { c: '<i>' })).toBe('a <b> <i>'));
  it('do not read ICU in values', () => expect(formatText('{a}', 'en', { a: '{b} #' })).toBe('{b} #'));
});
