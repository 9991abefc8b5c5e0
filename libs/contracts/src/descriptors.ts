import { readFileSync } from 'node:fs';

/** The compiled protos (a FileDescriptorSet) that the reflection service answers from. */
export function descriptorSet(): Buffer {
  return readFileSync(new URL('./gen/descriptors.binpb', import.meta.url));
}
