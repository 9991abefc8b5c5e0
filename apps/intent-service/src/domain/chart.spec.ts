import { svgOf } from './chart.js';

describe('svgOf', () => {
  it('puts shares where they belong: 0 at the left and the bottom, 1 at the right and the top', () => {
    const svg = svgOf({
      title: 'T',
      x: 'across',
      y: 'up',
      points: [
        [0, 0],
        [0.5, 1],
        [1, 0.5],
      ],
    });
    expect(svg).toContain('points="44.0,364.0 204.0,44.0 364.0,204.0"');
    expect(svg).toMatch(/<title>T<\/title>/);
    expect(svg).not.toContain('stroke-dasharray');
  });

  it('has a diagonal where one is asked for', () => {
    expect(svgOf({ title: 'T', x: '', y: '', points: [], diagonal: true })).toContain('stroke-dasharray');
  });
});
