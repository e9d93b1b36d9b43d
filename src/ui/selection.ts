/** What the learner has pointed at. `key` is the view's own: `b1`, `orders/0`, `orders/0@b2`, a span's id, `shop#8`. */
export type Kind = 'rack' | 'broker' | 'controller' | 'partition' | 'replica' | 'record' | 'producer' | 'consumer' | 'group' | 'admin' | 'toy' | 'span' | 'waiting' | 'link'
export interface Selection { readonly kind: Kind; readonly key: string }
export const isSame = (a: Selection | undefined, b: Selection | undefined): boolean => a?.kind === b?.kind && a?.key === b?.key
