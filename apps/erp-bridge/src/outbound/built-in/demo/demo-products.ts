import type { Product } from '../../../domain/stock.js';

type Row = readonly [sku: string, name: string, line: string, price: string, stock: number];

const ROWS: readonly Row[] = [
  ['CHR-100', 'Oak dining chair', 'furniture', '129.00', 42],
  ['CHR-200', 'Office chair Atlas', 'furniture', '249.00', 18],
  ['CHR-300', 'Bar stool Vega', 'furniture', '89.50', 0],
  ['TBL-100', 'Oak dining table', 'furniture', '699.00', 7],
  ['TBL-200', 'Folding desk', 'furniture', '179.00', 25],
  ['SHF-100', 'Wall shelf, 80 cm', 'furniture', '39.90', 120],
  ['SHF-200', 'Bookcase Orion', 'furniture', '219.00', 14],
  ['BED-100', 'Bed frame, 160 cm', 'furniture', '549.00', 5],
  ['LMP-100', 'Desk lamp Lumen', 'lighting', '49.90', 64],
  ['LMP-200', 'Floor lamp Arc', 'lighting', '139.00', 22],
  ['LMP-300', 'Pendant lamp Dome', 'lighting', '99.00', 31],
  ['BLB-100', 'LED bulb E27, pack of 4', 'lighting', '15.90', 300],
  ['RUG-100', 'Wool rug, 160 x 230 cm', 'textiles', '299.00', 9],
  ['RUG-200', 'Cotton rug, 80 x 150 cm', 'textiles', '59.00', 40],
  ['CRT-100', 'Blackout curtains, pair', 'textiles', '69.90', 55],
  ['CSH-100', 'Linen cushion', 'textiles', '24.50', 150],
  ['BLK-100', 'Knitted blanket', 'textiles', '79.00', 33],
  ['POT-100', 'Cast-iron pot, 5 l', 'kitchen', '119.00', 27],
  ['PAN-100', 'Frying pan, 28 cm', 'kitchen', '54.90', 48],
  ['KNF-100', "Chef's knife, 20 cm", 'kitchen', '84.00', 36],
  ['MUG-100', 'Stoneware mugs, set of 4', 'kitchen', '34.00', 90],
  ['GLS-100', 'Water glasses, set of 6', 'kitchen', '27.50', 75],
  ['COF-100', 'Espresso machine Piccolo', 'appliances', '389.00', 11],
  ['KET-100', 'Electric kettle, 1.7 l', 'appliances', '59.90', 52],
  ['VAC-100', 'Cordless vacuum cleaner', 'appliances', '279.00', 16],
  ['AIR-100', 'Air purifier Breeze', 'appliances', '199.00', 20],
  ['HTP-100', 'Heat pump dryer', 'appliances', '899.00', 4],
  ['FLT-100', 'Filter for Breeze', 'spare parts', '29.90', 140],
  ['GSK-100', 'Gasket for Piccolo', 'spare parts', '7.90', 210],
  ['BAT-100', 'Battery for vacuum cleaner', 'spare parts', '64.00', 19],
];

export const demoProducts: readonly Product[] = ROWS.map(([sku, name, productLine, amount, stock]) => ({
  sku,
  name,
  productLine,
  price: { amount, currency: 'USD' },
  stock,
}));
