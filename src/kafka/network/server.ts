/**
 * NET-1: a broker works on one request of a connection at a time. The channel is muted when a request is read and unmuted
 * when its response has been sent, a parked one included; what is pipelined behind waits, unread, in the socket.
 * Follows core/.../network/SocketServer.scala#Processor.
 */
import type { Connection, Context, Tagged } from '../../engine/process.ts'

type Handle<State, Request extends Tagged, Ctx extends Context> = (state: State, request: Request, on: Connection, ctx: Ctx) => void

/** A handler of requests: nothing more is read from the connection until `respond` or `dismiss`. */
export const oneAtATime = <State, Request extends Tagged, Ctx extends Context>(handle: Handle<State, Request, Ctx>): Handle<State, Request, Ctx> =>
  (state, request, on, ctx) => {
    ctx.mute(on)
    handle(state, request, on, ctx)
  }

export function respond(on: Connection, response: Tagged, ctx: Context): void {
  ctx.send(on, response)
  ctx.unmute(on)
}

/** Done, without a response (acks=0). */
export const dismiss = (on: Connection, ctx: Context): void => ctx.unmute(on)
