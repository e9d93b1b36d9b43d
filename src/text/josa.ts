/**
 * Korean particles after any word: `b1이`, `b2가`, `ISR이`, `10으로`, `shop이`. es-hangul chooses by the last sound of a
 * Hangul syllable; digits and Latin letters, which most of our names end in, are turned into the syllable they are
 * spoken with first.
 */
import { josa as hangulJosa } from 'es-hangul'

export type Josa = '이/가' | '을/를' | '은/는' | '으로/로' | '와/과' | '이나/나' | '이란/란' | '이라/라' | '으로서/로서' | '으로부터/로부터'

/** The word and its particle. */
export const josa = (word: string | number, particle: Josa): string => `${word}${particleAfter(word, particle)}`

/** The particle alone, where something stands between: `<b>b1</b>이`. */
export const particleAfter = (word: string | number, particle: Josa): string => hangulJosa.pick(lastSyllable(String(word)), particle)

const digits = ['영', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구']
const powers = ['', '십', '백', '천', '만', '만', '만', '만', '억', '억', '억', '억', '조', '조', '조', '조']

/** One Hangul syllable that ends as the word does when it is spoken. */
function lastSyllable(word: string): string {
  const spoken = word.replace(/[\s"'`”’»)\]}.,:;!?…]+$/u, '').replaceAll(/(?<=\d),(?=\d)/g, '')
  const last = spoken.at(-1) ?? ''
  if (/\d/.test(last)) return syllableOfNumber(/[\d.]+$/.exec(spoken)?.[0] ?? last)
  if (/[A-Za-z]/.test(last)) return syllableOfLatin(/[A-Za-z_]+$/.exec(spoken)?.[0] ?? last)
  if (last === '%') return '트'
  return last === '' ? '이' : last
}

/** 10 is 십, 200 is 백; after a decimal point each digit is read by itself. */
function syllableOfNumber(number: string): string {
  const digit = digits[Number(number.at(-1))] ?? '이'
  if (number.includes('.')) return digit
  const zeros = /0*$/.exec(number)?.[0].length ?? 0
  if (zeros === 0 || zeros === number.length) return digit
  return powers[Math.min(zeros, powers.length - 1)] ?? digit
}

/** ISR is spelt out, TIMED_OUT is read as the words it is made of. */
const LONGEST_INITIALS = 4
/** Names of letters that end in a consonant; all other letters end in a vowel. */
const letters: Readonly<Record<string, string>> = { L: '엘', M: '엠', N: '엔', R: '알' }
/** Words that are not spoken as they are spelt. */
const spokenWords: Readonly<Record<string, string>> = {
  ack: '액', api: '이', acks: '스', all: '올', check: '크', one: '원', me: '미', none: '넌', null: '널', time: '임', name: '임', table: '블',
  single: '글', hub: '브', kafka: '카', java: '바', id: '디', key: '키', ms: '스', s: '초', min: '민', max: '스', log: '그', tag: '그', out: '웃',
}

function syllableOfLatin(name: string): string {
  const isLong = name.length > LONGEST_INITIALS
  const word = isLong ? (name.split('_').at(-1) ?? name) : name
  const known = spokenWords[word.toLowerCase()]
  if (known !== undefined && (isLong || word !== word.toUpperCase())) return known
  const isInitials = !isLong && (word.length === 1 || word === word.toUpperCase())
  return isInitials ? (letters[word.at(-1)?.toUpperCase() ?? ''] ?? '이') : syllableOfWord(word.toLowerCase())
}

/** As loanwords are written in Korean: shop 숍, topic 토픽, reader 리더, event 이벤트, member 멤버, poll 폴, line 라인. */
function syllableOfWord(word: string): string {
  if (/(ng)$/.test(word)) return '잉'
  if (/(l|[aeiou]le|[bcdfgkpstz]le)$/.test(word)) return '엘'
  if (/(m|[aeiou]me)$/.test(word)) return '엠'
  if (/(n|[aeiou]ne)$/.test(word)) return '엔'
  if (/[aeiou]c$|[aeiou]ck$|[aeiou]k$/.test(word)) return '액'
  if (/[aeiou]p$/.test(word)) return '압'
  if (/[aeiou]b$/.test(word)) return '압'
  if (/(^|[^aeiou])[aeiou]t$/.test(word)) return '앗'
  return '이'
}
