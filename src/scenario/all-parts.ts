/** Every part of the model at once: for programs that are not loaded over a network. */
import { bring } from './share-part.ts'

bring()
