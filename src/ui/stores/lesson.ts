/** What a learner has done with a lesson: answers, hints. The run knows nothing of it. */
import { create } from 'zustand'

interface Lesson {
  /** The option chosen, by the prediction's id; sealed once the run was let go on. */
  readonly answers: Readonly<Record<string, number>>
  /** Chosen, but not yet sealed. */
  readonly chosen: Readonly<Record<string, number>>
  readonly hints: number
  readonly choose: (predict: string, option: number) => void
  readonly seal: (predict: string) => void
  /** Not asked: answered with nothing. */
  readonly passOver: (predict: string) => void
  readonly reopen: (predict: string) => void
  readonly showHint: (of: number) => void
  readonly reset: () => void
}

const fresh = { answers: {}, chosen: {}, hints: 0 }

export const useLesson = create<Lesson>()((set) => ({
  ...fresh,
  choose: (predict, option) => set((was) => (was.answers[predict] === undefined ? { chosen: { ...was.chosen, [predict]: option } } : was)),
  seal: (predict) => set((was) => {
    const option = was.chosen[predict]
    return option === undefined ? was : { answers: { ...was.answers, [predict]: option } }
  }),
  passOver: (predict) => set((was) => ({ answers: { ...was.answers, [predict]: -1 } })),
  reopen: (predict) => set((was) => {
    const { [predict]: _, ...answers } = was.answers
    return { answers }
  }),
  showHint: (of) => set((was) => ({ hints: Math.min(of, was.hints + 1) })),
  reset: () => set(fresh),
}))
