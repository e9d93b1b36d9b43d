/** A scenario's text inside a link: deflated and written in the letters a URL may hold. It never reaches a server. */
export const textLimit = 256 * 1024

export class TooLarge extends Error {}

export async function encodeText(text: string): Promise<string> {
  const bytes = await drain(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity)
  let letters = ''
  for (const byte of bytes) letters += String.fromCharCode(byte)
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Throws TooLarge for what would inflate beyond the limit, and an error for what is no such text. */
export async function decodeText(encoded: string): Promise<string> {
  const letters = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  const inflated = await drain(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), textLimit)
  return new TextDecoder('utf-8', { fatal: true }).decode(inflated)
}

/** Read a response or a file, but never more than a scenario may hold. */
export async function readText(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  return new TextDecoder('utf-8', { fatal: true }).decode(await drain(stream, textLimit))
}

async function drain(stream: ReadableStream<Uint8Array<ArrayBuffer>>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > limit) {
      await reader.cancel()
      throw new TooLarge()
    }
    parts.push(value)
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
