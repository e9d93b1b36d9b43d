import { describe, expect, test } from 'vitest'
import { decodeText, encodeText, textLimit, TooLarge } from './link.ts'
import { fragmentOf, parseRoute, sameOriginUrl } from './route.ts'

describe('the address of the page', () => {
  test('nothing asked for is the home page', () => {
    expect(parseRoute('')).toMatchObject({ page: 'home' })
    expect(parseRoute('s=')).toMatchObject({ page: 'home' })
  })
  test('a shipped scenario, a moment, a seed, a language', () => {
    expect(parseRoute('s=acked-and-gone&t=16.298277&seed=7&lang=ko')).toEqual({
      page: 'shipped',
      id: 'acked-and-gone',
      at: 16_298_277,
      seed: 7,
      language: 'ko',
    })
  })
  test('what is no moment, no seed and no language is not taken for one', () => {
    expect(parseRoute('s=x&t=-1&seed=1e9&lang=de')).toEqual({
      page: 'shipped',
      id: 'x',
      at: undefined,
      seed: undefined,
      language: undefined,
    })
  })
  test('a file beside the page is asked for in the query', () => {
    expect(parseRoute('', 'file=lab/mine.yaml')).toMatchObject({ page: 'file', path: 'lab/mine.yaml' })
  })
  test('what was compared with a real Kafka has an address of its own', () => {
    expect(parseRoute('checked&lang=ko')).toMatchObject({ page: 'checked', language: 'ko' })
    expect(parseRoute(fragmentOf({ page: 'checked', at: undefined, seed: undefined, language: 'en' }))).toMatchObject({ page: 'checked' })
  })
  test('the laboratory has an address of its own', () => {
    expect(parseRoute('lab&lang=ko')).toMatchObject({ page: 'laboratory', language: 'ko' })
    expect(parseRoute(fragmentOf({ page: 'laboratory', at: undefined, seed: undefined, language: 'en' }))).toMatchObject({ page: 'laboratory' })
  })
  test('a link leads back to where it was copied', () => {
    const route = { page: 'shipped', id: 'poem-lab', at: 5_000_000, seed: 3, language: 'en' } as const
    expect(fragmentOf(route)).toBe('s=poem-lab&t=5&seed=3&lang=en')
    expect(parseRoute(fragmentOf(route))).toEqual(route)
  })
  test('how near to look, and at what', () => {
    const route = { page: 'shipped', id: 's05', at: undefined, seed: undefined, language: undefined, zoom: { level: 'bytes', log: 'my.topic/12@b3', offset: 38_401 } } as const
    expect(fragmentOf(route)).toBe('s=s05&z=bytes&r=my.topic%2F12%40b3&o=38401')
    expect(parseRoute(fragmentOf(route))).toEqual(route)
    expect(parseRoute('s=x&z=racks')).toMatchObject({ zoom: { level: 'racks' } })
    for (const wrong of ['z=moon', 'r=t/0', 'z=']) expect(parseRoute(`s=x&${wrong}`)).not.toHaveProperty('zoom')
    expect(parseRoute('s=x&z=files&r=../etc&o=-1')).toMatchObject({ zoom: { level: 'files' } })
    expect(parseRoute('s=x&z=files&r=../etc&o=-1').zoom).toEqual({ level: 'files' })
  })
  test('only this origin is fetched from', () => {
    const here = 'https://kafka.example/learn/'
    expect(sameOriginUrl('lab/mine.yaml', here)?.href).toBe('https://kafka.example/learn/lab/mine.yaml')
    for (const path of ['//evil.example/x', 'https://evil.example/x', 'http://kafka.example/x', 'data:text/plain,x', 'javascript:1'])
      expect(sameOriginUrl(path, here)).toBeUndefined()
  })
})

describe('a scenario inside a link', () => {
  test('comes out as it went in, in letters a URL may hold', async () => {
    const text = `title: {en: "Acknowledged and gone", ko: "응답은 왔는데 사라졌다"}\n`.repeat(40)
    const encoded = await encodeText(text)
    expect(encoded).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(encoded.length).toBeLessThan(400)
    expect(await decodeText(encoded)).toBe(text)
  })
  test('that would inflate beyond the limit is refused', async () => {
    const bomb = await encodeText('a'.repeat(textLimit + 1))
    expect(bomb.length).toBeLessThan(1_000)
    await expect(decodeText(bomb)).rejects.toBeInstanceOf(TooLarge)
  })
  test('that is no such text is refused', async () => {
    await expect(decodeText('not deflated')).rejects.toThrow()
    await expect(decodeText('%%%')).rejects.toThrow()
  })
})
