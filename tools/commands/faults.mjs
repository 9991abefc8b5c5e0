// npm run faults: customers write to a whole Parley while everything in it is killed, paused and cut; then the outside is read.
import { main as faults } from '../../e2e/faults/command.mjs';

export const main = faults;
