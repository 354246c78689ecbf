import { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AnswerRoom } from './answer-room';
import { cutOff } from './cut-off';
import { Connected, Exchange, exchangeOf, withCommonHeaders } from './exchange';
import { HandlerChain, HandlerChainOptions } from './handler-chain';
import { Reply, statusReply } from './reply';
import { isLongRunning } from './request-info';
import { requestLabels } from './request-labels';
import { RequestTimeout } from './request-timeout';
import { sendReply } from './send-reply';
import { StatusError } from './status';
import { abortable } from '../cluster/deadline';

export interface RequestHandlerOptions extends HandlerChainOptions {
  readonly requestTimeoutMs: number;
  /** For answers that are not read yet. */
  readonly room: AnswerRoom;
}

/** Answers a request whatever becomes of it on its way through the chain: in time, counted, and told in a Status where it fails. */
export class RequestHandler {
  private readonly chain: HandlerChain;

  constructor(private readonly options: RequestHandlerOptions) {
    this.chain = new HandlerChain(options);
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, connected: Connected): Promise<void> {
    const { clock, metrics, requestTimeoutMs, router } = this.options;
    const startedMs = clock.monotonic();
    const timeout = new RequestTimeout(clock, requestTimeoutMs, connected.deadline);
    let isOver = false;
    response.once('close', () => isOver || timeout.abandon());
    const exchange = exchangeOf(request, connected, timeout, clock.now());
    let status: number | undefined;
    try {
      // What is reset in the same breath is not begun.
      await nextTurn();
      timeout.signal.throwIfAborted();
      status = await this.respond(exchange, response);
      metrics.answered(requestLabels(exchange.method, exchange.info, router), status, (clock.monotonic() - startedMs) / 1000);
    } catch (error) {
      // Half of a body may be sent: all that can be said now is that it ends here.
      if (!timeout.signal.aborted) this.unexpected(error, exchange);
      metrics.brokenOff(requestLabels(exchange.method, exchange.info, router));
      cutOff(response);
      status = response.headersSent ? response.statusCode : undefined;
    } finally {
      isOver = true;
      timeout.end();
      exchange.release?.();
    }
    // Last: where events go may be slow, which nobody else is to wait for.
    await exchange.trail?.ended(status);
  }

  /** Sends the reply and returns its status. What fails while a body is made, before any of it is sent, can still be told. */
  private async respond(exchange: Exchange, response: ServerResponse): Promise<number> {
    const { headers, method, timeout, timeout: { signal } } = exchange;
    const send = async (reply: Reply) => {
      await sendReply(response, withCommonHeaders(reply, exchange), {
        acceptsGzip: (headers.first('accept-encoding') ?? '').split(',').some((coding) => coding.trim() === 'gzip'),
        withoutBody: method === 'HEAD',
        room: this.options.room,
        signal,
      });
      return reply.status;
    };
    const reply = await this.reply(exchange);
    if (exchange.info && isLongRunning(exchange.info)) {
      if (!signal.aborted) timeout.renew();
      await exchange.trail?.started(reply.status);
    }
    try {
      return await send(reply);
    } catch (error) {
      if (response.headersSent || signal.aborted) throw error;
      return send(await this.failed(error, exchange));
    }
  }

  private async reply(exchange: Exchange): Promise<Reply> {
    const { timeout: { signal } } = exchange;
    try {
      return await abortable(this.chain.answer(exchange), signal);
    } catch (error) {
      if (signal.aborted && !(error instanceof StatusError)) throw error;
      return this.failed(error, exchange);
    }
  }

  private failed(error: unknown, exchange: Exchange): Promise<Reply> {
    const failure = error instanceof StatusError ? error : this.unexpected(error, exchange);
    exchange.trail?.failed(failure);
    return statusReply(failure, exchange.preferences);
  }

  private unexpected(error: unknown, { trail }: Exchange): StatusError {
    const err = error instanceof Error ? error.message : String(error);
    trail?.panicked(err);
    this.options.logger.error('Unexpected failure of a request', { err });
    return StatusError.internalError('see the log of the server');
  }
}
