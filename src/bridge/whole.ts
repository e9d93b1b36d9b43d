/** The whole model, what statements say of it, and how it is seen: importing this file is enough. */
import '../scenario/whole.ts'
import '../projection/sinks.ts'
import '../projection/toys.ts'
